// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Platform
import Synchronization

/// Writes what others render to a descriptor, on a thread of its own: the event loop never waits for a disk or a pipe.
///
/// Bytes are written in the order in which they came. There are two buffers: one is filled while the other is written.
/// What takes long to render is rendered on the writing thread, in its own order. After a failed write nothing more is
/// written, and a waiting thread goes on.
final class BackgroundWriter: Sendable {
    private struct State {
        var filling: [UInt8] = []
        /// What renders itself later, in order.
        var deferred: [Deferred] = []
        /// The memory that is kept by what renders itself later.
        var deferredBytes = 0
        /// How much is being written.
        var writing = 0
        /// How much was ever appended.
        var appended: UInt64 = 0
        var isAsleep = false
        var isEnding = false
        var hasEnded = false
        var failure: Int32?
        var waiters: [DispatchSemaphore] = []
        var onEnd: CheckedContinuation<Void, Never>?
    }

    /// What renders itself on the writing thread.
    private struct Deferred: Sendable {
        /// The memory that it keeps until then.
        var weight: Int
        var render: @Sendable (inout [UInt8]) -> Void
    }

    /// How much is rendered at once on the writing thread.
    private static let renderedAtOnce = 256 << 10
    /// A buffer that grew larger is not kept.
    private static let keptCapacity = 4 << 20

    private let descriptor: Int32
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let onFailure: @Sendable (Int32) -> Void

    /// - Parameters:
    ///   - descriptor: Where to write; stays open.
    ///   - onFailure: Called once on the writing thread, with the `errno` of the first write that failed.
    init(descriptor: Int32, onFailure: @escaping @Sendable (Int32) -> Void) {
        self.descriptor = descriptor
        self.onFailure = onFailure
        guard !BlockingThread.start({ self.run() }) else { return }
        state.withLock { state in
            state.failure = EAGAIN
            state.hasEnded = true
        }
        onFailure(EAGAIN)
    }

    /// Bytes that wait: those that are rendered and not yet written, and those that are kept to be rendered.
    var backlog: Int { state.withLock { $0.filling.count + $0.writing + $0.deferredBytes } }

    /// All bytes that were ever rendered, if all of them are written and nothing is to be rendered.
    var written: UInt64? {
        state.withLock { state in
            let isIdle = state.filling.isEmpty && state.writing == 0 && state.deferredBytes == 0
            return isIdle && state.failure == nil ? state.appended : nil
        }
    }

    /// Whether a write has failed, so that what was written is not all.
    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    /// Lets `render` append to what is to be written. Does not wait for the writing.
    func append<Failure>(_ render: (inout [UInt8]) throws(Failure) -> Void) throws(Failure) {
        let wakes = try state.withLock { state throws(Failure) in
            guard state.failure == nil else { return false }
            let before = state.filling.count
            try render(&state.filling)
            state.appended += UInt64(state.filling.count - before)
            guard state.isAsleep, !state.filling.isEmpty else { return false }
            state.isAsleep = false
            return true
        }
        if wakes { work.signal() }
    }

    /// Lets `render` append to what is to be written, on the writing thread and after all that was given to be rendered
    /// there before. Does not wait.
    ///
    /// - Parameters:
    ///   - keeping: The memory that `render` keeps until then, in bytes: it counts to the backlog.
    ///   - render: Called once, unless a write fails before.
    func appendLater(keeping: Int, _ render: @escaping @Sendable (inout [UInt8]) -> Void) {
        let weight = max(1, keeping)
        let wakes = state.withLock { state in
            guard state.failure == nil else { return false }
            state.deferred.append(Deferred(weight: weight, render: render))
            state.deferredBytes += weight
            guard state.isAsleep else { return false }
            state.isAsleep = false
            return true
        }
        if wakes { work.signal() }
    }

    /// Blocks the calling thread until something more was written, for a moment at most.
    @available(*, noasync)
    func waitForProgress() {
        let semaphore = DispatchSemaphore(value: 0)
        let hasFailed = state.withLock { state in
            if state.failure == nil { state.waiters.append(semaphore) }
            return state.failure != nil
        }
        if !hasFailed { _ = semaphore.wait(timeout: .now() + .milliseconds(20)) }
    }

    /// Writes what is left and ends the thread.
    func finish() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                state.isEnding = true
                if !state.hasEnded { state.onEnd = continuation }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() } else { work.signal() }
        }
    }

    private enum Step { case write, render, sleep, end }

    private func run() {
        var buffer: [UInt8] = []
        // What is to be rendered next, the first at the end.
        var pending: [Deferred] = []
        while true {
            if buffer.capacity > Self.keptCapacity { buffer = [] }
            buffer.removeAll(keepingCapacity: true)
            let (step, waiters, onEnd) = state.withLock { state in
                let step = self.next(&state, &buffer, &pending)
                defer { state.waiters = [] }
                return (step, state.waiters, step == .end ? state.onEnd.take() : nil)
            }
            for waiter in waiters { waiter.signal() }
            switch step {
            case .sleep: work.wait()
            case .end:
                onEnd?.resume()
                return
            case .render:
                render(&pending, into: &buffer)
                write(buffer, &pending)
            case .write: write(buffer, &pending)
            }
        }
    }

    /// Renders as much as makes a good write. One of them at least, which may be large.
    private func render(_ pending: inout [Deferred], into buffer: inout [UInt8]) {
        var weight = 0
        while buffer.count < Self.renderedAtOnce, let next = pending.popLast() {
            next.render(&buffer)
            weight += next.weight
        }
        state.withLock { state in
            state.deferredBytes -= weight
            state.appended += UInt64(buffer.count)
            state.writing = buffer.count
        }
    }

    private func write(_ buffer: [UInt8], _ pending: inout [Deferred]) {
        guard let code = DescriptorWriter.write(buffer, to: descriptor) else { return }
        pending = []
        state.withLock { state in
            state.failure = code
            state.filling = []
            (state.deferred, state.deferredBytes) = ([], 0)
        }
        onFailure(code)
    }

    private func next(_ state: inout State, _ buffer: inout [UInt8], _ pending: inout [Deferred]) -> Step {
        state.writing = 0
        state.isAsleep = false
        guard state.filling.isEmpty else {
            swap(&buffer, &state.filling)
            state.writing = buffer.count
            return .write
        }
        if pending.isEmpty, !state.deferred.isEmpty {
            swap(&pending, &state.deferred)
            pending.reverse()
        }
        guard pending.isEmpty else { return .render }
        guard !state.isEnding else {
            state.hasEnded = true
            return .end
        }
        state.isAsleep = true
        return .sleep
    }
}
