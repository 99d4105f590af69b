// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import KafkaProducer

/// Waking the sender once for many reasons.
@Suite("SenderSignal")
struct SenderSignalTests {
    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        var count: Int { value.load(ordering: .relaxed) }
        func add() { value.add(1, ordering: .relaxed) }
    }

    @Test("many wakes before the sender looks are one, and the next one counts again")
    func once() {
        let loop = EmbeddedEventLoop()
        let signal = SenderSignal(eventLoop: loop)
        let counter = Counter()
        signal.set {
            signal.beganRun()
            counter.add()
        }
        for _ in 0..<3 { signal.wake() }
        loop.run()
        #expect(counter.count == 1)
        signal.wake()
        loop.run()
        #expect(counter.count == 2)
        signal.set {}
    }

    /// Each wake once put another layer around the closure: calls grew ever deeper, until they overran the stack.
    @Test("the sender is woken the same way the 300,000th time as the first", .timeLimit(.minutes(10)))
    func staysTheSame() {
        let loop = EmbeddedEventLoop()
        let signal = SenderSignal(eventLoop: loop)
        let counter = Counter()
        signal.set {
            signal.beganRun()
            counter.add()
        }
        for _ in 0..<300_000 {
            signal.wake()
            loop.run()
        }
        #expect(counter.count == 300_000)
        signal.set {}
    }

    @Test("a sender that will look in time anyhow is not woken")
    func timer() {
        let loop = EmbeddedEventLoop()
        let signal = SenderSignal(eventLoop: loop)
        let counter = Counter()
        signal.set { counter.add() }
        signal.beganRun()
        signal.setTimer()
        signal.wakeUnlessTimerIsSet()
        loop.run()
        #expect(counter.count == 0)
        signal.wake()
        loop.run()
        #expect(counter.count == 1)
        signal.beganRun()
        signal.wakeUnlessTimerIsSet()
        loop.run()
        #expect(counter.count == 2)
    }

    @Test("a pass that has begun since answers a wake, and one after it does not")
    func pending() {
        let loop = EmbeddedEventLoop()
        let signal = SenderSignal(eventLoop: loop)
        #expect(!signal.isPending)
        signal.wake()
        #expect(signal.isPending)
        signal.beganRun()
        #expect(!signal.isPending)
        signal.wake()
        #expect(signal.isPending)
    }

    @Test("before there is a sender, waking does nothing")
    func nobody() {
        let loop = EmbeddedEventLoop()
        SenderSignal(eventLoop: loop).wake()
        loop.run()
    }
}
