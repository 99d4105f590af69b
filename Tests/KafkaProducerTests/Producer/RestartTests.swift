// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

@testable import KafkaProducer

/// A broker that goes away and comes back, on a loopback address of its own: the kernel gives a port that is free for a
/// moment to whoever connects next, but never one of another address.
@Suite("Restart", .timeLimit(.minutes(10)))
struct RestartTests {
    @Test("records that are sent across restarts arrive once each, in order", arguments: [1, 5])
    func restart(inFlight: Int) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("restart-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var setup = EmbeddedBroker.Configuration()
        setup.host = "127.0.0.\(70 + inFlight)"
        setup.topics = ["t": 2]
        setup.dataDirectory = folder.path
        var broker = try await EmbeddedBroker.start(setup, logger: .silent)
        setup.port = broker.ports[0]
        var configuration = ProducerConfiguration.test(ports: broker.ports, host: setup.host)
        configuration.maxInFlightRequestsPerConnection = inFlight
        configuration.batchSize = 100
        var expected: [[String]] = [[], []]
        try await withProducer(configuration) { producer in
            for round in 0..<5 {
                for index in 0..<50 {
                    expected[index % 2].append("\(round): \(index)")
                    try await producer.enqueue(.text("\(round): \(index)", partition: Int32(index % 2)))
                }
                // Down after the first and the third round, up after the second and the fourth.
                switch round {
                case 0, 2: await broker.stop()
                case 1, 3: broker = try await startAgain(setup)
                default: break
                }
            }
            try await producer.flush()
            #expect(producer.statistics.recordsAcked == 250 && producer.statistics.recordsFailed == 0)
        }
        #expect(try await broker.values(0) == expected[0])
        #expect(try await broker.values(1) == expected[1])
        await broker.stop()
    }

    /// Listens on a port that was given before. A child process that another test has just forked holds copies of the
    /// old listener and of the lock on its folder until it runs its own program; that is waited for.
    private func startAgain(_ setup: EmbeddedBroker.Configuration) async throws -> EmbeddedBroker {
        for _ in 0..<200_000 {
            do throws(EmbeddedBrokerError) {
                return try await EmbeddedBroker.start(setup, logger: .silent)
            } catch {
                await Task.yield()
            }
        }
        return try await EmbeddedBroker.start(setup, logger: .silent)
    }

    @Test("a broker that comes up late is found")
    func late() async throws {
        let closed = try ClosedPort()
        let observer = RecordingObserver()
        var setup = EmbeddedBroker.Configuration()
        setup.host = "127.0.0.70"
        setup.port = closed.port
        try await withProducer(.test(ports: [closed.port], host: setup.host), observer: observer) { [setup] producer in
            async let metadata = producer.send(.text("a"))
            try await observer.wait { event in
                if case .brokerUnreachable = event { true } else { false }
            }
            let broker = try await startAgain(setup)
            #expect(try await metadata.offset == 0)
            await broker.stop()
        }
    }
}
