// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Platform
import Synchronization
import Testing

@testable import KafkaProducer

/// Topics that come up, change, or may not be used.
@Suite("Metadata", .timeLimit(.minutes(10)))
struct MetadataTests {
    @Test("a partition that is not there yet is waited for, and asked for again")
    func partitionIsAdded() async throws {
        var script = BrokerScript()
        script.metadata = { ordinal, response in
            guard ordinal >= 3 else { return }
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [1, 1, 1], epoch: 0)
            }
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a", partition: 0))
            _ = try await producer.send(.text("b", partition: 2))
            #expect(broker.values(2) == ["b"])
        }
    }

    @Test("a topic that is not there yet is waited for")
    func topicIsMade() async throws {
        var script = BrokerScript()
        script.metadata = { ordinal, response in
            for index in response.topics.indices where ordinal < 4 {
                response.topics[index].errorCode = .leaderNotAvailable
                response.topics[index].partitions = []
            }
        }
        try await withScriptedBroker(script) { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            #expect(broker.values() == ["a"])
            let told = observer.events.filter { event in
                if case .topicUnavailable("t", .leaderNotAvailable) = event { true } else { false }
            }
            #expect(told.count == 1)
        }
    }

    @Test("a topic that may not be used fails at once, and may be used once it is allowed")
    func authorizationComes() async throws {
        var script = BrokerScript()
        script.metadata = { ordinal, response in
            for index in response.topics.indices where ordinal < 2 {
                response.topics[index].errorCode = .topicAuthorizationFailed
                response.topics[index].partitions = []
            }
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            var attempts = 0
            while attempts < 10 {
                attempts += 1
                do {
                    _ = try await producer.send(.text("a"))
                    break
                } catch let error as ProducerError {
                    #expect(error.code == .broker(.topicAuthorizationFailed))
                }
            }
            #expect(broker.values() == ["a"])
            #expect(attempts > 1)
        }
    }

    @Test("a broker that asks for it is left for bootstrap.servers (KIP-1102)")
    func rebootstrap() async throws {
        let isAsked = Mutex(false)
        var script = BrokerScript()
        script.topics = ["t": 1, "u": 1]
        script.metadata = { _, response in
            guard response.topics.contains(where: { $0.name == "u" }) else { return }
            let isFirst = isAsked.withLock { isAsked in
                defer { isAsked = true }
                return !isAsked
            }
            if isFirst { response = MetadataResponse(errorCode: .rebootstrapRequired) }
        }
        try await withScriptedBroker(script) { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            _ = try await producer.send(ProducerRecord(topic: "u", value: nil))
            #expect(broker.values() == ["a", "null"])
            let isTold = observer.events.contains { if case .rebootstrapping = $0 { true } else { false } }
            #expect(isTold)
        }
    }

    @Test("when no broker that the cluster named can be reached, bootstrap.servers are asked again (KIP-899)")
    func unreachableCluster() async throws {
        let dead = try ClosedPort()
        var script = BrokerScript()
        script.metadata = { ordinal, response in
            guard ordinal < 2 else { return }
            response.brokers = [MetadataResponse.Broker(nodeID: 9, host: "127.0.0.1", port: Int32(dead.port))]
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [9], epoch: 0)
            }
        }
        try await withScriptedBroker(script) { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            #expect(broker.values() == ["a"])
            let isTold = observer.events.contains { if case .rebootstrapping = $0 { true } else { false } }
            #expect(isTold)
        }
    }

    @Test("an answer without brokers is no answer")
    func noBrokers() async throws {
        var script = BrokerScript()
        script.metadata = { ordinal, response in
            if ordinal < 3 { response.brokers = [] }
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.metadataAsked.count >= 4)
        }
    }

    @Test("metadata is asked for anew after metadata.max.age.ms")
    func maximumAge() async throws {
        try await withScriptedBroker(configure: { $0.metadataMaxAge = .milliseconds(20) }) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            try await broker.wait { $0.metadataAsked.count >= 5 }
            #expect(broker.metadataAsked.last == ["t"])
        }
    }

    @Test("what waits for a topic fails as soon as the topic is refused", arguments: [Compression.none, .gzip()])
    func refusedLater(compression: Compression) async throws {
        let isRefused = Mutex(false)
        var script = BrokerScript()
        script.metadata = { _, response in
            guard isRefused.withLock({ $0 }) else { return }
            for index in response.topics.indices {
                response.topics[index].errorCode = .topicAuthorizationFailed
                response.topics[index].partitions = []
            }
        }
        try await withScriptedBroker(script) {
            ($0.linger, $0.compression) = (.seconds(3600), compression)
            $0.metadataMaxAge = .milliseconds(20)
        } _: { broker, producer, observer in
            try await producer.enqueue(.text("a"))
            isRefused.withLock { $0 = true }
            try await observer.wait(forReports: 1)
            #expect(observer.reports[0].errors.map { $0?.code } == [.broker(.topicAuthorizationFailed)])
            #expect(broker.calls.isEmpty)
        }
    }

    @Test("what a worker seals while its topic is being refused is not sent")
    func sealedWhileRefused() async throws {
        let isRefused = Mutex(false)
        var script = BrokerScript()
        script.topics = ["t": 2]
        script.metadata = { _, response in
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [-1, 1], epoch: 0)
                if isRefused.withLock({ $0 }) { response.topics[index].errorCode = .topicAuthorizationFailed }
            }
        }
        try await withScriptedBroker(script) {
            ($0.linger, $0.compression, $0.batchSize) = (.seconds(3600), .gzip(), 600_000)
        } _: { broker, producer, observer in
            let topic = producer.accumulator.topic(named: "t")
            let isSealed: @Sendable (Int) -> Bool = { partition in
                topic.view.queues[partition].state.withLock { $0.closed.first?.isSealed == true }
            }
            try await producer.enqueue(.text(String(repeating: "a", count: 500_000), partition: 1))
            // The first of these is sealed, and waits for a leader.
            for _ in 0..<2 {
                try await producer.enqueue(.text(String(repeating: "b", count: 700_000), partition: 0))
            }
            while !isSealed(0) { await Task.yield() }
            // The sender has given that one up, and goes on only when the lingering one of the other partition is sealed.
            observer.onReport.withLock { report in
                report = {
                    observer.onReport.withLock { $0 = nil }
                    while !isSealed(1) { sched_yield() }
                }
            }
            isRefused.withLock { $0 = true }
            try await observer.wait(forReports: 3)
            let refused = ProducerError.Code.broker(.topicAuthorizationFailed)
            #expect(observer.reports.flatMap(\.errors).map { $0?.code } == [refused, refused, refused])
            #expect(broker.calls.isEmpty)
        }
    }
}
