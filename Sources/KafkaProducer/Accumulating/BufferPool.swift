// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Dispatch
import NIOCore
import Synchronization

/// The memory of a producer: no more than `buffer.memory` bytes are out at a time, and batch buffers are used again.
///
/// A thread or task that finds the pool empty may wait. Waiters get the memory that comes back, first come, first served.
final class BufferPool: Sendable {
    /// Whom to wake when memory was granted, or when waiting ended without it.
    enum Waiter: Sendable {
        case thread(Wakeup)
        case task(CheckedContinuation<Grant, Never>)
    }

    /// How a wait ended.
    enum Grant: Sendable, Equatable {
        /// So many bytes are reserved for the one who waited.
        case granted(Int)
        /// The producer closes, or waits were interrupted.
        case interrupted
    }

    /// What a blocked thread sleeps on.
    final class Wakeup: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        private let grant = Mutex<Grant>(.interrupted)

        func wake(with grant: Grant) {
            self.grant.withLock { $0 = grant }
            semaphore.signal()
        }

        @available(*, noasync)
        func wait() -> Grant {
            semaphore.wait()
            return grant.withLock { $0 }
        }
    }

    private struct State {
        var available: Int
        var spare = SpareBuffers()
        var waiters: Deque<(id: UInt64, bytes: Int, waiter: Waiter)> = []
        var nextWaiterID: UInt64 = 0
        var isInterrupted = false
    }

    /// All of it: `buffer.memory`.
    let capacity: Int
    /// Where waits are counted.
    let waits: WaitMetrics
    /// Spare buffers may take what is free of the budget, and this much besides.
    private let spareAllowance: Int
    private let state: Mutex<State>
    private let waiting = Atomic<Int>(0)

    init(capacity: Int, waits: WaitMetrics = WaitMetrics(MetricSampling(span: .seconds(30), count: 2))) {
        self.capacity = capacity
        self.waits = waits
        spareAllowance = capacity / 16
        state = Mutex(State(available: capacity))
    }

    /// Bytes that are free.
    var available: Int { state.withLock { $0.available } }

    /// How many threads and tasks wait for memory.
    var waiterCount: Int { waiting.load(ordering: .relaxed) }

    /// Whether a thread or task waits for memory: then no batch lingers.
    var hasWaiters: Bool { waiterCount > 0 }

    /// Reserves bytes, unless there are too few, or another caller waits for them already.
    func reserve(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.waiters.isEmpty, state.available >= bytes else { return false }
            state.available -= bytes
            return true
        }
    }

    /// Reserves bytes in any case: for a batch that grew where it must not fail.
    func reserveBeyondLimit(_ bytes: Int) {
        state.withLock { $0.available -= bytes }
    }

    /// A buffer to write into, used before if there is one. The bytes must have been reserved.
    func buffer(capacity: Int, for use: SpareBuffers.Use = .records) -> ByteBuffer {
        // Moved, not copied: a buffer that another owner holds is not cleared but replaced.
        var buffer =
            state.withLock { state in
                let spare = state.spare.take(for: use, capacity: capacity)
                trim(&state)
                return spare
            } ?? ByteBuffer()
        buffer.clear(minimumCapacity: capacity)
        return buffer
    }

    /// A buffer of that capacity that was used before, if there is one. The bytes must have been reserved.
    func spareBuffer(capacity: Int) -> ByteBuffer? {
        state.withLock { $0.spare.take(for: .records, capacity: capacity) }
    }

    /// Keeps a buffer for others whose bytes stay reserved, since its user has another one now.
    func keep(_ buffer: consuming ByteBuffer) {
        let kept = buffer
        state.withLock { state in
            state.spare.put(kept, for: .records)
            trim(&state)
        }
    }

    private func trim(_ state: inout State) { state.spare.trim(to: max(0, state.available) + spareAllowance) }

    /// Gives reserved bytes back, with the buffer if it may be used again. A buffer that another owner still holds is
    /// replaced when its turn comes.
    func release(_ bytes: Int, buffer: consuming ByteBuffer? = nil, usedFor use: SpareBuffers.Use = .records) {
        let returned = buffer.take()
        let granted = state.withLock { state in
            state.available += bytes
            if let returned { state.spare.put(returned, for: use) }
            trim(&state)
            return takeGranted(&state)
        }
        for (bytes, waiter) in granted { resume(waiter, with: .granted(bytes)) }
    }

    /// Bytes of buffers that are kept for reuse.
    var spareBytes: Int { state.withLock { $0.spare.bytes } }

    /// Drops buffers that are kept for reuse.
    func removeSpareBuffers() {
        state.withLock { $0.spare.trim(to: 0) }
    }

    /// Blocks the calling thread until `bytes` are reserved for it.
    @available(*, noasync)
    func waitBlocking(for bytes: Int, onWait: () -> Void) -> Grant {
        let wakeup = Wakeup()
        guard enqueue(.thread(wakeup), bytes: bytes) != nil else { return wakeup.wait() }
        let start = NIODeadline.now()
        defer { waits.waitedForMemory(since: start) }
        onWait()
        return wakeup.wait()
    }

    /// Waits until `bytes` are reserved for the caller. `cancelWait` ends it before that.
    func wait(for bytes: Int, onWait: (UInt64) -> Void) async -> Grant {
        let start = NIODeadline.now()
        var hasWaited = false
        let grant = await withCheckedContinuation { continuation in
            guard let id = enqueue(.task(continuation), bytes: bytes) else { return }
            hasWaited = true
            onWait(id)
        }
        if hasWaited { waits.waitedForMemory(since: start) }
        return grant
    }

    /// Ends one wait; nothing happens if it has ended. What it waited for may be enough for those behind it.
    func cancelWait(_ id: UInt64) {
        let (waiter, granted) = state.withLock { state -> (Waiter?, [(Int, Waiter)]) in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return (nil, []) }
            waiting.subtract(1, ordering: .relaxed)
            let waiter = state.waiters.remove(at: index).waiter
            return (waiter, takeGranted(&state))
        }
        if let waiter { resume(waiter, with: .interrupted) }
        for (bytes, waiter) in granted { resume(waiter, with: .granted(bytes)) }
    }

    /// Ends all waits and those to come: a caller that needs memory gets what is there, or none.
    func interruptWaits() {
        let waiters = state.withLock { state in
            state.isInterrupted = true
            waiting.store(0, ordering: .relaxed)
            defer { state.waiters.removeAll() }
            return state.waiters.map(\.waiter)
        }
        for waiter in waiters { resume(waiter, with: .interrupted) }
    }

    /// Queues a waiter, or serves it at once and returns `nil`.
    private func enqueue(_ waiter: Waiter, bytes: Int) -> UInt64? {
        let (id, grant) = state.withLock { state -> (UInt64?, Grant) in
            if state.isInterrupted { return (nil, .interrupted) }
            if state.waiters.isEmpty, state.available >= bytes {
                state.available -= bytes
                return (nil, .granted(bytes))
            }
            let id = state.nextWaiterID
            state.nextWaiterID += 1
            state.waiters.append((id, bytes, waiter))
            waiting.add(1, ordering: .relaxed)
            return (id, .interrupted)
        }
        if id == nil { resume(waiter, with: grant) }
        return id
    }

    private func takeGranted(_ state: inout State) -> [(Int, Waiter)] {
        var granted: [(Int, Waiter)] = []
        while let first = state.waiters.first, state.available >= first.bytes {
            state.available -= first.bytes
            state.waiters.removeFirst()
            waiting.subtract(1, ordering: .relaxed)
            granted.append((first.bytes, first.waiter))
        }
        return granted
    }

    private func resume(_ waiter: Waiter, with grant: Grant) {
        switch waiter {
        case .thread(let wakeup): wakeup.wake(with: grant)
        case .task(let continuation): continuation.resume(returning: grant)
        }
    }
}
