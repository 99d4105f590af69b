// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaProtocol
import Synchronization
import Testing

@testable import KafkaProducer

/// Whatever goes wrong on the way: every record once, in order, and told so.
@Suite("Fault", .timeLimit(.minutes(10)))
struct FaultTests {
    /// A script that does one of these by chance, the same in every run: good answers, refusals that pass, lost
    /// requests, lost answers, gaps that are none, and batches found too large.
    private func script(seed: UInt64, divides: Bool, isIdempotent: Bool = true) -> BrokerScript {
        let random = Mutex(SplitMix64(seed: seed))
        var script = BrokerScript()
        script.topics = ["t": 3]
        script.checksSequences = isIdempotent
        script.produce = { call in
            switch random.withLock({ Int.random(in: 0..<100, using: &$0) }) {
            case 0..<6: .close
            case 6..<12: .appendAndClose
            case 12..<18: .fail(.notEnoughReplicas)
            case 18..<22: .fail(.notLeaderOrFollower)
            case 22..<25 where isIdempotent: .fail(.outOfOrderSequenceNumber)
            case 25..<27: .misanswer
            case 27..<35 where divides && call.batches.allSatisfy({ $0.values.count > 1 }): .fail(.messageTooLarge)
            default: .append()
            }
        }
        return script
    }

    @Test("an idempotent producer stores every record once and in order", arguments: 0..<12)
    func exactlyOnce(seed: UInt64) async throws {
        try await withScriptedBroker(script(seed: seed, divides: seed % 2 == 1), nodes: 2) {
            $0.batchSize = seed % 3 == 0 ? 100 : 300
            $0.compression = seed % 4 == 0 ? .lz4() : .none
            $0.maxInFlightRequestsPerConnection = seed % 5 == 0 ? 1 : 5
        } _: { broker, producer, observer in
            for index in 0..<200 { try await producer.enqueue(.text("\(index)", partition: Int32(index % 3))) }
            try await producer.flush()
            for partition in 0..<3 {
                let expected = stride(from: partition, to: 200, by: 3).map { "\($0)" }
                #expect(broker.values(Int32(partition)) == expected)
                let told = observer.reports.filter { $0.partition == Int32(partition) }.flatMap(\.values)
                #expect(told == expected)
            }
            let statistics = producer.statistics
            #expect(statistics.recordsAcked == 200 && statistics.recordsFailed == 0)
            #expect(statistics.batchesInFlight == 0 && statistics.recordsInFlight == 0)
            #expect(statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }

    @Test("without idempotence, one request at a time keeps order, and loses nothing", arguments: 0..<4)
    func atLeastOnce(seed: UInt64) async throws {
        let script = script(seed: 100 + seed, divides: true, isIdempotent: false)
        try await withScriptedBroker(script) {
            ($0.batchSize, $0.maxInFlightRequestsPerConnection, $0.idempotence) = (200, 1, .off)
        } _: { broker, producer, _ in
            for index in 0..<100 { try await producer.enqueue(.text("\(index)", partition: 0)) }
            try await producer.flush()
            // What is stored may be there twice, but only in whole repetitions.
            var first: [String] = []
            for value in broker.values() where !first.contains(value) { first.append(value) }
            #expect(first == (0..<100).map { "\($0)" })
            #expect(producer.statistics.recordsFailed == 0)
        }
    }

    @Test(
        "an answer that is cut short, wherever, ends the connection but not the process",
        arguments: [(APIKey.produce, 30), (.metadata, 60), (.apiVersions, 30), (.initProducerID, 18)]
    )
    func cutShort(api: APIKey, count: Int) async throws {
        var script = BrokerScript()
        script.cut = { cutAPI, ordinal in cutAPI == api && ordinal < count ? ordinal : nil }
        try await withScriptedBroker(script) {
            ($0.retryBackoff, $0.retryBackoffMax) = (.milliseconds(1), .milliseconds(1))
            ($0.reconnectBackoff, $0.reconnectBackoffMax) = (.milliseconds(1), .milliseconds(1))
        } _: { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(Set(broker.values()) == ["a"])
            #expect(broker.connections >= count / 2)
        }
    }
}
