// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Synchronization
import Testing

@testable import KafkaProducer

/// What a producer leaves behind when it has ended: nothing.
@Suite("What a closed producer leaves", .timeLimit(.minutes(10)))
struct LeavingTests {
    /// Looks at a producer's parts without holding them.
    private final class Watch: Sendable {
        private struct Parts: Sendable {
            weak var producer: KafkaProducer?
            weak var sender: Sender?
            weak var accumulator: RecordAccumulator?
            weak var pool: BufferPool?
            weak var sealer: BatchSealer?
        }

        private let parts = Mutex(Parts())

        init(_ producer: KafkaProducer) {
            parts.withLock { parts in
                parts.producer = producer
                parts.sender = producer.sender
                parts.accumulator = producer.accumulator
                parts.pool = producer.accumulator.pool
                parts.sealer = producer.accumulator.sealer
            }
        }

        /// Which parts are still there.
        var remaining: [String] {
            parts.withLock { parts in
                [
                    parts.producer.map { _ in "producer" }, parts.sender.map { _ in "sender" },
                    parts.accumulator.map { _ in "accumulator" }, parts.pool.map { _ in "pool" },
                    parts.sealer.map { _ in "sealer" },
                ].compactMap(\.self)
            }
        }

        /// Waits until nothing is left. Threads that end let go of what they had a moment later; the suite has a limit.
        func waitUntilGone() async throws {
            while !remaining.isEmpty {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    /// Runs a producer with some load, and hands out what is to be gone afterwards.
    private func use(_ configuration: ProducerConfiguration, close: Bool) async throws -> Watch {
        let producer = try KafkaProducer(configuration: configuration)
        for index in 0..<200 { try await producer.enqueue(.text("\(index) " + String(repeating: "x", count: 500))) }
        if close { await producer.close() } else { try await producer.flush() }
        return Watch(producer)
    }

    @Test("fifty producers, one after the other, each gone with its memory", arguments: [Compression.none, .zstd()])
    func gone(compression: Compression) async throws {
        try await withEmbeddedBroker { broker in
            var configuration = ProducerConfiguration.test(ports: broker.ports)
            configuration.compression = compression
            for _ in 0..<25 {
                for close in [true, false] { try await use(configuration, close: close).waitUntilGone() }
            }
        }
    }

    @Test("one that never reached a broker is gone too", arguments: [true, false])
    func unreached(close: Bool) async throws {
        var configuration = ProducerConfiguration.test(ports: [try ClosedPort().port])
        configuration.maxBlock = .milliseconds(1)
        func use() async throws -> Watch {
            let producer = try KafkaProducer(configuration: configuration)
            _ = await producerError { _ = try await producer.send(.text("a")) }
            if close { await producer.close() }
            return Watch(producer)
        }
        try await use().waitUntilGone()
    }

    @Test("an appender that outlives its producer holds none of its memory")
    func appender() async throws {
        try await withEmbeddedBroker { broker in
            let producer = try KafkaProducer(configuration: .test(ports: broker.ports))
            let appender = try await producer.appender(topic: "t")
            for _ in 0..<200 { try await producer.enqueue(.text(String(repeating: "x", count: 500))) }
            await producer.close()
            #expect(producer.accumulator.pool.spareBytes == 0)
            withExtendedLifetime(appender) {}
        }
    }
}
