// SPDX-License-Identifier: Apache-2.0

/// A partition that belongs to a transaction.
struct TransactionPartition: Hashable, Comparable {
    /// The internal topic that stands for the offsets of groups.
    static let offsetsTopic = "__consumer_offsets"

    var topic: String
    var index: Int32

    init(_ topic: String, _ index: Int32) {
        self.topic = topic
        self.index = index
    }

    /// Where the offsets of a group are.
    init(offsetsOf group: String) {
        self.init(Self.offsetsTopic, CoordinatorKey(kind: .group, name: group).slot.partition)
    }

    /// Whether it stands for the offsets of groups.
    var holdsOffsets: Bool { topic == Self.offsetsTopic }

    static func < (first: Self, second: Self) -> Bool {
        (first.topic, first.index) < (second.topic, second.index)
    }
}
