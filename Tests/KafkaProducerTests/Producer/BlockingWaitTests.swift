// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProtocol
import Synchronization
import Testing

@testable import KafkaProducer

/// What a thread that may block waits for.
@Suite("Waits of a thread", .timeLimit(.minutes(10)))
struct BlockingWaitTests {
    /// What `body` gives on a thread that may block.
    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () -> Result<Value, ProducerError>
    ) async throws -> Value {
        try await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }.get()
    }

    private func appender(_ producer: KafkaProducer, _ topic: String) async throws -> RecordAppender {
        try await onThread {
            Result { () throws(ProducerError) in LentAppender(try producer.waitForAppender(topic: topic)) }
        }
        .appender
    }

    private func wait(_ producer: KafkaProducer, _ topic: String, _ partition: Int32) async throws {
        try await onThread {
            Result { () throws(ProducerError) in try producer.waitForTopic(topic, partition: partition) }
        }
    }

    @Test("a topic, and a partition that its records name, are waited for, and each record is told of")
    func partitionIsAdded() async throws {
        var script = BrokerScript()
        script.metadata = { ordinal, response in
            guard ordinal >= 3 else { return }
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [1, 1, 1], epoch: 0)
            }
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            let appender = try await appender(producer, "t")
            #expect(appender.partitionCount == 1)
            try await wait(producer, "t", 2)
            let gate = Eventual<Result<RecordMetadata, ProducerError>>()
            let details = RecordDetails(partition: 2, timestamp: 7) { gate.come($0) }
            #expect(appender.append(key: nil, value: Array("b".utf8).span, details: details) == .appended)
            let metadata = try await gate.value().get()
            #expect(metadata.partition == 2 && metadata.timestamp == 7)
            #expect(broker.values(2) == ["b"])
            // What is known is not waited for, even when waits are over.
            producer.interruptTopicWaits()
            try await wait(producer, "t", 1)
            let error = await producerError { try await wait(producer, "t", -1) }
            #expect(error?.code == .unknownPartition)
        }
    }

    @Test("the wait of a thread ends with max.block.ms, with an interruption, and with the producer")
    func waitEnds() async throws {
        let port = try ClosedPort()
        var configuration = ProducerConfiguration.test(ports: [port.port])
        configuration.maxBlock = .zero
        try await withProducer(configuration) { producer in
            let error = await producerError { _ = try await appender(producer, "t") }
            #expect(error?.code == .timedOut || error?.code == .noBrokerReachable)
        }
        configuration.maxBlock = .seconds(3600)
        try await withProducer(configuration) { producer in
            async let waited = producerError { _ = try await appender(producer, "t") }
            producer.interruptTopicWaits()
            #expect(await waited?.code == .interrupted)
            await producer.close()
            let error = await producerError { _ = try await appender(producer, "t") }
            #expect(error?.code == .closed)
        }
    }
}
