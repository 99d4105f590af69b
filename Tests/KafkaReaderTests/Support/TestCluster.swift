// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaEmbeddedBroker
import KafkaProducer
@testable import KafkaReader
import Logging

/// An embedded cluster with topic `t`, and a reader for it.
struct TestCluster {
    let broker: EmbeddedBroker
    let reader: KafkaReader

    /// Runs `body` with a cluster, and stops it afterwards.
    static func run(
        partitions: Int = 1,
        brokers: Int = 1,
        configure: (inout ReaderConfiguration) -> Void = { _ in },
        _ body: (TestCluster) async throws -> Void
    ) async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.topics = ["t": partitions]
        configuration.brokers = brokers
        let broker = try await EmbeddedBroker.start(configuration, logger: .silent)
        let reader = try KafkaReader(.test(broker.ports, configure), logger: .silent)
        do {
            try await body(TestCluster(broker: broker, reader: reader))
        } catch {
            await reader.close()
            await broker.stop()
            throw error
        }
        await reader.close()
        await broker.stop()
    }

    /// Sends values, one record each.
    func send(
        _ values: [String],
        partition: Int32 = 0,
        compression: Compression = .none,
        timestamp: Int64? = nil
    ) async throws {
        var configuration = ProducerConfiguration(
            bootstrapServers: broker.ports.map { BootstrapServer(host: "127.0.0.1", port: $0) }
        )
        configuration.compression = compression
        let producer = try KafkaProducer(configuration: configuration)
        for value in values {
            let record = ProducerRecord(
                topic: "t",
                partition: partition,
                value: Array(value.utf8),
                timestamp: timestamp
            )
            try await producer.send(record) { _ in }
        }
        await producer.close()
    }

    /// The values of a partition.
    func values(
        _ partition: Int32 = 0,
        from start: ReadStart = .earliest,
        to end: ReadEnd = .latestAtStart
    ) async throws -> [String] {
        var values: [String] = []
        for try await records in try reader.read("t", partition: partition, from: start, to: end) {
            values += records.values
        }
        return values
    }
}

extension ReaderConfiguration {
    /// The defaults, but quick to try again, and with hours to answer: on a busy machine a test may wait for its turn longer
    /// than for any answer.
    static func test(_ ports: [Int], _ change: (inout ReaderConfiguration) -> Void = { _ in }) -> Self {
        var configuration = ReaderConfiguration(
            bootstrap: ports.map { BrokerAddress(nodeID: nil, host: "127.0.0.1", port: $0) }
        )
        configuration.requestTimeout = .seconds(3600)
        configuration.timeout = .seconds(3600)
        configuration.topicTimeout = .seconds(3600)
        configuration.client.retryBackoff = .milliseconds(1)
        configuration.client.retryBackoffMax = .milliseconds(2)
        configuration.client.reconnectBackoff = .milliseconds(1)
        configuration.client.reconnectBackoffMax = .milliseconds(2)
        change(&configuration)
        return configuration
    }
}

extension Logger {
    /// A logger that says nothing.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
