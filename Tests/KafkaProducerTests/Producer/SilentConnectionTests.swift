// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Connections that are accepted and stay silent, as some do that were begun while the broker opened its port.
@Suite("Silent connections", .timeLimit(.minutes(10)))
struct SilentConnectionTests {
    /// Connections that were made, ended, and are there, as the metrics have them.
    private func counts(_ producer: KafkaProducer) async -> [Double?] {
        let metrics = await producer.metrics()
        return ["connection-creation-total", "connection-close-total", "connection-count"].map { name in
            metrics.first { $0.name == name }?.value
        }
    }

    private func patient(_ configuration: inout ProducerConfiguration) {
        configuration.connectionSetupTimeout = .seconds(7200)
        configuration.connectionSetupTimeoutMax = .seconds(7200)
        configuration.maxBlock = .seconds(7200)
    }

    @Test("a connection that stays silent does not wait for the setup timeout: a second one beside it answers")
    func hedged() async throws {
        var script = BrokerScript()
        script.staysSilent = { $0 == 0 }
        try await withScriptedBroker(script) {
            patient(&$0)
            $0.connectionHedgeDelay = .milliseconds(1)
        } _: { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            #expect(broker.values() == ["a"])
            #expect(!observer.events.contains { if case .brokerUnreachable = $0 { true } else { false } })
            let counts = await counts(producer)
            let (created, closed, open) = (try #require(counts[0]), try #require(counts[1]), try #require(counts[2]))
            #expect(created >= 2 && created - closed == open, "\(counts)")
            try await broker.wait { Double($0.endedConnections) >= closed }
        }
    }

    @Test("there is one second attempt beside each first one, and both end with the setup timeout")
    func bothSilent() async throws {
        var script = BrokerScript()
        script.staysSilent = { $0 < 2 }
        try await withScriptedBroker(script) {
            patient(&$0)
            ($0.connectionSetupTimeout, $0.connectionHedgeDelay) = (.milliseconds(300), .milliseconds(1))
        } _: { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            let failures = observer.events.compactMap { event in
                if case .brokerUnreachable(_, let reason, _) = event { reason } else { nil }
            }
            #expect(!failures.isEmpty)
            #expect(failures.allSatisfy { $0.contains("socket.connection.setup.timeout.ms") }, "\(failures)")
            try await broker.wait { $0.endedConnections >= 2 }
            let counts = await counts(producer)
            #expect(try #require(counts[0]) - #require(counts[1]) == #require(counts[2]), "\(counts)")
        }
    }

    @Test("connections that end since the cluster has told its brokers are counted as closed")
    func bootstrapCounted() async throws {
        try await withScriptedBroker { _, producer, _ in
            _ = try await producer.send(.text("a"))
            let counts = await counts(producer)
            #expect(try #require(counts[0]) - #require(counts[1]) == #require(counts[2]), "\(counts)")
        }
    }
}
