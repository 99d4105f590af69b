// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import KafkaReader

/// The reader on a loop whose time the test moves.
@Suite("Reading and time", .timeLimit(.minutes(10)))
struct ReaderTimeTests {
    /// Every connection is refused.
    private struct RefusingConnector: Connector {
        struct Refused: Error {}

        func connect(
            to address: BrokerAddress,
            timeout: TimeAmount,
            through gate: LoopGate,
            initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
        ) -> EventLoopFuture<any Channel> {
            gate.eventLoop.makeFailedFuture(Refused())
        }
    }

    @Test("a cluster that cannot be reached is an error after the timeout, by the loop's clock")
    func unreachable() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let began = loop.now
        let broker = BrokerAddress(nodeID: nil, host: "nowhere", port: 9092)
        let reader = try KafkaReader(
            ReaderConfiguration(bootstrap: [broker]),
            connector: RefusingConnector(),
            eventLoop: loop,
            logger: .silent
        )
        let partition = try reader.read("t", partition: 0)
        let error = try await Self.moving(loop) {
            await #expect(throws: ReaderError.self) { try await partition.next() }
        }
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("60000 ms: no broker could be reached: nowhere:9092") == true)
        #expect((.seconds(60) ... .seconds(62)).contains(loop.now - began))
        try await Self.moving(loop) { await reader.close() }
    }

    /// Runs `body`, and moves the loop's time as long as it lasts.
    private static func moving<Result: Sendable>(
        _ loop: NIOAsyncTestingEventLoop,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let ended = Ended()
        let task = Task {
            defer { ended.isOver.store(true, ordering: .releasing) }
            return try await body()
        }
        while !ended.isOver.load(ordering: .acquiring) {
            await loop.advanceTime(by: .milliseconds(100))
            await Task.yield()
        }
        return try await task.value
    }

    private final class Ended: Sendable {
        let isOver = Atomic(false)
    }
}
