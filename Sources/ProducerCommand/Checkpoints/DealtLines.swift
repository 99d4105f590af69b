// SPDX-License-Identifier: Apache-2.0

/// Finds out up to which line all lines of a dead-letter file are dealt with, and how many of these have failed again.
///
/// Lines are numbered from 0 in their file, the empty ones too. They are taken in a piece of the file at a time, and a batch
/// may be settled before the piece of its lines is taken in.
struct DealtLines: Sendable {
    private var tracker = CheckpointTracker()
    /// Failed lines behind one that is not dealt with, in any order.
    private var pending: [UInt64] = []
    /// What an earlier run has dealt with, and what was found of this one.
    private var known: (offset: UInt64, records: UInt64, failed: UInt64)
    /// How many records lie before the ends of the pieces that were taken in.
    private var pieces: [(end: UInt64, records: UInt64)] = []
    private var end: UInt64 = 0
    private var records: UInt64

    /// Goes on behind what `mark` says; the lines before that are read all the same.
    init(after mark: ResentMark) {
        known = (mark.offset, mark.records, mark.failed)
        records = mark.records
    }

    /// All lines before `mark` are read; of those since the last time, so many have a record that is to be sent.
    mutating func read(to mark: CheckpointTracker.Mark, records new: UInt64) {
        guard mark.record > end else { return }
        records += new
        let passed = mark.record - end - min(new, mark.record - end)
        tracker.read(to: mark, settled: passed)
        pieces.append((mark.record, records))
        end = mark.record
    }

    /// So many lines, whose numbers `number(0)`, `number(1)` and so on ascend, are delivered, or have failed and are kept.
    mutating func settle(count: Int, isFailed: Bool, number: (Int) -> UInt64) {
        if isFailed { for index in 0..<count { pending.append(number(index)) } }
        tracker.settle(count: count, record: number)
    }

    /// Everything before it is dealt with: bytes, records, and those of them that failed.
    mutating func settled() -> (offset: UInt64, records: UInt64, failed: UInt64) {
        let settled = tracker.settled
        guard let count = pieces.firstIndex(where: { $0.end > settled.record }) ?? Optional(pieces.count), count > 0
        else { return known }
        known.offset = max(known.offset, settled.offset)
        known.records = pieces[count - 1].records
        pieces.removeFirst(count)
        guard !pending.isEmpty else { return known }
        let before = pending.count
        pending.removeAll { $0 < settled.record }
        known.failed += UInt64(before - pending.count)
        return known
    }
}
