// SPDX-License-Identifier: Apache-2.0
package import NIOCore
import Synchronization

/// Brings other threads' results to an event loop, until that ends: an event loop that has ended takes no more work.
package final class LoopGate: Sendable {
    /// What is expected from another thread; see ``expect(orElse:)``.
    struct Expectation: Sendable, Hashable {
        fileprivate let number: Int
    }

    private struct State {
        var isOpen = true
        var count = 0
        var expectations: [Expectation: @Sendable () -> Void] = [:]
    }

    package let eventLoop: any EventLoop
    private let state = Mutex(State())

    package init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Runs `work` on the event loop soon; after ``close()`` it is dropped.
    func execute(_ work: @escaping @Sendable () -> Void) {
        // The lock keeps the event loop from ending in between.
        state.withLock { state in
            if state.isOpen { eventLoop.execute(work) }
        }
    }

    /// Expects a result from another thread.
    ///
    /// - Parameter loss: What is done in its place if the gate closes first, while the event loop still runs. Called at once if
    ///   the gate is closed already.
    /// - Returns: What ``meet(_:_:)`` is to be called with.
    func expect(orElse loss: @escaping @Sendable () -> Void) -> Expectation {
        let expectation = state.withLock { state -> Expectation? in
            state.count += 1
            guard state.isOpen else { return nil }
            let expectation = Expectation(number: state.count)
            state.expectations[expectation] = loss
            return expectation
        }
        guard let expectation else {
            loss()
            return Expectation(number: 0)
        }
        return expectation
    }

    /// Runs `work` on the event loop soon, unless what was expected was given up.
    func meet(_ expectation: Expectation, _ work: @escaping @Sendable () -> Void) {
        state.withLock { state in
            guard state.expectations.removeValue(forKey: expectation) != nil else { return }
            eventLoop.execute(work)
        }
    }

    /// Nothing comes through any more. To be called on the event loop.
    func close() {
        let losses = state.withLock { state in
            defer { (state.isOpen, state.expectations) = (false, [:]) }
            return Array(state.expectations.values)
        }
        for loss in losses { loss() }
    }
}
