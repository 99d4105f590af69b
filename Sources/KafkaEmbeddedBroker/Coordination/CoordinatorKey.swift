// SPDX-License-Identifier: Apache-2.0

/// What a broker coordinates: a consumer group or a transactional id.
struct CoordinatorKey: Hashable {
    /// The numbers are those of FindCoordinator.
    enum Kind: Int8, Hashable {
        case group = 0
        case transaction = 1
    }

    /// What stands for all keys that are coordinated together: a partition of Kafka's internal topic.
    struct Slot: Hashable {
        var kind: Kind
        var partition: Int32
    }

    /// How many partitions the internal topics have. Kafka's `offsets.topic.num.partitions`.
    private static let partitions: Int32 = 50

    var kind: Kind
    var name: String

    /// The internal topic's partition: its leader coordinates.
    var slot: Slot {
        let hash = Self.javaHash(of: name)
        return Slot(kind: kind, partition: hash == .min ? 0 : abs(hash) % Self.partitions)
    }

    /// The hash that Java has for a text.
    private static func javaHash(of text: String) -> Int32 {
        text.utf16.reduce(0) { $0 &* 31 &+ Int32($1) }
    }
}
