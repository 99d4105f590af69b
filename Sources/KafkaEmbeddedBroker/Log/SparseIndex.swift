// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Where in a segment to begin to look for an offset or a timestamp: one entry for every 64 KiB of batches, and the two
/// files that Kafka keeps of it.
struct SparseIndex {
    /// Bytes of batches from one entry to the next, at least.
    static let interval = 64 * 1024

    /// A batch to begin at.
    struct Entry: Equatable {
        var baseOffset: Int64
        var lastOffset: Int64
        /// Bytes from the start of the segment.
        var position: Int
        /// The largest timestamp of all batches before this one.
        var earlierMaxTimestamp: Int64
        /// The largest timestamp of all batches up to this one, and the last offset of the batch that has it.
        var maxTimestamp: Int64
        var maxTimestampOffset: Int64
    }

    private let interval: Int
    private(set) var entries: [Entry] = []

    init(interval: Int = Self.interval) {
        self.interval = interval
    }

    /// Takes over entries that were noted before.
    init(entries: [Entry]) {
        interval = Self.interval
        self.entries = entries
    }

    /// Takes note of a batch that was appended, if it is far enough from the last entry.
    mutating func note(_ entry: Entry) {
        if let last = entries.last, entry.position - last.position <= interval { return }
        entries.append(entry)
    }

    /// The last entry at or before `offset`: its batch or one after it has the offset.
    func position(atOrBefore offset: Int64) -> Int {
        position { $0.baseOffset <= offset }
    }

    /// The last entry before which all timestamps are smaller than `timestamp`.
    func position(beforeTimestamp timestamp: Int64) -> Int {
        position { $0.earlierMaxTimestamp < timestamp }
    }

    /// Position of the last entry that `holds`, which must be true of a first part of the entries; 0 when there is none.
    private func position(ofLastWhere holds: (Entry) -> Bool) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if holds(entries[middle]) { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : entries[low - 1].position
    }

    // MARK: Files

    /// What `.index` holds: for each entry but that of the first batch the last offset of the batch less the segment's, and
    /// the batch's position, four bytes each.
    func offsetFile(baseOffset: Int64) -> ByteBuffer {
        var file = ByteBuffer()
        for entry in entries where entry.position > 0 {
            file.writeMultipleIntegers(
                Int32(truncatingIfNeeded: entry.lastOffset - baseOffset),
                Int32(truncatingIfNeeded: entry.position)
            )
        }
        return file
    }

    /// What `.timeindex` holds: the largest timestamp so far in eight bytes, and the last offset of its batch less the
    /// segment's in four, for each entry at which the timestamp has grown, and for the segment's end.
    func timeFile(baseOffset: Int64, maxTimestamp: Int64, maxTimestampOffset: Int64) -> ByteBuffer {
        var file = ByteBuffer()
        var last: Int64 = -1
        let ends = entries.filter { $0.position > 0 }.map { ($0.maxTimestamp, $0.maxTimestampOffset) }
        for (timestamp, offset) in ends + [(maxTimestamp, maxTimestampOffset)] where timestamp > last {
            file.writeMultipleIntegers(timestamp, Int32(truncatingIfNeeded: offset - baseOffset))
            last = timestamp
        }
        return file
    }
}
