// SPDX-License-Identifier: Apache-2.0

/// Finds out up to where the inputs are settled without a gap, while batches settle in any order.
///
/// The inputs are cut where the reader ends a chunk, and each piece counts its records that are not settled. A batch's
/// records come in input order, so a batch costs a search for each piece it touches and nothing for each record. Of a
/// piece, all is settled or nothing is, but for one case: up to the first lost record everything else may be.
struct CheckpointTracker: Sendable {
    /// A place between two records: how many records, and how many bytes, all inputs held before it.
    struct Mark: Equatable, Sendable {
        var record: UInt64
        var offset: UInt64

        static let start = Mark(record: 0, offset: 0)
    }

    struct Piece: Sendable {
        var end: Mark
        var unsettled: UInt64
    }

    /// Everything before it is settled.
    private(set) var settled = Mark.start
    /// Pieces that are read, in order, the first of them with something unsettled.
    private(set) var pieces: [Piece] = []
    /// Pieces at the front that are done with.
    private(set) var gone = 0
    /// Where the piece that is being read began.
    private var begin = Mark.start
    /// How many records of that piece are settled already.
    private var early: UInt64 = 0
    /// The first record that must be sent again.
    private var barrier: Mark?

    /// The reader has handed over or refused everything before `mark`.
    mutating func read(to mark: Mark) {
        guard mark != begin else { return }
        // Behind a barrier nothing matters any more.
        if barrier.map({ begin.record <= $0.record }) ?? true {
            pieces.append(Piece(end: mark, unsettled: mark.record - begin.record - early))
        }
        (begin, early) = (mark, 0)
        advance()
    }

    /// The reader goes on at `mark`: what lies between was settled by an earlier run.
    mutating func skip(to mark: Mark) { read(to: mark, settled: mark.record - begin.record) }

    /// The same, where so many of the records since the last time are settled already.
    mutating func read(to mark: Mark, settled: UInt64) {
        early += settled
        read(to: mark)
    }

    /// So many records, whose numbers over all inputs are `record(0)`, `record(1)` and so on in ascending order, are
    /// delivered, or kept elsewhere.
    mutating func settle(count: Int, record: (Int) -> UInt64) {
        var index = 0
        while index < count {
            let first = record(index)
            guard first < begin.record else {
                early += UInt64(count - index)
                break
            }
            guard let piece = piece(of: first) else {
                index += 1
                continue
            }
            let end = pieces[piece].end.record
            let next = Self.firstIndex(in: index..<count) { record($0) >= end }
            pieces[piece].unsettled -= min(pieces[piece].unsettled, UInt64(next - index))
            index = next
        }
        advance()
    }

    /// The record at `mark` failed and is kept nowhere: a later run has to begin with it.
    mutating func lose(_ mark: Mark) {
        // It counts as dealt with, so that the piece's other records can complete it.
        if barrier.map({ mark.record < $0.record }) ?? true { barrier = mark }
        settle(count: 1) { _ in mark.record }
    }

    private mutating func advance() {
        while gone < pieces.count, pieces[gone].unsettled == 0 {
            let end = pieces[gone].end
            if let barrier, barrier.record < end.record {
                settled = barrier
                return
            }
            settled = end
            gone += 1
        }
        guard gone > 64, gone > pieces.count / 2 else { return }
        pieces.removeFirst(gone)
        gone = 0
    }

    private func piece(of record: UInt64) -> Int? {
        let index = Self.firstIndex(in: gone..<pieces.count) { pieces[$0].end.record > record }
        return index < pieces.count ? index : nil
    }

    /// The first index that fits, when all after it fit too; the range's end when none does.
    private static func firstIndex(in range: Range<Int>, where fits: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if fits(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
