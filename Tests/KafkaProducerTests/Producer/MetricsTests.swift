// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import Testing

@testable import KafkaProducer

/// What a whole producer counts while it sends.
@Suite("Metrics of a producer", .timeLimit(.minutes(10)))
struct MetricsTests {
    private func values(_ producer: KafkaProducer) async -> [String: Double] {
        let metrics = await producer.metrics()
        return Dictionary(uniqueKeysWithValues: metrics.map { ($0.description, $0.value) })
    }

    @Test("what was sent, to whom, and how it was answered")
    func sending() async throws {
        try await withEmbeddedBrokerAndProducer(configure: { $0.compression = .gzip(level: 6) }) { _, producer in
            for _ in 0..<3 { _ = try await producer.send(.text(String(repeating: "x", count: 1000))) }
            try await producer.flush()
            let values = await values(producer)
            let client = "{client-id=producer-1}"
            #expect(values["producer-metrics:record-send-total:\(client)"] == 3)
            #expect(values["producer-metrics:records-per-request-avg:\(client)"] == 1)
            #expect(values["producer-metrics:record-size-avg:\(client)"] == 1000)
            #expect(try #require(values["producer-metrics:compression-rate-avg:\(client)"]) < 0.5)
            #expect(try #require(values["producer-metrics:batch-size-max:\(client)"]) < 500)
            #expect(values["producer-metrics:requests-in-flight:\(client)"] == 0)
            #expect(try #require(values["producer-metrics:connection-count:\(client)"]) >= 1)
            #expect(values["producer-metrics:buffer-available-bytes:\(client)"] == 33_554_432)
            #expect(try #require(values["producer-metrics:request-latency-avg:\(client)"]) > 0)
            #expect(try #require(values["producer-metrics:metadata-age:\(client)"]) >= 0)
            #expect(try #require(values["producer-metrics:metadata-wait-time-ns-total:\(client)"]) > 0)
            #expect(try #require(values["producer-metrics:flush-time-ns-total:\(client)"]) > 0)
            #expect(values["producer-topic-metrics:record-send-total:{client-id=producer-1, topic=t}"] == 3)
            // ApiVersions and Metadata went to the bootstrap address, the batches to the leader.
            let bootstrap = "{client-id=producer-1, node-id=node--1}"
            let leader = "{client-id=producer-1, node-id=node-1}"
            #expect(try #require(values["producer-node-metrics:request-total:\(bootstrap)"]) >= 2)
            #expect(try #require(values["producer-node-metrics:response-total:\(leader)"]) >= 4)
            #expect(try #require(values["producer-node-metrics:request-latency-max:\(leader)"]) > 0)
        }
    }

    @Test("retries, failures and pauses that a broker asks for")
    func trouble() async throws {
        let steps: [BrokerScript.Step] = [
            .fail(.notEnoughReplicas), .append(throttle: 1), .fail(.topicAuthorizationFailed),
        ]
        try await withScriptedBroker(.steps(steps)) { _, producer, _ in
            _ = try await producer.send(.text("a"))
            _ = await producerError { _ = try await producer.send(.text("b")) }
            let values = await values(producer)
            #expect(values["producer-metrics:record-retry-total:{client-id=producer-1}"] == 1)
            #expect(values["producer-topic-metrics:record-retry-total:{client-id=producer-1, topic=t}"] == 1)
            #expect(values["producer-metrics:record-error-total:{client-id=producer-1}"] == 1)
            #expect(values["producer-topic-metrics:record-error-total:{client-id=producer-1, topic=t}"] == 1)
            #expect(values["producer-metrics:produce-throttle-time-max:{client-id=producer-1}"] == 1)
            #expect(values["producer-metrics:record-send-total:{client-id=producer-1}"] == 3)
        }
    }

    @Test("a connection that the broker closes is counted as closed")
    func closedConnection() async throws {
        try await withScriptedBroker(.steps([.close])) { _, producer, _ in
            _ = try await producer.send(.text("a"))
            let values = await values(producer)
            #expect(try #require(values["producer-metrics:connection-close-total:{client-id=producer-1}"]) >= 1)
        }
    }

    @Test("the profile tells compressing and waiting for memory")
    func profile() async throws {
        try await withEmbeddedBrokerAndProducer {
            $0.compression = .gzip(level: 9)
            $0.bufferMemory = 40_000
        } _: { _, producer in
            let appender = try await producer.appender(topic: "t")
            await Task.detached {
                let value = Array(repeating: UInt8(ascii: "x"), count: 10_000)
                for number in 0..<50 {
                    let tag = RecordTag(number: UInt64(number), offset: 0)
                    let details = RecordDetails(timestamp: 0, tag: tag)
                    while appender.append(key: nil, value: value.span, details: details) == .full {
                        waitForRoom(appender)
                    }
                }
            }.value
            try await producer.flush()
            let profile = await producer.profile()
            #expect(profile.workers >= 1)
            #expect(profile.codecBusy > .zero)
            #expect(profile.memoryWait > .zero)
            #expect(profile.flushWait > .zero)
        }
    }

    @Test("a closed producer has no metrics to tell")
    func closed() async throws {
        try await withEmbeddedBroker { broker in
            let producer = try KafkaProducer(configuration: .test(ports: broker.ports))
            await producer.close()
            #expect(await producer.metrics().isEmpty)
            #expect(await producer.profile() == LoadProfile())
        }
    }
}

/// Outside of a task's words, so that it may block.
private func waitForRoom(_ appender: RecordAppender) { _ = appender.waitForRoom() }
