// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import KafkaClient

@Suite("Looking hosts up")
struct HostResolverTests {
    @Test("both families come of one question, in the resolver's order")
    func families() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let found = try ["127.0.0.1", "::1", "127.0.0.2"].map { try SocketAddress(ipAddress: $0, port: 7) }
        let resolver = HostResolver(LoopGate(loop)) { _, _ in found }
        let six = resolver.initiateAAAAQuery(host: "h", port: 7)
        let four = resolver.initiateAQuery(host: "h", port: 7)
        try await Self.running(loop) {
            let answers = (try await six.get(), try await four.get())
            #expect(answers.0 == [found[1]])
            #expect(answers.1 == [found[0], found[2]])
        }
        await loop.shutdownGracefully()
    }

    @Test("a name that is looked up when the client closes is given up, and its answer goes nowhere")
    func closedMeanwhile() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let gate = LoopGate(loop)
        let (answers, answering) = AsyncStream.makeStream(of: Void.self)
        let isOver = DispatchSemaphore(value: 0)
        let resolver = HostResolver(gate) { _, _ in
            // The answer comes when the event loop has ended.
            isOver.wait()
            defer { answering.finish() }
            return []
        }
        let six = resolver.initiateAAAAQuery(host: "h", port: 7)
        let four = resolver.initiateAQuery(host: "h", port: 7)
        try await loop.executeInContext { gate.close() }
        try await Self.running(loop) {
            await #expect(throws: HostResolver.GivenUp.self) { try await six.get() }
            await #expect(throws: HostResolver.GivenUp.self) { try await four.get() }
        }
        await loop.shutdownGracefully()
        isOver.signal()
        for await _ in answers {}
    }

    @Test("nothing is expected of a gate that is closed")
    func closedBefore() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let gate = LoopGate(loop)
        try await loop.executeInContext { gate.close() }
        let resolver = HostResolver(gate) { _, _ in [] }
        let six = resolver.initiateAAAAQuery(host: "h", port: 7)
        let four = resolver.initiateAQuery(host: "h", port: 7)
        try await Self.running(loop) {
            await #expect(throws: HostResolver.GivenUp.self) { try await six.get() }
            await #expect(throws: HostResolver.GivenUp.self) { try await four.get() }
        }
        await loop.shutdownGracefully()
    }

    @Test("the system knows localhost")
    func localhost() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let resolver = HostResolver(LoopGate(loop))
        let six = resolver.initiateAAAAQuery(host: "localhost", port: 7)
        let four = resolver.initiateAQuery(host: "localhost", port: 7)
        try await Self.running(loop) {
            let found = try await six.get() + four.get()
            #expect(!found.isEmpty && found.allSatisfy { $0.port == 7 })
        }
        await loop.shutdownGracefully()
    }

    /// Runs `body`, and the loop as long as that lasts.
    private static func running(
        _ loop: NIOAsyncTestingEventLoop,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let isOver = Mutex(false)
        let task = Task {
            defer { isOver.withLock { $0 = true } }
            try await body()
        }
        while !isOver.withLock({ $0 }) {
            await loop.run()
            await Task.yield()
        }
        try await task.value
    }
}
