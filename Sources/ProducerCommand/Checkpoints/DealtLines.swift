// SPDX-License-Identifier: Apache-2.0

/// Finds out up to which line all lines of a dead-letter file are dealt with, and how many of these have failed again.
struct DealtLines: Sendable {
    private var tracker = CheckpointTracker()
    /// Failed lines behind one that is not dealt with, in any order.
    private var pending: [UInt64] = []
    private var failed: UInt64
    private var count: UInt64

    /// Goes on behind what `mark` says.
    init(after mark: ResentMark) {
        tracker.skip(to: CheckpointTracker.Mark(record: mark.records, offset: mark.offset))
        failed = mark.failed
        count = mark.records
    }

    /// Takes in the next line, which ends at `end`; returns its number.
    mutating func read(to end: UInt64) -> UInt64 {
        count += 1
        tracker.read(to: CheckpointTracker.Mark(record: count, offset: end))
        return count - 1
    }

    /// The line of this number is delivered, or has failed and is kept.
    mutating func settle(_ number: UInt64, isFailed: Bool) {
        if isFailed { pending.append(number) }
        tracker.settle(count: 1) { _ in number }
    }

    /// Everything before it is dealt with: bytes, lines, and those of them that failed.
    mutating func settled() -> (offset: UInt64, records: UInt64, failed: UInt64) {
        let settled = tracker.settled
        let before = pending.count
        pending.removeAll { $0 < settled.record }
        failed += UInt64(before - pending.count)
        return (settled.offset, settled.record, failed)
    }
}
