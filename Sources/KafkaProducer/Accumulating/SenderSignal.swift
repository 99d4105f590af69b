// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Synchronization

/// Wakes the sender on its event loop, once for many reasons.
final class SenderSignal: Sendable {
    private let eventLoop: any EventLoop
    private let pending = Atomic<Bool>(false)
    private let timerIsSet = Atomic<Bool>(false)
    private let action = Mutex<Action?>(nil)

    /// A closure in a struct, since a bare one would get another layer of thunks with every use of the `Mutex`: the
    /// generic storage of the `Mutex` holds closures in another form, which each access converts to and fro.
    private struct Action: Sendable {
        let run: @Sendable () -> Void
    }

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// What waking does; set once, before any thread appends. The action holds the sender, which holds this signal:
    /// ``clear()`` parts them.
    func set(action: @escaping @Sendable () -> Void) {
        self.action.withLock { $0 = Action(run: action) }
    }

    /// Waking does nothing any more: the sender has ended.
    func clear() {
        action.withLock { $0 = nil }
    }

    /// Has the sender make a pass soon.
    func wake() {
        guard !pending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // The lock keeps the event loop from ending in between.
        action.withLock { action in
            if let action { eventLoop.execute(action.run) }
        }
    }

    /// Whether a pass was asked for and has not begun.
    var isPending: Bool { pending.load(ordering: .sequentiallyConsistent) }

    /// Has the sender make a pass soon, unless its timer starts one within `linger.ms` anyhow.
    ///
    /// A batch opened now lingers at least as long as any that the timer was set for. The sender takes the mark back
    /// before it passes over the queues. So a thread that sees the mark has opened its batch before that pass.
    func wakeUnlessTimerIsSet() {
        if !timerIsSet.load(ordering: .sequentiallyConsistent) { wake() }
    }

    /// The sender begins a pass.
    func beganRun() {
        timerIsSet.store(false, ordering: .sequentiallyConsistent)
        pending.store(false, ordering: .sequentiallyConsistent)
    }

    /// The sender's timer starts the next pass within `linger.ms`.
    func setTimer() {
        timerIsSet.store(true, ordering: .sequentiallyConsistent)
    }
}
