// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// A topic and its partitions.
final class Topic {
    let name: String
    let id: TopicID
    let partitions: [Partition]
    /// What was set for this topic alone.
    var settings: TopicSettings
    private let defaults: EmbeddedBroker.Configuration

    init(
        name: String,
        id: TopicID,
        partitions: [Partition],
        settings: TopicSettings,
        defaults: EmbeddedBroker.Configuration
    ) {
        self.name = name
        self.id = id
        self.partitions = partitions
        self.settings = settings
        self.defaults = defaults
    }

    /// Bytes of the largest batch that is accepted. Kafka's `max.message.bytes`.
    var maxMessageBytes: Int { settings.maxMessageBytes ?? defaults.messageMaxBytes }
    /// How many replicas must be in sync for `acks=all`. Kafka's `min.insync.replicas`.
    var minInSyncReplicas: Int { settings.minInSyncReplicas ?? defaults.minInSyncReplicas }

    /// The partition of this number, or nil when there is none.
    func partition(_ index: Int32) -> Partition? {
        partitions.indices.contains(Int(index)) ? partitions[Int(index)] : nil
    }
}
