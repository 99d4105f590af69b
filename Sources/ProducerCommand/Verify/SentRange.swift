// SPDX-License-Identifier: Apache-2.0

/// Records that were acknowledged together, and what they say.
struct SentRange: Equatable, Sendable {
    /// A topic's partition.
    struct Place: Hashable, Sendable, Comparable, CustomStringConvertible {
        var topic: String
        var partition: Int32

        var description: String { "\(topic)-\(partition)" }

        static func < (left: Self, right: Self) -> Bool {
            (left.topic, left.partition) < (right.topic, right.partition)
        }
    }

    var place: Place
    /// The offsets that the broker has named.
    var offsets: Range<Int64>
    /// Of the records in their order; nil when nobody knows any more what they say.
    var checksum: UInt32?
    /// Whether the broker has set the timestamps, so that they are left out of the checksum.
    var isStampedByBroker: Bool
    /// The number of the first record in the input.
    var firstRecord: UInt64
}
