// SPDX-License-Identifier: Apache-2.0

/// The values of `partitioner.class` that mean something here, former classes of the Java client among them.
enum PartitionerName: String, CaseIterable {
    case roundRobin = "org.apache.kafka.clients.producer.RoundRobinPartitioner"
    /// Removed in Kafka 4; what it did is the built-in behaviour.
    case `default` = "org.apache.kafka.clients.producer.internals.DefaultPartitioner"
    /// Removed in Kafka 4; what it did is the built-in behaviour with `partitioner.ignore.keys=true`.
    case uniformSticky = "org.apache.kafka.clients.producer.UniformStickyPartitioner"

    /// Finds a partitioner by its class name, with or without the package.
    init?(named name: String) {
        // The default one was public for a time, and guides name it without `internals`.
        let publicDefault = "org.apache.kafka.clients.producer.DefaultPartitioner"
        let found = Self.allCases.first { $0.rawValue == name || $0.shortName == name }
        guard let found = found ?? (name == publicDefault ? .default : nil) else { return nil }
        self = found
    }

    /// The class name without its package.
    var shortName: String { String(rawValue.split(separator: ".").last ?? "") }

    /// What a former class means here, as a sentence; nil for a class that there is.
    var meaning: String? {
        let meaning: String
        switch self {
        case .roundRobin: return nil
        case .default: meaning = "the built-in partitioner"
        case .uniformSticky: meaning = "the built-in partitioner with partitioner.ignore.keys=true"
        }
        return "\(shortName) was removed in Kafka 4; it means here: \(meaning)"
    }
}
