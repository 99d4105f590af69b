// SPDX-License-Identifier: Apache-2.0

/// Settings of one topic, in place of the broker's. Those that are nil are the broker's.
public struct TopicSettings: Sendable, Hashable {
    /// Bytes of the largest batch that is accepted. Kafka's `max.message.bytes`.
    public var maxMessageBytes: Int?
    /// How many replicas must be in sync for `acks=all`. Kafka's `min.insync.replicas`.
    public var minInSyncReplicas: Int?
    /// How many brokers have a copy of each partition. It counts when the topic is made.
    public var replicationFactor: Int?

    /// Settings of which those that are not given are the broker's.
    public init(maxMessageBytes: Int? = nil, minInSyncReplicas: Int? = nil, replicationFactor: Int? = nil) {
        self.maxMessageBytes = maxMessageBytes
        self.minInSyncReplicas = minInSyncReplicas
        self.replicationFactor = replicationFactor
    }

    /// What is wrong with the settings in a cluster of so many brokers, or nil.
    func objection(brokers: Int) -> String? {
        if let maxMessageBytes, !(0...Int(Int32.max)).contains(maxMessageBytes) {
            return "max.message.bytes is \(maxMessageBytes) and must be 0 to 2147483647"
        }
        if let minInSyncReplicas, !(1...Int(Int32.max)).contains(minInSyncReplicas) {
            return "min.insync.replicas is \(minInSyncReplicas) and must be 1 or more"
        }
        if let replicationFactor, !(1...brokers).contains(replicationFactor) {
            return "replication.factor is \(replicationFactor) and there are \(brokers) brokers"
        }
        return nil
    }

    /// These settings, and for those that are nil, the others.
    func over(_ others: TopicSettings) -> TopicSettings {
        TopicSettings(
            maxMessageBytes: maxMessageBytes ?? others.maxMessageBytes,
            minInSyncReplicas: minInSyncReplicas ?? others.minInSyncReplicas,
            replicationFactor: replicationFactor ?? others.replicationFactor
        )
    }
}

extension TopicSettings {
    /// The settings by Kafka's names, as they are kept in a data directory; those of the broker are left out.
    var properties: [String: String] {
        let values = [
            Name.maxMessageBytes: maxMessageBytes, Name.minInSyncReplicas: minInSyncReplicas,
            Name.replicationFactor: replicationFactor,
        ]
        return values.compactMapValues { $0.map(String.init) }
    }

    /// Reads what `properties` gives.
    init(properties: [String: String]) {
        self.init(
            maxMessageBytes: properties[Name.maxMessageBytes].flatMap { Int($0) },
            minInSyncReplicas: properties[Name.minInSyncReplicas].flatMap { Int($0) },
            replicationFactor: properties[Name.replicationFactor].flatMap { Int($0) }
        )
    }

    /// What Kafka calls the settings.
    enum Name {
        static let maxMessageBytes = "max.message.bytes"
        static let minInSyncReplicas = "min.insync.replicas"
        static let replicationFactor = "replication.factor"
    }
}
