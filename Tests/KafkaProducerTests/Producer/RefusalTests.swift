// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaEmbeddedBroker
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Records and settings that cannot be served, and how that is told.
@Suite("Refusal", .timeLimit(.minutes(10)))
struct RefusalTests {
    // MARK: records

    @Test("a record beyond max.request.size is refused, and nothing is kept for it")
    func beyondRequestSize() async throws {
        try await withEmbeddedBrokerAndProducer(configure: { $0.maxRequestSize = 1000 }) { broker, producer in
            let error = try #require(
                await producerError { _ = try await producer.send(.text(String(repeating: "x", count: 1000))) }
            )
            #expect(error.code == .recordTooLarge && error.topic == "t")
            #expect(error.message.contains("1083") && error.message.contains("max.request.size"))
            #expect(producer.statistics.batchesIncomplete == 0)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
            _ = try await producer.send(.text("a"))
            #expect(try await broker.values() == ["a"])
        }
    }

    @Test("a record beyond buffer.memory is refused")
    func beyondMemory() async throws {
        try await withEmbeddedBrokerAndProducer(configure: { $0.bufferMemory = 1000 }) { _, producer in
            let error = try #require(
                await producerError { _ = try await producer.send(.text(String(repeating: "x", count: 1000))) }
            )
            #expect(error.code == .recordTooLarge && error.message.contains("buffer.memory"))
        }
    }

    @Test("a record for a partition that is not there fails when max.block.ms is over")
    func unknownPartition() async throws {
        var script = BrokerScript()
        script.topics = ["t": 2]
        try await withScriptedBroker(script, configure: { $0.maxBlock = .seconds(2) }) { _, producer, _ in
            let error = try #require(await producerError { _ = try await producer.send(.text("a", partition: 2)) })
            #expect(error.code == .unknownPartition && error.topic == "t" && error.partition == 2)
            #expect(error.message.contains("partition count 2") && error.message.contains("2000 ms"))
        }
    }

    @Test("a negative partition fails at once")
    func negativePartition() async throws {
        try await withEmbeddedBrokerAndProducer { _, producer in
            let error = try #require(await producerError { _ = try await producer.send(.text("a", partition: -1)) })
            #expect(error.code == .unknownPartition)
        }
    }

    @Test("a topic whose name cannot be fails at once")
    func invalidTopic() async throws {
        try await withEmbeddedBrokerAndProducer { _, producer in
            let error = try #require(
                await producerError {
                    _ = try await producer.send(ProducerRecord(topic: "no such name!", value: nil))
                }
            )
            #expect(error.code == .broker(.invalidTopic) && error.topic == "no such name!")
        }
    }

    @Test("a topic that is not there fails when max.block.ms is over, and says why")
    func unknownTopic() async throws {
        try await withScriptedBroker(configure: { $0.maxBlock = .seconds(2) }) { _, producer, _ in
            let error = try #require(
                await producerError { _ = try await producer.send(ProducerRecord(topic: "unknown", value: nil)) }
            )
            #expect(error.code == .broker(.unknownTopicOrPartition) && error.topic == "unknown")
            #expect(error.message.contains("not present in metadata after 2000 ms"))
            #expect(error.message.contains("UNKNOWN_TOPIC_OR_PARTITION"))
        }
    }

    @Test("when memory stays used up a record fails when max.block.ms is over")
    func noMemory() async throws {
        var script = BrokerScript()
        script.produce = { _ in .hold }
        try await withScriptedBroker(script) {
            ($0.bufferMemory, $0.batchSize, $0.maxBlock) = (1000, 1000, .seconds(2))
        } _: { broker, producer, _ in
            try await producer.enqueue(.text("a"))
            try await broker.wait(forHeld: 1)
            let error = try #require(await producerError { try await producer.enqueue(.text("b")) })
            #expect(error.code == .timedOut && error.message.contains("buffer.memory"))
            broker.answerHeld()
        }
    }

    // MARK: brokers

    @Test("when no broker can be reached, that is told with its address when max.block.ms is over")
    func unreachable() async throws {
        // Nothing listens at that port.
        try await withScriptedBroker(configure: {
            ($0.bootstrapServers, $0.maxBlock) = ([BootstrapServer(host: "127.0.0.1", port: 99)], .seconds(2))
        }) { _, producer, observer in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .noBrokerReachable)
            #expect(error.message.contains("127.0.0.1:99") && error.message.contains("bootstrap.servers"))
            let isTold = observer.events.contains { event in
                if case .brokerUnreachable(let address, _, _) = event { address.port == 99 } else { false }
            }
            #expect(isTold)
        }
    }

    @Test("a server that is not Kafka is told from one that is")
    func notKafka() async throws {
        var script = BrokerScript()
        script.refusal = { _ in Array("HTTP/1.1 400 Bad Request".utf8) }
        try await withScriptedBroker(script, configure: { $0.maxBlock = .seconds(2) }) { _, producer, _ in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .noBrokerReachable && error.message.contains("ApiVersions"))
        }
    }

    @Test("one bootstrap server that answers is enough")
    func oneIsEnough() async throws {
        try await withEmbeddedBroker { broker in
            let dead = try ClosedPort()
            for ports in [[dead.port] + broker.ports, broker.ports + [dead.port]] {
                try await withProducer(.test(ports: ports)) { producer in
                    _ = try await producer.send(.text("a"))
                }
            }
            #expect(try await broker.values() == ["a", "a"])
        }
    }

    // MARK: settings

    @Test(
        "a login without credentials, or a store that cannot be read, is refused, and nothing weaker used in its place"
    )
    func security() throws {
        for security in SecurityProtocol.allCases where security != .plaintext {
            var configuration = ProducerConfiguration.test(ports: [1])
            configuration.securityProtocol = security
            configuration.tls.trustStore = .pemFile("/no/such/ca.pem")
            let error = #expect(throws: ProducerError.self) { _ = try KafkaProducer(configuration: configuration) }
            let expected =
                security.usesSASL ? "security.protocol=\(security.rawValue) needs a login" : "/no/such/ca.pem"
            #expect(error?.code == .configuration && error?.message.contains(expected) == true)
        }
    }

    @Test("two-phase commit is refused")
    func transactions() throws {
        var configuration = ProducerConfiguration.test(ports: [1])
        configuration.transactionalID = "mine"
        configuration.isTwoPhaseCommitEnabled = true
        let error = #expect(throws: ProducerError.self) { _ = try KafkaProducer(configuration: configuration) }
        #expect(error?.code == .configuration && error?.message.contains("two.phase.commit") == true)
    }
}
