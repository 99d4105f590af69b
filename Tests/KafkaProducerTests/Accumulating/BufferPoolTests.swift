// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import Testing

@testable import KafkaProducer

/// The budget of `buffer.memory`, and who gets what comes back.
@Suite("BufferPool", .timeLimit(.minutes(10)))
struct BufferPoolTests {
    private let pool = BufferPool(capacity: 100)

    /// Begins to wait for memory, and returns once the wait is in line.
    private func beginWait(for bytes: Int) async throws -> (id: UInt64, grant: Task<BufferPool.Grant, Never>) {
        let (ids, continuation) = AsyncStream.makeStream(of: UInt64.self)
        let pool = pool
        let grant = Task { await pool.wait(for: bytes) { continuation.yield($0) } }
        var iterator = ids.makeAsyncIterator()
        return (try #require(await iterator.next()), grant)
    }

    @Test("no more is given out than there is")
    func budget() {
        #expect(pool.reserve(60))
        #expect(!pool.reserve(41))
        #expect(pool.reserve(40))
        #expect(pool.available == 0)
        pool.release(40)
        #expect(pool.available == 40)
        #expect(!pool.hasWaiters)
    }

    @Test("a batch that must not fail may go beyond the budget, which then is owed")
    func beyond() {
        #expect(pool.reserve(90))
        pool.reserveBeyondLimit(30)
        #expect(pool.available == -20)
        pool.release(30)
        #expect(pool.available == 10)
        #expect(!pool.reserve(11))
    }

    @Test("a wait for what is there ends at once")
    func noWait() async {
        let grant = await pool.wait(for: 100) { _ in Issue.record("there was room") }
        #expect(grant == .granted(100))
        #expect(pool.available == 0)
    }

    @Test("those who wait are served first come, first served, and nobody overtakes them")
    func firstComeFirstServed() async throws {
        #expect(pool.reserve(100))
        let large = try await beginWait(for: 60)
        let small = try await beginWait(for: 30)
        #expect(pool.hasWaiters)
        pool.release(50)
        // 50 would do for the second and for a passer-by, but the first has waited longer.
        #expect(!pool.reserve(1))
        pool.release(10)
        #expect(await large.grant.value == .granted(60))
        #expect(pool.hasWaiters)
        pool.release(30)
        #expect(await small.grant.value == .granted(30))
        #expect(!pool.hasWaiters)
        #expect(pool.available == 0)
    }

    @Test("one release may serve several")
    func severalAtOnce() async throws {
        #expect(pool.reserve(100))
        let first = try await beginWait(for: 30)
        let second = try await beginWait(for: 30)
        pool.release(70)
        #expect(await first.grant.value == .granted(30))
        #expect(await second.grant.value == .granted(30))
        #expect(pool.available == 10)
    }

    @Test("memory that is there at once is no wait, and is not counted as one")
    func notCounted() async {
        let waits = WaitMetrics(MetricSampling(span: .seconds(30), count: 2))
        let pool = BufferPool(capacity: 100, waits: waits)
        #expect(await pool.wait(for: 30) { _ in } == .granted(30))
        #expect(waits.current.memory.total == 0)
    }

    @Test("a wait that is cancelled ends without memory, and cancelling it again does nothing")
    func cancel() async throws {
        #expect(pool.reserve(100))
        let wait = try await beginWait(for: 30)
        pool.cancelWait(wait.id)
        #expect(await wait.grant.value == .interrupted)
        pool.cancelWait(wait.id)
        #expect(!pool.hasWaiters)
        pool.release(100)
        #expect(pool.available == 100)
    }

    @Test("memory that was too little for a wait that is cancelled goes to the next in line")
    func cancelServesNext() async throws {
        #expect(pool.reserve(100))
        let large = try await beginWait(for: 60)
        let small = try await beginWait(for: 30)
        pool.release(40)
        pool.cancelWait(large.id)
        #expect(await large.grant.value == .interrupted)
        #expect(await small.grant.value == .granted(30))
        #expect(pool.available == 10)
    }

    @Test("an interruption ends all waits, and those to come, but not what needs no wait")
    func interrupt() async throws {
        #expect(pool.reserve(100))
        let first = try await beginWait(for: 30)
        let second = try await beginWait(for: 30)
        pool.interruptWaits()
        #expect(await first.grant.value == .interrupted)
        #expect(await second.grant.value == .interrupted)
        #expect(!pool.hasWaiters)
        let grant = await pool.wait(for: 30) { _ in Issue.record("nobody waits any more") }
        #expect(grant == .interrupted)
        pool.release(100)
        #expect(pool.reserve(100))
    }

    @Test("a thread blocks until memory comes back")
    func blockingWait() async throws {
        #expect(pool.reserve(100))
        let (grants, continuation) = AsyncStream.makeStream(of: BufferPool.Grant.self)
        let (waits, waiting) = AsyncStream.makeStream(of: Void.self)
        let pool = pool
        DispatchQueue.global().async { continuation.yield(pool.waitBlocking(for: 30) { waiting.yield() }) }
        var wait = waits.makeAsyncIterator()
        _ = await wait.next()
        #expect(pool.hasWaiters)
        pool.release(30)
        var grant = grants.makeAsyncIterator()
        #expect(await grant.next() == .granted(30))
    }

    @Test("a thread that need not wait does not block, and an interrupted one goes on")
    func blockingWithoutWaiting() async throws {
        let (grants, continuation) = AsyncStream.makeStream(of: BufferPool.Grant.self)
        let pool = pool
        DispatchQueue.global().async {
            continuation.yield(pool.waitBlocking(for: 100) { Issue.record("there was room") })
            continuation.yield(pool.waitBlocking(for: 1) { pool.interruptWaits() })
        }
        var grant = grants.makeAsyncIterator()
        #expect(await grant.next() == .granted(100))
        #expect(await grant.next() == .interrupted)
    }

    @Test("buffers are used again, no more of them than the budget has room for")
    func reuse() {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(64)
        buffer.writeString("before")
        let capacity = buffer.capacity
        #expect(pool.reserve(20))
        pool.release(20, buffer: buffer)
        buffer = ByteBuffer()
        #expect(pool.buffer(capacity: 10).capacity < capacity, "a larger one would hold more than was reserved")
        let again = pool.buffer(capacity: 60)
        #expect(again.readableBytes == 0)
        #expect(again.capacity == capacity)
        for _ in 0..<10 { pool.release(0, buffer: ByteBuffer(repeating: 0, count: 32)) }
        #expect(pool.spareBytes == 3 * 32)
    }

    @Test("spare buffers can be dropped")
    func drop() {
        pool.release(0, buffer: ByteBuffer(repeating: 0, count: 64))
        #expect(pool.spareBytes == 64)
        pool.removeSpareBuffers()
        #expect(pool.spareBytes == 0)
    }
}
