// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import Testing

@testable import KafkaProducer

/// Producer ids, epochs and sequences over the wire (KIP-98, KIP-360), and batches that are divided.
@Suite("Sequencing", .timeLimit(.minutes(10)))
struct SequencingTests {
    private typealias Answer = ProduceResponse.PartitionResponse

    /// Values of which each fills a batch by itself when `batch.size` is 0.
    private let values = ["a", "b", "c"].map { String(repeating: $0, count: 30) }

    private func headers(_ broker: ScriptedBroker) -> [RecordBatchHeader] {
        broker.calls.flatMap(\.batches).map(\.header)
    }

    @Test("a gap in the sequences is closed by a new epoch, without asking the broker for it")
    func outOfOrder() async throws {
        try await withScriptedBroker(.steps([.append(), .fail(.outOfOrderSequenceNumber)])) {
            broker,
            producer,
            observer in
            for value in ["a", "b", "c"] { _ = try await producer.send(.text(value)) }
            #expect(headers(broker).map(\.baseSequence) == [0, 1, 0, 1])
            #expect(headers(broker).map(\.producerEpoch) == [0, 0, 1, 1])
            #expect(headers(broker).allSatisfy { $0.producerID == 1000 })
            #expect(broker.values() == ["a", "b", "c"])
            #expect(broker.identitiesAsked == 1)
            let epochs = observer.events.compactMap { event in
                if case .producerIDAssigned(1000, let epoch) = event { epoch } else { nil }
            }
            #expect(epochs == [0, 1])
        }
    }

    @Test("batches behind the gap are numbered anew with it, and stay in order")
    func outOfOrderInFlight() async throws {
        try await withScriptedBroker(.steps([.append(), .hold, .hold, .hold])) {
            $0.batchSize = 0
        } _: { broker, producer, _ in
            _ = try await producer.send(.text("first"))
            for value in values { try await producer.enqueue(.text(value)) }
            try await broker.wait(forHeld: 3)
            broker.answerHeld(.fail(.outOfOrderSequenceNumber))
            try await producer.flush()
            #expect(broker.values() == ["first"] + values)
            #expect(broker.log.map(\.header.producerEpoch) == [0, 1, 1, 1])
            #expect(broker.log.map(\.header.baseSequence) == [0, 0, 1, 2])
        }
    }

    @Test(
        "a broker that forgot the producer is met with a new epoch, unless it may be somebody who knows nothing",
        arguments: [(Int64(-1), Int16(0)), (5, 1)]
    )
    func unknownProducerID(logStart: Int64, epoch: Int16) async throws {
        let answer = Answer(index: 0, errorCode: .unknownProducerID, baseOffset: -1, logStartOffset: logStart)
        try await withScriptedBroker(.steps([.append(), .respond([0: answer])])) { broker, producer, _ in
            for value in ["a", "b"] { _ = try await producer.send(.text(value)) }
            #expect(headers(broker).map(\.producerEpoch) == [0, 0, epoch])
            #expect(headers(broker).map(\.baseSequence) == [0, 1, epoch == 0 ? 1 : 0])
        }
    }

    @Test("after the last epoch comes a new producer id")
    func lastEpoch() async throws {
        var script = BrokerScript.steps([.append(), .fail(.outOfOrderSequenceNumber)])
        script.identity = { ordinal in
            InitProducerIDResponse(producerID: 1000 + Int64(ordinal), producerEpoch: ordinal == 0 ? .max : 0)
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            for value in ["a", "b"] { _ = try await producer.send(.text(value)) }
            #expect(headers(broker).map(\.producerID) == [1000, 1000, 1001])
            #expect(headers(broker).map(\.producerEpoch) == [.max, .max, 0])
            #expect(headers(broker).map(\.baseSequence) == [0, 1, 0])
            #expect(broker.values() == ["a", "b"])
        }
    }

    // MARK: division

    @Test(
        "a batch that is too large for the broker is divided until it fits",
        arguments: [Compression.none, .gzip(), .lz4()],
        [true, false]
    )
    func divides(compression: Compression, isIdempotent: Bool) async throws {
        var script = BrokerScript()
        script.produce = { call in
            call.batches.contains { $0.values.count > 2 } ? .fail(.messageTooLarge) : .append()
        }
        try await withScriptedBroker(script) {
            ($0.linger, $0.compression) = (.seconds(3600), compression)
            if !isIdempotent { ($0.idempotence, $0.maxInFlightRequestsPerConnection) = (.off, 1) }
        } _: { broker, producer, observer in
            async let last = producer.send(.text("0"))
            while producer.statistics.batchesIncomplete == 0 { await Task.yield() }
            for index in 1..<9 { try await producer.enqueue(.text("\(index)")) }
            try await producer.flush()
            // A flush waits for the parts as well.
            #expect(broker.values() == (0..<9).map { "\($0)" })
            #expect(try await last.offset == 0)
            if isIdempotent {
                #expect(broker.log.allSatisfy { $0.header.producerID == 1000 && $0.header.producerEpoch == 0 })
                var next: Int32 = 0
                for batch in broker.log {
                    #expect(batch.header.baseSequence == next)
                    next += batch.header.recordCount
                }
                #expect(next == 9)
            }
            #expect(observer.reports.flatMap(\.values) == (0..<9).map { "\($0)" })
            #expect(producer.statistics.recordsAcked == 9 && producer.statistics.batchesIncomplete == 0)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
            let isTold = observer.events.contains { if case .batchSplit("t", 0, _) = $0 { true } else { false } }
            #expect(isTold)
        }
    }

    @Test("dividing does not count as a retry")
    func divisionIsNoRetry() async throws {
        var script = BrokerScript()
        script.produce = { call in
            call.batches.contains { $0.values.count > 1 } ? .fail(.messageTooLarge) : .append()
        }
        try await withScriptedBroker(script) {
            // Without idempotence, which retries=0 turns off, order needs one request at a time.
            ($0.linger, $0.retries, $0.maxInFlightRequestsPerConnection) = (.seconds(3600), 0, 1)
        } _: { broker, producer, _ in
            for index in 0..<8 { try await producer.enqueue(.text("\(index)")) }
            try await producer.flush()
            #expect(broker.values() == (0..<8).map { "\($0)" })
        }
    }

    @Test("a single record that is too large for the broker fails")
    func cannotBeDivided() async throws {
        try await withScriptedBroker(.steps([.fail(.messageTooLarge)])) { broker, producer, _ in
            let error = await producerError { _ = try await producer.send(.text("a")) }
            #expect(error?.code == .broker(.messageTooLarge))
            #expect(broker.calls.count == 1)
        }
    }

    @Test("closing waits for the parts of a batch that is divided meanwhile")
    func closeWaitsForParts() async throws {
        var script = BrokerScript()
        script.produce = { call in
            if call.ordinal == 0 { return .hold }
            return call.batches.contains { $0.values.count > 1 } ? .fail(.messageTooLarge) : .append()
        }
        let broker = try await ScriptedBroker.start(script, nodes: 1)
        defer { broker.stop() }
        var configuration = ProducerConfiguration.test(ports: broker.ports)
        configuration.linger = .seconds(3600)
        let producer = try KafkaProducer(configuration: configuration)
        for index in 0..<4 { try await producer.enqueue(.text("\(index)")) }
        async let closing: Void = producer.close()
        try await broker.wait(forHeld: 1)
        broker.answerHeld(.fail(.messageTooLarge))
        await closing
        #expect(broker.values() == ["0", "1", "2", "3"])
        #expect(producer.statistics.recordsFailed == 0)
    }
}
