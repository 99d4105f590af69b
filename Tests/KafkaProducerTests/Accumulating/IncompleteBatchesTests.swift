// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing

@testable import KafkaProducer

/// What flushing waits for.
@Suite("IncompleteBatches")
struct IncompleteBatchesTests {
    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isSet: Bool { state.withLock { $0 } }
        func set() { state.withLock { $0 = true } }
    }

    private let incomplete = IncompleteBatches()

    private func flush() -> Flag {
        let flag = Flag()
        incomplete.whenComplete { flag.set() }
        return flag
    }

    @Test("with nothing open there is nothing to wait for")
    func empty() {
        #expect(flush().isSet)
        incomplete.completed(incomplete.opened())
        #expect(flush().isSet)
    }

    @Test("a flush waits for all batches that are open, whichever ends last")
    func waitsForAll() {
        let first = incomplete.opened()
        let second = incomplete.opened()
        let flag = flush()
        #expect(incomplete.count == 2)
        incomplete.completed(second)
        #expect(!flag.isSet)
        incomplete.completed(first)
        #expect(flag.isSet)
    }

    @Test("a flush does not wait for batches opened later")
    func notForLater() {
        let first = incomplete.opened()
        let flag = flush()
        _ = incomplete.opened()
        let later = flush()
        incomplete.completed(first)
        #expect(flag.isSet)
        #expect(!later.isSet)
    }

    @Test("a flush waits for all parts of a batch that was divided")
    func waitsForParts() {
        let batch = incomplete.opened()
        let flag = flush()
        incomplete.divided(batch, into: 2)
        incomplete.completed(batch)
        #expect(!flag.isSet)
        incomplete.completed(batch)
        #expect(!flag.isSet)
        incomplete.completed(batch)
        #expect(flag.isSet)
        #expect(incomplete.count == 0)
    }

    @Test("completing a batch twice does no harm")
    func twice() {
        let batch = incomplete.opened()
        let other = incomplete.opened()
        let flag = flush()
        incomplete.completed(batch)
        incomplete.completed(batch)
        #expect(!flag.isSet)
        incomplete.completed(other)
        #expect(flag.isSet)
    }
}
