// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import Testing

@testable import KafkaProducer

/// Batches that are too large for the broker while others are on their way.
@Suite("Division", .timeLimit(.minutes(10)))
struct DivisionTests {
    /// Values of which three fill a batch when `batch.size` is 300.
    private let values = (0..<9).map { "\($0)" + String(repeating: "x", count: 60) }

    @Test("the parts of a batch are stored before the batches that were in flight behind it")
    func othersInFlight() async throws {
        var script = BrokerScript.steps([.append(), .hold, .hold, .hold])
        script.checksSequences = true
        try await withScriptedBroker(script, configure: { ($0.batchSize, $0.linger) = (300, .seconds(3600)) }) {
            broker,
            producer,
            observer in
            async let first = producer.send(.text("first"))
            while producer.statistics.batchesIncomplete == 0 { await Task.yield() }
            try await producer.flush()
            _ = try await first
            for value in values { try await producer.enqueue(.text(value)) }
            async let flush: Void = producer.flush()
            try await broker.wait(forHeld: 3)
            broker.answerHeld(.fail(.messageTooLarge), first: 1)
            // Behind the hole that the first one leaves these are out of order.
            broker.answerHeld()
            try await flush
            #expect(broker.values() == ["first"] + values)
            #expect(observer.reports.flatMap(\.values) == ["first"] + values)
            #expect(broker.log.allSatisfy { $0.header.producerEpoch == 0 })
            #expect(
                broker.log.map(\.header.baseSequence)
                    == broker.log.indices.map { index in
                        broker.log.prefix(index).reduce(0) { $0 + $1.header.recordCount }
                    }
            )
            #expect(producer.statistics.recordsFailed == 0)
        }
    }

    @Test("a batch that is larger than a log segment fails as it is")
    func recordListTooLarge() async throws {
        try await withScriptedBroker(.steps([.fail(.recordListTooLarge)]), configure: { $0.linger = .seconds(3600) }) {
            broker,
            producer,
            observer in
            for index in 0..<3 { try await producer.enqueue(.text("\(index)")) }
            try await producer.flush()
            #expect(broker.calls.count == 1)
            #expect(
                observer.reports.flatMap(\.errors).map { $0?.code }
                    == Array(
                        repeating: .broker(.recordListTooLarge),
                        count: 3
                    )
            )
        }
    }

    @Test("of parts only the one that is still too large fails, and the others are stored in order")
    func onePartFails() async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.produce = { call in
            call.values.contains("3") ? .fail(.messageTooLarge) : .append()
        }
        try await withScriptedBroker(script, configure: { $0.linger = .seconds(3600) }) { broker, producer, observer in
            for index in 0..<8 { try await producer.enqueue(.text("\(index)")) }
            try await producer.flush()
            #expect(broker.values() == ["0", "1", "2", "4", "5", "6", "7"])
            let failed = observer.reports.filter { $0.errors.contains { $0 != nil } }
            #expect(failed.map(\.values) == [["3"]])
            #expect(producer.statistics.recordsFailed == 1 && producer.statistics.recordsAcked == 7)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }
}
