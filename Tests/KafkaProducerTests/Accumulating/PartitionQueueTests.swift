// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// When there is something to send.
@Suite("PartitionQueue")
struct PartitionQueueTests {
    private let queue = PartitionQueue.test()
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func look(
        after time: TimeAmount,
        isUrgent: Bool = false,
        leaderEpoch: Int32 = -1
    ) -> PartitionQueue.Readiness {
        let rule = PartitionQueue.ReadinessRule(
            now: start + time,
            linger: .milliseconds(5),
            isUrgent: isUrgent,
            leaderEpoch: leaderEpoch
        )
        return queue.readiness(rule).0
    }

    private func put(open value: String) {
        queue.state.withLock { state in state.open = queue.openBatch(of: [value], createdAt: start) }
    }

    private func put(closed batch: ProducerBatch) {
        queue.state.withLock { state in state.closed = [batch] }
    }

    @Test("an empty queue has nothing, also in a hurry")
    func empty() {
        #expect(look(after: .hours(1), isUrgent: true) == .empty)
    }

    @Test("an open batch lingers from its first record on")
    func lingers() {
        put(open: "a")
        #expect(look(after: .zero) == .notBefore(start + .milliseconds(5)))
        #expect(look(after: .microseconds(4_999)) == .notBefore(start + .milliseconds(5)))
        #expect(look(after: .milliseconds(5)) == .ready)
    }

    @Test("in a hurry nothing lingers")
    func urgent() {
        put(open: "a")
        #expect(look(after: .zero, isUrgent: true) == .ready)
    }

    @Test("a closed batch is ready as soon as it is sealed")
    func sealed() {
        let batch = ProducerBatch(closing: queue.openBatch(of: ["a"], createdAt: start), queue: queue)
        put(closed: batch)
        #expect(look(after: .zero) == .sealing)
        #expect(look(after: .zero, isUrgent: true) == .sealing)
        if let contents = batch.takeContents() { batch.becameSealed(.success(contents.sealed())) }
        #expect(look(after: .zero) == .ready)
    }

    @Test("a batch that is to be sent again waits for its backoff, and holds up those behind it")
    func backoff() {
        let batch = queue.batch(of: ["a"], createdAt: start)
        batch.retryAt = start + .milliseconds(100)
        put(closed: batch)
        put(open: "b")
        #expect(look(after: .milliseconds(50), isUrgent: true) == .notBefore(start + .milliseconds(100)))
        #expect(look(after: .milliseconds(100)) == .ready)
    }

    @Test("a new leader ends the backoff (KIP-951)")
    func newLeader() {
        let batch = queue.batch(of: ["a"], createdAt: start)
        batch.retryAt = start + .milliseconds(100)
        batch.lastLeaderEpoch = 4
        put(closed: batch)
        #expect(look(after: .zero, leaderEpoch: 4) == .notBefore(start + .milliseconds(100)))
        #expect(look(after: .zero, leaderEpoch: 3) == .notBefore(start + .milliseconds(100)))
        #expect(look(after: .zero, leaderEpoch: 5) == .ready)
    }

    @Test("batches that wait are counted, the open one too")
    func count() {
        put(open: "a")
        put(closed: queue.batch(of: ["b"]))
        let count = queue.state.withLock { $0.count }
        #expect(count == 2)
    }
}
