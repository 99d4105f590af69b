// SPDX-License-Identifier: Apache-2.0
import NIOEmbedded
import Synchronization
import Testing

@testable import KafkaClient

/// Tasks that run on an event loop.
@Suite("LoopTaskExecutor")
struct LoopTaskExecutorTests {
    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    /// A certificate that was still verified when a load had ended asked a loop that was gone to go on, which wrote a line
    /// of its own to stderr.
    @Test(
        "a task goes on while the gate is open, and asks nothing of the event loop afterwards",
        arguments: [true, false]
    )
    func gate(isOpen: Bool) {
        let loop = EmbeddedEventLoop()
        let gate = LoopGate(loop)
        if !isOpen { gate.close() }
        let flag = Flag()
        Task(executorPreference: LoopTaskExecutor(gate)) { flag.isSet.withLock { $0 = true } }
        loop.run()
        #expect(flag.isSet.withLock { $0 } == isOpen)
    }
}
