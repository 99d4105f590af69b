// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

@testable import KafkaProducer

/// A broker that goes away and comes back.
@Suite("Restart", .timeLimit(.minutes(1)))
struct RestartTests {
    @Test("records that are sent across restarts arrive once each, in order", arguments: [1, 5])
    func restart(inFlight: Int) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("restart-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var setup = EmbeddedBroker.Configuration()
        setup.topics = ["t": 2]
        setup.dataDirectory = folder.path
        var broker = try await EmbeddedBroker.start(setup, logger: .silent)
        setup.port = broker.ports[0]
        var configuration = ProducerConfiguration.test(ports: broker.ports)
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
                case 1, 3: broker = try await EmbeddedBroker.start(setup, logger: .silent)
                default: break
                }
            }
            await producer.flush()
            #expect(producer.statistics.recordsAcked == 250 && producer.statistics.recordsFailed == 0)
        }
        #expect(try await broker.values(0) == expected[0])
        #expect(try await broker.values(1) == expected[1])
        await broker.stop()
    }

    @Test("a broker that comes up late is found")
    func late() async throws {
        let closed = try ClosedPort()
        let observer = RecordingObserver()
        try await withProducer(.test(ports: [closed.port]), observer: observer) { producer in
            async let metadata = producer.send(.text("a"))
            try await observer.wait { event in
                if case .brokerUnreachable = event { true } else { false }
            }
            var setup = EmbeddedBroker.Configuration()
            setup.port = closed.port
            closed.release()
            let broker = try await EmbeddedBroker.start(setup, logger: .silent)
            #expect(try await metadata.offset == 0)
            await broker.stop()
        }
    }
}
