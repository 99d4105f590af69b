// SPDX-License-Identifier: Apache-2.0

/// Settings of one topic, in place of the broker's. Those that are not there are the broker's.
public struct TopicSettings: Sendable, Hashable {
    /// How many brokers have a copy of each partition. It counts when the topic is made.
    public var replicationFactor: Int?
    private var values: [TopicSetting: String] = [:]

    private static let replicationFactorName = "replication.factor"

    /// Settings of which those that are not given are the broker's.
    public init(maxMessageBytes: Int? = nil, minInSyncReplicas: Int? = nil, replicationFactor: Int? = nil) {
        self.replicationFactor = replicationFactor
        self.maxMessageBytes = maxMessageBytes
        self.minInSyncReplicas = minInSyncReplicas
    }

    /// A setting's value as Kafka writes it; nil for the broker's.
    public subscript(setting: TopicSetting) -> String? {
        get { values[setting] }
        set { values[setting] = newValue }
    }

    /// Bytes of the largest batch that is accepted. Kafka's `max.message.bytes`.
    public var maxMessageBytes: Int? {
        get { values[.maxMessageBytes].flatMap { Int($0) } }
        set { values[.maxMessageBytes] = newValue.map(String.init) }
    }

    /// How many replicas must be in sync for `acks=all`. Kafka's `min.insync.replicas`.
    public var minInSyncReplicas: Int? {
        get { values[.minInSyncReplicas].flatMap { Int($0) } }
        set { values[.minInSyncReplicas] = newValue.map(String.init) }
    }

    /// What is wrong with the settings in a cluster of so many brokers, or nil.
    func objection(brokers: Int) -> String? {
        for (setting, value) in values.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if let objection = setting.objection(to: value) { return objection }
        }
        if let replicationFactor, !(1...brokers).contains(replicationFactor) {
            return "replication.factor is \(replicationFactor) and there are \(brokers) brokers"
        }
        return nil
    }

    /// These settings, and for those that are not there, the others.
    func over(_ others: TopicSettings) -> TopicSettings {
        var settings = self
        settings.replicationFactor = replicationFactor ?? others.replicationFactor
        settings.values.merge(others.values) { own, _ in own }
        return settings
    }

    /// The settings by Kafka's names, as they are kept in a data directory; those of the broker are left out.
    var properties: [String: String] {
        var properties = Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
        properties[Self.replicationFactorName] = replicationFactor.map(String.init)
        return properties
    }

    /// Reads what `properties` gives. What is impossible, because the file was damaged, is left out.
    init(properties: [String: String]) {
        self.init(replicationFactor: properties[Self.replicationFactorName].flatMap { Int($0) })
        for (name, value) in properties {
            guard let setting = TopicSetting(rawValue: name), setting.objection(to: value) == nil else { continue }
            values[setting] = value
        }
    }
}
