// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import Logging
import NIOCore

@testable import KafkaProducer

extension ProducerConfiguration {
    /// The defaults, but without lingering, quick to try again, and with hours to answer and to deliver, so that tests may
    /// linger.
    static func test(ports: [Int], host: String = "127.0.0.1") -> ProducerConfiguration {
        var configuration = ProducerConfiguration(
            bootstrapServers: ports.map { BootstrapServer(host: host, port: $0) }
        )
        configuration.linger = .zero
        configuration.deliveryTimeout = .seconds(7200)
        // On a busy machine a test may wait for its turn longer than for any answer.
        configuration.requestTimeout = .seconds(3600)
        configuration.telemetryPatience = .seconds(3600)
        configuration.retryBackoff = .milliseconds(2)
        configuration.retryBackoffMax = .milliseconds(20)
        configuration.reconnectBackoff = .milliseconds(2)
        configuration.reconnectBackoffMax = .milliseconds(20)
        return configuration
    }
}

/// Runs `body` with a producer, and closes it afterwards: with all it has if the body succeeds, else at once.
func withProducer(
    _ configuration: ProducerConfiguration,
    observer: RecordingObserver? = nil,
    partitioner: (any Partitioner)? = nil,
    _ body: (KafkaProducer) async throws -> Void
) async throws {
    let producer = try KafkaProducer(configuration: configuration, observer: observer, partitioner: partitioner)
    do {
        try await body(producer)
    } catch {
        await producer.close(timeout: .zero)
        throw error
    }
    await producer.close()
}

/// Runs `body` with an embedded cluster whose topic `t` has so many partitions.
func withEmbeddedBroker(
    partitions: Int = 1,
    _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
    _ body: (EmbeddedBroker) async throws -> Void
) async throws {
    var configuration = EmbeddedBroker.Configuration()
    configuration.topics = ["t": partitions]
    configure(&configuration)
    let broker = try await EmbeddedBroker.start(configuration, logger: .silent)
    do {
        try await body(broker)
    } catch {
        await broker.stop()
        throw error
    }
    await broker.stop()
}

/// Runs `body` with an embedded cluster and a producer for it.
func withEmbeddedBrokerAndProducer(
    partitions: Int = 1,
    brokers: Int = 1,
    observer: RecordingObserver? = nil,
    configure: (inout ProducerConfiguration) -> Void = { _ in },
    _ body: (EmbeddedBroker, KafkaProducer) async throws -> Void
) async throws {
    try await withEmbeddedBroker(partitions: partitions) {
        $0.brokers = brokers
    } _: { broker in
        var configuration = ProducerConfiguration.test(ports: broker.ports)
        configure(&configuration)
        try await withProducer(configuration, observer: observer) { try await body(broker, $0) }
    }
}

extension EmbeddedBroker {
    /// The values of a partition of topic `t` as text, in order.
    func values(_ partition: Int = 0) async throws -> [String] {
        try await records(topic: "t", partition: partition).map { record in
            record.value.map { String(buffer: $0) } ?? "null"
        }
    }
}

extension ProducerRecord {
    /// A record of topic `t`.
    static func text(
        _ value: String,
        key: String? = nil,
        partition: Int32? = nil,
        timestamp: Int64? = nil
    ) -> ProducerRecord {
        ProducerRecord(
            topic: "t",
            partition: partition,
            key: key.map { Array($0.utf8) },
            value: Array(value.utf8),
            timestamp: timestamp
        )
    }
}

extension Logger {
    /// A logger that says nothing.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// What `body` throws, if it is a producer's error.
func producerError(_ body: () async throws -> Void) async -> ProducerError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? ProducerError
    }
}
