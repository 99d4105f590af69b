// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Synchronization

/// Brings other threads' results to an event loop, until that ends: an event loop that has ended takes no more work.
final class LoopGate: Sendable {
    private let eventLoop: any EventLoop
    private let isOpen = Mutex(true)

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Runs `work` on the event loop soon; after ``close()`` it is dropped.
    func execute(_ work: @escaping @Sendable () -> Void) {
        // The lock keeps the event loop from ending in between.
        isOpen.withLock { isOpen in
            if isOpen { eventLoop.execute(work) }
        }
    }

    /// Nothing comes through any more.
    func close() { isOpen.withLock { $0 = false } }
}
