// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

@testable import ProducerCommand

/// How far inputs are settled without a gap, whatever the order in which batches settle.
@Suite("Checkpoint tracker")
struct CheckpointTrackerTests {
    private typealias Mark = CheckpointTracker.Mark

    /// Record `n` begins at byte `10 n`.
    private func mark(_ record: Int) -> Mark { Mark(record: UInt64(record), offset: UInt64(record) * 10) }

    @Test("a piece counts once all its records are settled, and not before those in front of it")
    func order() {
        var tracker = CheckpointTracker()
        tracker.read(to: mark(3))
        tracker.read(to: mark(5))
        tracker.settle(count: 2) { [3, 4][$0] }
        #expect(tracker.settled == mark(0))
        tracker.settle(count: 2) { [0, 2][$0] }
        #expect(tracker.settled == mark(0))
        tracker.settle(count: 1) { _ in 1 }
        #expect(tracker.settled == mark(5))
        #expect(tracker.pieces.count == tracker.gone)
    }

    @Test("answers that come while their piece is still being read count")
    func early() {
        var tracker = CheckpointTracker()
        tracker.settle(count: 2) { [0, 1][$0] }
        #expect(tracker.settled == mark(0))
        tracker.read(to: mark(2))
        #expect(tracker.settled == mark(2))
    }

    @Test("a lost record is never passed, and everything in front of it is")
    func lost() {
        var tracker = CheckpointTracker()
        tracker.read(to: mark(10))
        tracker.lose(mark(4))
        tracker.settle(count: 9) { [0, 1, 2, 3, 5, 6, 7, 8, 9][$0] }
        #expect(tracker.settled == mark(4))
        tracker.read(to: mark(20))
        tracker.settle(count: 10) { UInt64(10 + $0) }
        #expect(tracker.settled == mark(4))
        #expect(tracker.pieces.count == tracker.gone + 1)
    }

    @Test("what an earlier run has delivered is passed at once, and only in its turn")
    func skipping() {
        var tracker = CheckpointTracker()
        tracker.skip(to: mark(100))
        #expect(tracker.settled == mark(100))
        tracker.read(to: mark(101))
        tracker.skip(to: mark(200))
        #expect(tracker.settled == mark(100))
        tracker.settle(count: 1) { _ in 100 }
        #expect(tracker.settled == mark(200))
    }

    @Test(
        "in random orders nothing unsettled is ever passed, and in the end everything is",
        arguments: 0..<60 as Range<UInt64>
    )
    func randomOrders(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var tracker = CheckpointTracker()
        let count = 400
        var isSettled = [Bool](repeating: false, count: count)
        let lost = Bool.random(using: &random) ? Int.random(in: 0..<count, using: &random) : nil
        var handedOver = 0
        var batches: [[Int]] = [[], [], [], []]
        func settle(_ batch: [Int]) {
            if let lost, batch.contains(lost) { tracker.lose(mark(lost)) }
            let rest = batch.filter { $0 != lost }
            tracker.settle(count: rest.count) { UInt64(rest[$0]) }
            for record in batch { isSettled[record] = record != lost }
        }
        while handedOver < count || batches.contains(where: { !$0.isEmpty }) {
            let partition = Int.random(in: 0..<4, using: &random)
            if handedOver < count, Int.random(in: 0..<3, using: &random) > 0 {
                batches[partition].append(handedOver)
                handedOver += 1
                if Int.random(in: 0..<9, using: &random) == 0 || handedOver == count {
                    tracker.read(to: mark(handedOver))
                }
            } else {
                settle(batches[partition])
                batches[partition] = []
            }
            let passed = Int(tracker.settled.record)
            #expect(isSettled[..<passed].allSatisfy { $0 }, "seed \(seed)")
        }
        #expect(tracker.settled == mark(lost ?? count), "seed \(seed)")
    }
}
