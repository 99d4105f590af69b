// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// When there is something to send.
@Suite("PartitionQueue")
struct PartitionQueueTests {
    private let queue = PartitionQueue.test()
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func find(
        after time: TimeAmount,
        isUrgent: Bool = false,
        leaderEpoch: Int32 = -1
    ) -> BatchReadiness.Finding {
        let moment = BatchReadiness.Moment(now: start + time, isUrgent: isUrgent, leaderEpoch: leaderEpoch)
        return BatchReadiness(linger: .milliseconds(5)).find(in: queue, moment).finding
    }

    private func put(open value: String) {
        queue.state.withLock { state in state.open = queue.openBatch(of: [value], createdAt: start) }
    }

    private func put(closed batch: ProducerBatch) {
        queue.state.withLock { state in state.closed = [batch] }
    }

    @Test("an empty queue has nothing, also in a hurry")
    func empty() {
        #expect(find(after: .hours(1), isUrgent: true) == .empty)
    }

    @Test("an open batch lingers from its first record on")
    func lingers() {
        put(open: "a")
        #expect(find(after: .zero) == .notBefore(start + .milliseconds(5)))
        #expect(find(after: .microseconds(4_999)) == .notBefore(start + .milliseconds(5)))
        #expect(find(after: .milliseconds(5)) == .ready)
    }

    @Test("in a hurry nothing lingers")
    func urgent() {
        put(open: "a")
        #expect(find(after: .zero, isUrgent: true) == .ready)
    }

    @Test("a closed batch is ready as soon as it is sealed")
    func sealed() {
        let batch = ProducerBatch(closing: queue.openBatch(of: ["a"], createdAt: start), queue: queue)
        put(closed: batch)
        #expect(find(after: .zero) == .inWork)
        #expect(find(after: .zero, isUrgent: true) == .inWork)
        if let contents = batch.takeContents() { batch.becameSealed(.success(contents.sealed())) }
        #expect(find(after: .zero) == .ready)
    }

    @Test("a batch that is to be sent again waits for its backoff, and holds up those behind it")
    func backoff() {
        let batch = queue.batch(of: ["a"], createdAt: start)
        batch.retryAt = start + .milliseconds(100)
        put(closed: batch)
        put(open: "b")
        #expect(find(after: .milliseconds(50), isUrgent: true) == .notBefore(start + .milliseconds(100)))
        #expect(find(after: .milliseconds(100)) == .ready)
    }

    @Test("a new leader ends the backoff (KIP-951)")
    func newLeader() {
        let batch = queue.batch(of: ["a"], createdAt: start)
        batch.retryAt = start + .milliseconds(100)
        batch.lastLeaderEpoch = 4
        put(closed: batch)
        #expect(find(after: .zero, leaderEpoch: 4) == .notBefore(start + .milliseconds(100)))
        #expect(find(after: .zero, leaderEpoch: 3) == .notBefore(start + .milliseconds(100)))
        #expect(find(after: .zero, leaderEpoch: 5) == .ready)
    }

    @Test("a batch that a thread appends to counts and lingers as if it lay here, and is asked for once it is due")
    func borrowed() {
        put(open: "a")
        var batch = queue.state.withLock { $0.borrowOpenBatch() }
        let count = queue.state.withLock { $0.count }
        #expect(count == 1)
        #expect(find(after: .zero) == .notBefore(start + .milliseconds(5)))
        let isWantedEarly = queue.state.withLock { $0.giveBack(batch.take()) }
        #expect(!isWantedEarly)
        batch = queue.state.withLock { $0.borrowOpenBatch() }
        #expect(find(after: .milliseconds(5)) == .ready)
        queue.state.withLock { $0.wantBorrowedBatch() }
        let isWanted = queue.state.withLock { $0.giveBack(batch.take()) }
        #expect(isWanted)
        #expect(find(after: .milliseconds(5)) == .ready)
    }

    @Test("a batch that a thread has opened is known while it is filled, and gone if it comes to nothing")
    func openedByThread() {
        #expect(queue.state.withLock { $0.openedBatch(at: start) })
        #expect(find(after: .zero) == .notBefore(start + .milliseconds(5)))
        let isWanted = queue.state.withLock { $0.giveBack(nil) }
        #expect(!isWanted)
        #expect(find(after: .hours(1)) == .empty)
    }

    @Test("whoever must close a batch that a thread has is woken when it is back")
    func closesBorrowed() {
        put(open: "a")
        var batch = queue.state.withLock { $0.borrowOpenBatch() }
        let isClosed = queue.state.withLock { $0.closeOpenBatch(of: queue) != nil }
        #expect(!isClosed)
        let isWanted = queue.state.withLock { $0.giveBack(batch.take()) }
        #expect(isWanted)
        let closed = queue.state.withLock { $0.closeOpenBatch(of: queue) }
        #expect(closed?.recordCount == 1)
    }

    @Test("batches that wait are counted, the open one too")
    func count() {
        put(open: "a")
        put(closed: queue.batch(of: ["b"]))
        let count = queue.state.withLock { $0.count }
        #expect(count == 2)
    }

    @Test("a thread wakes the sender for what cannot linger, and leaves the rest to its timer")
    func wakes() {
        let lingering = BatchReadiness(linger: .milliseconds(5))
        let hasty = BatchReadiness(linger: .zero)
        for readiness in [lingering, hasty] {
            #expect(readiness.wake(.closed) == .now)
            #expect(readiness.wake(.grown) == .now)
            #expect(readiness.wake([]) == .notAtAll)
        }
        #expect(lingering.wake(.opened) == .unlessTimerIsSet)
        #expect(hasty.wake(.opened) == .now)
    }

    @Test("a timer within linger.ms is early enough for any batch that is opened later, and none is without a linger")
    func timer() {
        let lingering = BatchReadiness(linger: .milliseconds(5))
        #expect(lingering.covers(batchesOpenedAfter: start, until: start + .milliseconds(5)))
        #expect(!lingering.covers(batchesOpenedAfter: start, until: start + .microseconds(5_001)))
        #expect(!BatchReadiness(linger: .zero).covers(batchesOpenedAfter: start, until: start))
    }
}
