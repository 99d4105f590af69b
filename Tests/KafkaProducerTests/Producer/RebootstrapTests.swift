// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Finding the cluster again from `bootstrap.servers` (KIP-899, KIP-1102).
@Suite("Rebootstrap", .timeLimit(.minutes(10)))
struct RebootstrapTests {
    private func count(_ observer: RecordingObserver) -> Int {
        observer.events.filter { if case .rebootstrapping = $0 { true } else { false } }.count
    }

    @Test("without an answer for metadata.recovery.rebootstrap.trigger.ms all connections are left for new ones")
    func trigger() async throws {
        let isSilent = RefusalSwitch()
        var script = BrokerScript()
        // On a busy machine it may begin again while a batch is on its way, which is then sent twice and stored once.
        script.checksSequences = true
        script.ignores = { api, _ in
            guard api == .metadata, isSilent.isOn else { return false }
            isSilent.isOn = false
            return true
        }
        try await withScriptedBroker(script) {
            ($0.metadataMaxAge, $0.metadataRebootstrapTrigger) = (.milliseconds(20), .milliseconds(500))
        } _: { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            let (before, connections) = (observer.events.count, broker.connections)
            isSilent.isOn = true
            try await observer.wait(from: before) { if case .rebootstrapping = $0 { true } else { false } }
            try await broker.wait { $0.connections > connections }
            _ = try await producer.send(.text("b"))
            #expect(broker.values() == ["a", "b"])
        }
    }

    @Test("what is in flight when the producer begins again is sent again, once and in order")
    func inFlight() async throws {
        let isAsked = RefusalSwitch()
        var script = BrokerScript.steps([.append(), .append(), .hold, .hold])
        script.topics = ["t": 2]
        script.checksSequences = true
        script.metadata = { _, response in
            guard isAsked.isOn else { return }
            isAsked.isOn = false
            response = MetadataResponse(errorCode: .rebootstrapRequired)
        }
        // Metadata is asked for at the broker that has nothing in flight.
        try await withScriptedBroker(script, nodes: 2) {
            ($0.metadataMaxAge, $0.batchSize) = (.milliseconds(5), 0)
        } _: { broker, producer, observer in
            for partition in Int32(0)..<2 { _ = try await producer.send(.text("first", partition: partition)) }
            let values = ["a", "b"].map { $0 + String(repeating: "x", count: 30) }
            for value in values { try await producer.enqueue(.text(value, partition: 0)) }
            try await broker.wait(forHeld: 2)
            isAsked.isOn = true
            try await observer.wait { if case .rebootstrapping = $0 { true } else { false } }
            try await producer.flush()
            #expect(broker.values() == ["first"] + values)
            #expect(producer.statistics.batchesRetried >= 2)
        }
    }

    /// The cluster began anew and nothing was to come that would have made it ask: batches that had not been sent yet ran
    /// out of time though all brokers were there.
    @Test("bootstrap.servers are asked as soon as no known broker is left, whatever else is to come")
    func asksAtOnce() async throws {
        let isMisleading = RefusalSwitch()
        isMisleading.isOn = true
        var script = BrokerScript()
        script.metadata = { _, response in
            guard isMisleading.isOn else { return }
            // Nobody is at that port.
            response.brokers = [MetadataResponse.Broker(nodeID: 9, host: "127.0.0.1", port: 9)]
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [9], epoch: 0)
            }
        }
        try await withVirtualBroker(script, configure: { $0.metadataMaxAge = .seconds(3600) }) {
            broker,
            producer,
            observer,
            network in
            let sending = Task { try await producer.send(.text("a")) }
            #expect(await network.advance { count(observer) > 0 })
            let asked = broker.metadataAsked.count
            #expect(await network.advance { broker.metadataAsked.count > asked + 10 })
            isMisleading.isOn = false
            #expect(await network.advance(atMost: .seconds(5)) { broker.values() == ["a"] })
            _ = try await sending.value
        }
    }

    /// It had to be connected to a second time, after its wait, and meanwhile counted as lost.
    @Test("a broker that is down is known again by the connection to its bootstrap address")
    func takesPlace() async throws {
        try await withVirtualBroker(.steps([.append(), .close])) { broker, producer, observer, network in
            let first = Task { try await producer.send(.text("a")) }
            #expect(await network.advance { broker.values() == ["a"] })
            _ = try await first.value
            let peer = network.peer(at: broker.ports[0])
            network.set(nil, at: broker.ports[0])
            let second = Task { try await producer.send(.text("b")) }
            #expect(await network.advance { count(observer) > 0 })
            network.set(peer, at: broker.ports[0])
            #expect(await network.advance { broker.values() == ["a", "b"] })
            _ = try await second.value
            #expect(broker.connections == 2)
        }
    }

    /// The answer ends the connection to the bootstrap address that it came on. Nobody looked then what it was good for,
    /// until some timer ran out: after request.timeout.ms, mostly.
    @Test("metadata that makes its own connection needless is acted on at once")
    func lastAnswer() async throws {
        try await withScriptedBroker(.steps([.close])) {
            ($0.requestTimeout, $0.metadataMaxAge) = (.seconds(3600), .seconds(3600))
            ($0.metadataRebootstrapTrigger, $0.connectionsMaxIdle) = (.seconds(3600), .seconds(3600))
        } _: { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.values() == ["a"])
        }
    }

    @Test("the only broker is not lost when it merely ends a connection")
    func endedConnection() async throws {
        try await withScriptedBroker(.steps([.append(), .close])) { _ in
        } _: { broker, producer, observer in
            for value in ["a", "b"] { _ = try await producer.send(.text(value)) }
            #expect(broker.values() == ["a", "b"])
            #expect(count(observer) == 0)
        }
    }

    @Test("with metadata.recovery.strategy=none the brokers that the cluster named are all that is tried")
    func none() async throws {
        let dead = try ClosedPort()
        var script = BrokerScript()
        script.metadata = { _, response in
            guard !response.topics.isEmpty else { return }
            response.brokers = [MetadataResponse.Broker(nodeID: 9, host: "127.0.0.1", port: Int32(dead.port))]
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [9], epoch: 0)
            }
        }
        try await withScriptedBroker(script) {
            ($0.metadataRecoveryStrategy, $0.metadataRebootstrapTrigger) = (.none, .milliseconds(50))
            ($0.deliveryTimeout, $0.requestTimeout) = (.milliseconds(600), .milliseconds(500))
        } _: { broker, producer, observer in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .timedOut && error.message.contains("\(dead.port)"))
            // The broker of the beginning, and the same one as the cluster named it first.
            #expect(count(observer) == 0 && (1...2).contains(broker.connections))
        }
    }
}
