// SPDX-License-Identifier: Apache-2.0

/// Where in a segment to begin to look for an offset or a timestamp: one entry for every 64 KiB of batches.
struct SparseIndex {
    /// Bytes of batches from one entry to the next, at least.
    static let interval = 64 * 1024

    /// A batch to begin at.
    struct Entry {
        var baseOffset: Int64
        /// Bytes from the start of the segment.
        var position: Int
        /// The largest timestamp of all batches before this one.
        var earlierMaxTimestamp: Int64
    }

    private var entries: [Entry] = []

    /// Takes note of a batch that was appended, if it is far enough from the last entry.
    mutating func note(_ entry: Entry) {
        if let last = entries.last, entry.position - last.position < Self.interval { return }
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
}
