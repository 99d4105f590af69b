// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Testing

@testable import KafkaProducer

/// A producer that pushes its metrics to an embedded cluster that asks for them.
@Suite("Telemetry", .timeLimit(.minutes(10)))
struct TelemetryTests {
    /// What was pushed by a producer that sends a record and is closed.
    private func pushes(
        _ subscription: EmbeddedBroker.ClientMetrics?,
        _ configure: (inout ProducerConfiguration) -> Void = { _ in }
    ) async throws -> [EmbeddedBroker.PushedMetrics] {
        var pushes: [EmbeddedBroker.PushedMetrics] = []
        try await withEmbeddedBroker {
            $0.clientMetrics = subscription
        } _: { broker in
            var configuration = ProducerConfiguration.test(ports: broker.ports)
            configuration.clientID = "pushing"
            configure(&configuration)
            // The broker answers in order: once the record is stored, what it wants is known.
            try await withProducer(configuration) { _ = try await $0.send(.text("a")) }
            pushes = await broker.pushedMetrics
        }
        return pushes
    }

    @Test("a producer that is closed pushes for the last time", arguments: [[4], [3], [2], [1], []] as [[Int8]])
    func last(codecs: [Int8]) async throws {
        var subscription = EmbeddedBroker.ClientMetrics()
        subscription.acceptedCodecs = codecs
        let pushes = try await pushes(subscription)
        #expect(pushes.map(\.isLast) == [true])
        #expect(pushes.first?.codec == codecs.first ?? 0)
        #expect(pushes.first?.clientID == "pushing")
        let text = String(decoding: pushes.first?.data ?? [], as: UTF8.self)
        #expect(text.contains("org.apache.kafka.producer.record.send.total"))
        #expect(text.contains("org.apache.kafka.producer.topic.byte.total"))
        #expect(!text.contains("pushing"), "the broker knows the client.id")
    }

    @Test("it pushes what is wanted alone")
    func selected() async throws {
        let pushes = try await pushes(.init(metrics: ["org.apache.kafka.producer.topic."]))
        let text = String(decoding: pushes.first?.data ?? [], as: UTF8.self)
        #expect(text.contains("org.apache.kafka.producer.topic.byte.total"))
        #expect(!text.contains("org.apache.kafka.producer.record.send.total"))
    }

    @Test("client.rack goes along")
    func resource() async throws {
        let pushes = try await pushes(.init()) { $0.clientRack = "my-rack" }
        let text = String(decoding: pushes.first?.data ?? [], as: UTF8.self)
        #expect(text.contains("client_rack") && text.contains("my-rack"))
    }

    @Test(
        "nothing is pushed to who does not ask, does not know how to, wants nothing, takes less, or when it is switched off"
    )
    func nothing() async throws {
        #expect(try await pushes(nil).isEmpty)
        #expect(try await pushes(.init(metrics: [])).isEmpty)
        #expect(try await pushes(.init()) { $0.pushesMetrics = false }.isEmpty)
        var small = EmbeddedBroker.ClientMetrics()
        small.maximumBytes = 10
        #expect(try await pushes(small).isEmpty)
    }

    @Test("metrics are pushed as long as records are sent")
    func whileSending() async throws {
        try await withEmbeddedBroker {
            $0.clientMetrics = .init(interval: .milliseconds(100))
        } _: { broker in
            try await withProducer(.test(ports: broker.ports)) { producer in
                for _ in 0..<100_000 {
                    if await broker.pushedMetrics.count >= 3 { break }
                    _ = try await producer.send(.text("a"))
                }
                #expect(await broker.pushedMetrics.count >= 3)
                #expect(await broker.pushedMetrics.allSatisfy { !$0.isLast })
            }
            #expect(await broker.pushedMetrics.last?.isLast == true)
        }
    }
}
