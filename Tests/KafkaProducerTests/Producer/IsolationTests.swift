// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// A failure stays with its topic-partition; other partitions go on.
@Suite("Isolation", .timeLimit(.minutes(10)))
struct IsolationTests {
    /// What is wrong with partition 0.
    enum Trouble: CaseIterable, Sendable {
        case refusesRecords, neverReady, tooLarge, forgetsProducer, leaderless, brokerDown, unmentioned
    }

    /// Values of which each fills a batch by itself when `batch.size` is 0.
    private let values = (0..<40).map { "\($0)" + String(repeating: "x", count: 30) }

    private func script(_ trouble: Trouble, deadPort: Int) -> BrokerScript {
        var script = BrokerScript()
        script.topics = ["t": 4]
        script.checksSequences = true
        let error: ErrorCode? =
            switch trouble {
            case .refusesRecords: .invalidRecord
            case .neverReady: .notEnoughReplicas
            case .tooLarge: .messageTooLarge
            case .forgetsProducer: .unknownProducerID
            case .leaderless, .brokerDown, .unmentioned: nil
            }
        script.produce = { call in
            if let error {
                let answer = ProduceResponse.PartitionResponse(
                    index: 0,
                    errorCode: error,
                    baseOffset: -1,
                    logStartOffset: 0
                )
                return .respond([0: answer])
            }
            // An answer under another number stands for one that is missing.
            return trouble == .unmentioned ? .respond([0: .init(index: 99)]) : .append()
        }
        script.metadata = { _, response in
            guard trouble == .leaderless || trouble == .brokerDown else { return }
            response.brokers.append(MetadataResponse.Broker(nodeID: 9, host: "127.0.0.1", port: Int32(deadPort)))
            for index in response.topics.indices {
                let leader: Int32 = trouble == .leaderless ? -1 : 9
                response.topics[index] = response.topics[index].with(leaders: [leader, 2, 1, 2], epoch: 0)
            }
        }
        return script
    }

    // Long enough for a busy machine: a record of the others that expired would be waited for without end.
    @Test("whatever becomes of one partition, the others are stored once and in order", arguments: Trouble.allCases)
    func othersGoOn(trouble: Trouble) async throws {
        let dead = try ClosedPort()
        try await withScriptedBroker(script(trouble, deadPort: dead.port), nodes: 2) {
            ($0.batchSize, $0.deliveryTimeout, $0.requestTimeout) = (0, .seconds(20), .seconds(2))
        } _: { broker, producer, observer in
            for index in 0..<40 { try await producer.enqueue(.text(values[index], partition: Int32(index % 4))) }
            try await observer.wait(forReports: 30)
            for partition in Int32(1)..<4 {
                let expected = stride(from: Int(partition), to: 40, by: 4).map { values[$0] }
                try await broker.wait { $0.values(partition) == expected }
            }
            try await producer.flush()
            #expect(broker.values(0).isEmpty)
            let failed = observer.reports.filter { $0.errors != Array(repeating: nil, count: $0.errors.count) }
            #expect(failed.allSatisfy { $0.partition == 0 })
            #expect(failed.flatMap(\.values) == stride(from: 0, to: 40, by: 4).map { values[$0] })
            #expect(producer.statistics.recordsAcked == 30 && producer.statistics.recordsFailed == 10)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }
}
