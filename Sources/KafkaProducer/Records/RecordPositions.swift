// SPDX-License-Identifier: Apache-2.0

/// The input positions of a batch's records at 8 bytes a record: distances from the first one.
///
/// Records of a batch are appended in input order, so both distances only grow. A record further than 4 GiB or 2^32
/// records from the batch's first one does not fit; its batch is closed instead.
public struct RecordPositions: Sendable {
    private var base = RecordPosition(line: 0, offset: 0)
    private var distances: [UInt64] = []

    init() {}

    /// None yet, with memory for so many.
    init(capacity: Int) { distances.reserveCapacity(capacity) }

    /// Forgets all positions, keeping their memory for others.
    mutating func removeAll() { distances.removeAll(keepingCapacity: true) }

    /// How many there are.
    public var count: Int { distances.count }

    /// The memory that they hold, in bytes.
    var bytes: Int { distances.capacity * MemoryLayout<UInt64>.stride }

    /// Whether `position` can be kept beside those that are here.
    @inline(__always)
    func accepts(_ position: RecordPosition) -> Bool {
        // What lies before the first one wraps around to a distance that is too large as well.
        distances.isEmpty
            || (position.line &- base.line) | (position.offset &- base.offset) <= UInt64(UInt32.max)
    }

    @inline(__always)
    mutating func append(_ position: RecordPosition) {
        if distances.isEmpty { base = position }
        distances.append((position.line &- base.line) &<< 32 | (position.offset &- base.offset))
    }

    /// The position of the record at `index` within its batch, nil if its appender did not say.
    public subscript(index: Int) -> RecordPosition? {
        guard index >= 0, index < distances.count else { return nil }
        let distance = distances[index]
        return RecordPosition(
            line: base.line &+ distance &>> 32,
            offset: base.offset &+ distance & UInt64(UInt32.max)
        )
    }
}
