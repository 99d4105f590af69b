// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

/// Versions, connections, and brokers that answer nonsense.
@Suite("Negotiation", .timeLimit(.minutes(10)))
struct NegotiationTests {
    /// Bodies with which brokers refuse a version of ApiVersions: error 35 in version 0, in version 3 as librdkafka's
    /// mock cluster has it, and nothing but the error.
    private static let refusals: [([UInt8], [Int16])] = [
        ([0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 2], [4, 2, 1, 0]),
        ([0, 35, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0], [4, 0]),
        ([0, 35], [4, 0]),
    ]

    @Test(
        "a broker that refuses the version of the question is asked again in the one that it names, or in 0 (KIP-511)",
        arguments: refusals
    )
    func refused(body: [UInt8], versions: [Int16]) async throws {
        var script = BrokerScript()
        script.refusal = { $0 > 0 ? body : nil }
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(Array(broker.versionsAsked.prefix(versions.count)) == versions)
            #expect(broker.values() == ["a"])
        }
    }

    @Test("a broker is told the version that the command prints")
    func software() async throws {
        try await withScriptedBroker(BrokerScript()) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.softwareTold.first == "kafka-producer-swift \(ClientSoftware.version)")
        }
    }

    @Test(
        "Produce is spoken in the newest common version",
        arguments: [(Int16(3), Int16(3)), (7, 7), (9, 9), (12, 12)]
    )
    func produceVersion(newest: Int16, expected: Int16) async throws {
        var script = BrokerScript()
        script.produceVersions = 0...newest
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.calls.map(\.version) == [expected])
        }
    }

    @Test("Produce is never spoken below version 3, though brokers advertise it")
    func neverBelow3() async throws {
        var script = BrokerScript()
        script.produceVersions = 0...2
        try await withScriptedBroker(script) { broker, producer, _ in
            let error = await producerError { _ = try await producer.send(.text("a")) }
            #expect(error?.code == .broker(.unsupportedVersion))
            #expect(broker.calls.isEmpty)
        }
    }

    @Test("an answer out of order ends the connection, and the request is sent again on another one")
    func misanswered() async throws {
        try await withScriptedBroker(.steps([.misanswer])) { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            #expect(broker.calls.count == 2 && broker.calls[0].connection != broker.calls[1].connection)
            let reasons = observer.events.compactMap { event in
                if case .brokerDisconnected(_, let reason) = event { reason } else { nil }
            }
            #expect(reasons.count == 1 && reasons[0].contains("expected was"))
        }
    }

    @Test("a connection that was idle for connections.max.idle.ms is closed, and made again when there is need")
    func idle() async throws {
        try await withScriptedBroker(configure: { $0.connectionsMaxIdle = .milliseconds(50) }) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            try await broker.wait { $0.endedConnections >= $0.connections }
            _ = try await producer.send(.text("b"))
            #expect(broker.calls[0].connection != broker.calls[1].connection)
            #expect(producer.statistics.batchesRetried == 0)
        }
    }
}
