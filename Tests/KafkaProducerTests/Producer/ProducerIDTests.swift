// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import Testing

@testable import KafkaProducer

/// Clusters that give a producer id late, or never, and what becomes of records meanwhile.
@Suite("Producer id", .timeLimit(.minutes(10)))
struct ProducerIDTests {
    private func ids(_ broker: ScriptedBroker) -> [Int64] {
        broker.calls.flatMap(\.batches).map(\.header.producerID)
    }

    @Test(
        "an id is asked for again when the broker cannot give one yet",
        arguments: [ErrorCode.coordinatorLoadInProgress, .notCoordinator, .requestTimedOut, .networkException]
    )
    func later(code: ErrorCode) async throws {
        var script = BrokerScript()
        script.identity = { ordinal in
            ordinal < 2
                ? InitProducerIDResponse(errorCode: code) : InitProducerIDResponse(producerID: 7, producerEpoch: 0)
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.identitiesAsked == 3 && ids(broker) == [7])
        }
    }

    @Test("an id or epoch that none can have is no answer", arguments: [(Int64(-1), Int16(0)), (5, -1)])
    func negative(id: Int64, epoch: Int16) async throws {
        var script = BrokerScript()
        script.identity = { ordinal in
            ordinal == 0
                ? InitProducerIDResponse(producerID: id, producerEpoch: epoch)
                : InitProducerIDResponse(producerID: 7, producerEpoch: 0)
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(ids(broker) == [7])
        }
    }

    @Test(
        "records fail when the cluster will not give an id, and are delivered once it does",
        arguments: [ErrorCode.clusterAuthorizationFailed, .unknownServerError, ErrorCode(rawValue: 999)]
    )
    func refused(code: ErrorCode) async throws {
        let isRefused = RefusalSwitch()
        isRefused.isOn = true
        var script = BrokerScript()
        script.identity = { _ in
            isRefused.isOn
                ? InitProducerIDResponse(errorCode: code) : InitProducerIDResponse(producerID: 7, producerEpoch: 0)
        }
        try await withScriptedBroker(script, configure: { $0.metadataMaxAge = .milliseconds(5) }) {
            broker,
            producer,
            observer in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .broker(code) && error.message.hasPrefix("no producer id: \(code.name)"))
            #expect(broker.calls.isEmpty)
            // Without anything to send, nobody is asked again and again.
            let (asked, metadata) = (broker.identitiesAsked, broker.metadataAsked.count)
            try await broker.wait { $0.metadataAsked.count > metadata + 20 }
            #expect(broker.identitiesAsked <= asked + 1)
            isRefused.isOn = false
            _ = try await producer.send(.text("b"))
            #expect(broker.values() == ["b"])
            #expect(observer.reports.map(\.values) == [["a"], ["b"]])
        }
    }

    @Test("a broker that knows no producer ids is told as what it is")
    func tooOld() async throws {
        var script = BrokerScript()
        script.versions = { $0.apiKeys.removeAll { $0.apiKey == .initProducerID } }
        try await withScriptedBroker(script) { broker, producer, _ in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .unsupportedVersion && error.message.contains("enable.idempotence=false"))
        }
        // Without idempotence there is nothing to miss.
        try await withScriptedBroker(script, configure: { $0.idempotence = .off }) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.values() == ["a"])
        }
    }

    @Test("without idempotence no id is asked for, whatever acks", arguments: [Acks.none, .leader, .all])
    func notWanted(acks: Acks) async throws {
        var script = BrokerScript()
        script.identity = { _ in InitProducerIDResponse(errorCode: .clusterAuthorizationFailed) }
        try await withScriptedBroker(script, configure: { ($0.acks, $0.idempotence) = (acks, .off) }) {
            broker,
            producer,
            _ in
            _ = try await producer.send(.text("a"))
            try await broker.wait { $0.values() == ["a"] }
            #expect(broker.identitiesAsked == 0 && ids(broker) == [-1])
        }
    }

    @Test("a question that is not answered within request.timeout.ms is asked again on another connection")
    func unanswered() async throws {
        var script = BrokerScript()
        script.ignores = { api, ordinal in api == .initProducerID && ordinal == 0 }
        try await withScriptedBroker(script, configure: { $0.requestTimeout = .milliseconds(300) }) {
            broker,
            producer,
            _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.identitiesAsked == 2)
        }
    }

    @Test("records that wait for an id expire")
    func expires() async throws {
        var script = BrokerScript()
        script.ignores = { api, _ in api == .initProducerID }
        try await withScriptedBroker(script) {
            ($0.deliveryTimeout, $0.requestTimeout) = (.milliseconds(300), .milliseconds(100))
        } _: { broker, producer, _ in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .timedOut && broker.calls.isEmpty)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }

    @Test("what is in flight under the last epoch is delivered, though no id follows it")
    func refusedAfterLastEpoch() async throws {
        var script = BrokerScript()
        script.topics = ["t": 2]
        script.identity = { ordinal in
            ordinal == 0
                ? InitProducerIDResponse(producerID: 7, producerEpoch: .max)
                : InitProducerIDResponse(errorCode: .clusterAuthorizationFailed)
        }
        script.produce = { call in
            if call.values == ["held"] { return .hold }
            return call.values == ["gap"] ? .fail(.outOfOrderSequenceNumber) : .append()
        }
        try await withScriptedBroker(script, nodes: 2) { broker, producer, _ in
            async let held = producer.send(.text("held", partition: 1))
            try await broker.wait(forHeld: 1)
            let error = await producerError { _ = try await producer.send(.text("gap", partition: 0)) }
            #expect(error?.code == .broker(.clusterAuthorizationFailed))
            broker.answerHeld()
            #expect(try await held.offset == 0)
        }
    }
}
