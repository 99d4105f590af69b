// SPDX-License-Identifier: Apache-2.0
import Configuration
import InMemoryTracing
import KafkaEmbeddedBroker
import KafkaProducer
import KafkaRecords
import Logging
import MetricsTestKit
import NIOCore
import ServiceLifecycle
import Testing
import Tracing

/// What the library's traits bring.
@Suite("Traits", .timeLimit(.minutes(5)))
struct TraitTests {
    @Test("a graceful shutdown of a service group delivers what a producer has")
    func service() async throws {
        try await EmbeddedBroker.withCluster(topics: ["t": 1]) { cluster in
            var configuration = try configuration(of: cluster)
            configuration.linger = .seconds(60)
            let producer = try KafkaProducer(configuration: configuration)
            let group = ServiceGroup(services: [producer], logger: Logger(label: "test"))
            async let running: Void = group.run()
            let delivery = try await producer.submit(ProducerRecord(topic: "t", value: "a"))
            await group.triggerGracefulShutdown()
            try await running
            #expect(try await delivery.metadata.offset == 0)
        }
    }

    @Test("metrics are handed on under the Java client's names, with its tags")
    func metrics() async throws {
        try await EmbeddedBroker.withCluster(topics: ["t": 1]) { cluster in
            let producer = try KafkaProducer(configuration: configuration(of: cluster))
            try await producer.send(ProducerRecord(topic: "t", value: "a"))
            let metrics = TestMetrics()
            let reporting = Task { await producer.reportMetrics(every: .seconds(3600), to: metrics) }
            while metrics.recorders.isEmpty { await Task.yield() }
            reporting.cancel()
            await reporting.value
            let sent = try metrics.expectGauge(
                "kafka.producer.producer-metrics.record-send-total",
                [("client-id", "producer-1")]
            )
            #expect(sent.lastValue == 1)
            await producer.close()
        }
    }

    @Test("a record has a span of kind producer, within the caller's, and its context in its headers")
    func tracing() async throws {
        // One for the whole process: other tests have spans too.
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        try await EmbeddedBroker.withCluster(topics: ["traced": 1]) { cluster in
            let producer = try KafkaProducer(configuration: configuration(of: cluster))
            try await withSpan("caller") { _ in
                _ = try await producer.send(ProducerRecord(topic: "traced", value: "a"))
            }
            await producer.close()
            let spans = tracer.finishedSpans
            let span = try #require(spans.first { $0.operationName == "send traced" })
            let caller = try #require(spans.first { $0.operationName == "caller" })
            #expect(span.kind == .producer && span.parentSpanID == caller.spanID && span.traceID == caller.traceID)
            #expect(span.attributes["messaging.destination.partition.id"]?.toSpanAttribute() == "0".toSpanAttribute())
            let stored = try await cluster.records(topic: "traced", partition: 0)
            let headers = stored.flatMap(\.headers).map { ($0.name, $0.value.map { String(buffer: $0) }) }
            #expect(headers.contains { $0 == (InMemoryTracer.spanIDKey, span.spanID) })
        }
    }

    @Test("settings are read under the Java producer's names, numbers and truth values among them")
    func configurationReader() throws {
        let provider = InMemoryProvider(values: [
            AbsoluteConfigKey(["kafka", "bootstrap", "servers"], context: [:]): "localhost:9092",
            AbsoluteConfigKey(["kafka", "linger", "ms"], context: [:]): 50,
            AbsoluteConfigKey(["kafka", "enable", "idempotence"], context: [:]): false,
        ])
        let reader = ConfigReader(provider: provider)
        let configuration = try ProducerConfiguration(reading: reader.scoped(to: "kafka"))
        #expect(configuration.bootstrapServers.first?.port == 9092)
        #expect(configuration.linger == .milliseconds(50))
        #expect(!configuration.isIdempotenceEnabled)
        #expect(throws: ConfigurationError.self) { try ProducerConfiguration(reading: reader) }
    }
}
