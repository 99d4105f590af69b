// SPDX-License-Identifier: Apache-2.0

/// The tags of a batch's records at 8 bytes a record: distances from the first one.
///
/// A tag of which a number is smaller than the first one's, or larger by 2^32, does not fit; its batch is closed instead.
public struct RecordTags: Sendable {
    private var base = RecordTag(number: 0, offset: 0)
    private var distances: [UInt64] = []

    init() {}

    /// None yet, with memory for so many.
    init(capacity: Int) { distances.reserveCapacity(capacity) }

    /// Forgets all tags, keeping their memory for others.
    mutating func removeAll() { distances.removeAll(keepingCapacity: true) }

    /// How many there are.
    public var count: Int { distances.count }

    /// The memory that they hold, in bytes.
    var bytes: Int { distances.capacity * MemoryLayout<UInt64>.stride }

    /// Whether `tag` can be kept beside those that are here.
    @inline(__always)
    func accepts(_ tag: RecordTag) -> Bool {
        // What lies before the first one wraps around to a distance that is too large as well.
        distances.isEmpty
            || (tag.number &- base.number) | (tag.offset &- base.offset) <= UInt64(UInt32.max)
    }

    @inline(__always)
    mutating func append(_ tag: RecordTag) {
        if distances.isEmpty { base = tag }
        distances.append((tag.number &- base.number) &<< 32 | (tag.offset &- base.offset))
    }

    /// The tag of the record at `index` within its batch, nil if its appender did not say.
    public subscript(index: Int) -> RecordTag? {
        guard index >= 0, index < distances.count else { return nil }
        let distance = distances[index]
        return RecordTag(
            number: base.number &+ distance &>> 32,
            offset: base.offset &+ distance & UInt64(UInt32.max)
        )
    }
}
