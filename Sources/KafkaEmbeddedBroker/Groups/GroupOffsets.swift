// SPDX-License-Identifier: Apache-2.0

/// The offsets of all groups, committed ones and those of open transactions: a value without I/O. It says what is to change,
/// so that this can be written down before it is done.
struct GroupOffsets {
    typealias Place = GroupOffset.Place

    /// One offset that comes, changes or goes.
    struct Change: Hashable {
        var place: Place
        /// The producer of the transaction that it waits for; nil for a committed offset.
        var producerID: Int64?
        /// nil removes it.
        var offset: GroupOffset?
    }

    private var committed: [String: [TransactionPartition: GroupOffset]] = [:]
    private var pending: [Int64: [Place: GroupOffset]] = [:]
    /// The order of the next offset.
    private(set) var nextOrder: Int64 = 0

    /// Whether there is such a group.
    func isKnown(_ group: String) -> Bool {
        committed[group] != nil || pending.values.contains { places in places.keys.contains { $0.group == group } }
    }

    /// The groups that have offsets.
    var groups: Set<String> {
        pending.values.reduce(into: Set(committed.keys)) { groups, places in groups.formUnion(places.keys.map(\.group))
        }
    }

    /// What a group has committed for a partition; nil for nothing.
    func offset(at place: Place) -> GroupOffset? { committed[place.group]?[place.partition] }

    /// The partitions that a group has committed offsets for, sorted.
    func partitions(of group: String) -> [TransactionPartition] { (committed[group] ?? [:]).keys.sorted() }

    /// Whether an open transaction, or one that is decided and not done, has an offset for a partition.
    func isPending(_ place: Place) -> Bool { pending.values.contains { $0[place] != nil } }

    /// What is to change at the end of a producer's transaction.
    ///
    /// - Parameters:
    ///   - producerID: The producer.
    ///   - commits: Whether the transaction is committed.
    ///   - slot: The partition of the internal topic whose groups are meant.
    /// - Returns: The changes, none when the transaction has no offsets there.
    func changes(atEndOf producerID: Int64, commits: Bool, slot: Int32) -> [Change] {
        (pending[producerID] ?? [:]).flatMap { place, offset -> [Change] in
            guard TransactionPartition(offsetsOf: place.group).index == slot else { return [] }
            let removal = Change(place: place, producerID: producerID, offset: nil)
            // What was committed without a transaction after this one holds.
            let isLatest = self.offset(at: place).map { $0.order < offset.order } ?? true
            return commits && isLatest ? [Change(place: place, producerID: nil, offset: offset), removal] : [removal]
        }
    }

    /// What is to change when a topic is deleted.
    func changes(withoutTopic topic: String) -> [Change] {
        removals { $0.partition.topic == topic }
    }

    /// What is to change when a group is deleted.
    func changes(withoutGroup group: String) -> [Change] {
        removals { $0.group == group }
    }

    /// The end of all offsets of some places, and of those that wait for a transaction.
    private func removals(_ isGone: (Place) -> Bool) -> [Change] {
        let ended = committed.flatMap { group, offsets in
            offsets.keys.map { Place(group: group, partition: $0) }.filter(isGone)
                .map { Change(place: $0, producerID: nil, offset: nil) }
        }
        let dropped = pending.flatMap { producerID, places in
            places.keys.filter(isGone).map { Change(place: $0, producerID: producerID, offset: nil) }
        }
        return ended + dropped
    }

    /// What is to change because it was committed before a time, in milliseconds since 1970, and no transaction is open.
    func changes(committedBefore time: Int64) -> [Change] {
        committed.flatMap { group, offsets in
            offsets.compactMap { partition, offset in
                let place = Place(group: group, partition: partition)
                guard offset.time < time, !isPending(place) else { return nil }
                return Change(place: place, producerID: nil, offset: nil)
            }
        }
    }

    /// Does what was said.
    mutating func apply(_ changes: [Change]) {
        for change in changes {
            let place = change.place
            if let offset = change.offset { nextOrder = max(nextOrder, offset.order + 1) }
            if let producerID = change.producerID {
                pending[producerID, default: [:]][place] = change.offset
                if pending[producerID]?.isEmpty == true { pending[producerID] = nil }
            } else {
                committed[place.group, default: [:]][place.partition] = change.offset
                if committed[place.group]?.isEmpty == true { committed[place.group] = nil }
            }
        }
    }
}
