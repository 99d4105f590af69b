// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// A topic and its partitions.
final class Topic {
    let name: String
    let id: TopicID
    private(set) var partitions: [Partition]
    /// What was set for this topic alone.
    var settings: TopicSettings {
        didSet { applySettings() }
    }
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
        applySettings()
    }

    /// What holds for the topic's logs.
    private(set) var logSettings = LogSettings()
    /// Bytes of the largest batch that is accepted. Kafka's `max.message.bytes`.
    private(set) var maxMessageBytes = 0
    /// How many replicas must be in sync for `acks=all`. Kafka's `min.insync.replicas`.
    private(set) var minInSyncReplicas = 1

    /// The value that holds: the topic's own, or the broker's.
    func value(_ setting: TopicSetting) -> String { settings[setting] ?? defaults.value(setting) }

    private func applySettings() {
        maxMessageBytes = Int(value(.maxMessageBytes)) ?? defaults.messageMaxBytes
        minInSyncReplicas = Int(value(.minInSyncReplicas)) ?? defaults.minInSyncReplicas
        logSettings = LogSettings(value)
        let mayBeUnclean = value(.uncleanLeaderElection) == "true"
        for partition in partitions {
            for log in partition.logs { log.settings = logSettings }
            partition.replicaSet?.minInSync = minInSyncReplicas
            partition.replicaSet?.mayBeUnclean = mayBeUnclean
        }
    }

    /// Takes over more partitions.
    func add(_ more: [Partition]) {
        partitions += more
        applySettings()
    }

    /// The partition of this number, or nil when there is none.
    func partition(_ index: Int32) -> Partition? {
        partitions.indices.contains(Int(index)) ? partitions[Int(index)] : nil
    }
}
