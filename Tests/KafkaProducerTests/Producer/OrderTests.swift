// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import Testing

@testable import KafkaProducer

/// Every record once and in order, whatever the settings.
@Suite("Order", .timeLimit(.minutes(10)))
struct OrderTests {
    /// A way to set a producer up.
    struct Setting: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (inout ProducerConfiguration) -> Void

        init(_ name: String, _ apply: @escaping @Sendable (inout ProducerConfiguration) -> Void) {
            testDescription = name
            self.apply = apply
        }

        static let all = [
            Setting("defaults") { _ in },
            Setting("small batches") { $0.batchSize = 100 },
            Setting("a batch for each record") { $0.batchSize = 0 },
            Setting("lingering") { $0.linger = .milliseconds(5) },
            Setting("acks=1") { $0.acks = .leader },
            Setting("acks=0") { $0.acks = .none },
            Setting("acks=0, small batches") { ($0.acks, $0.batchSize) = (.none, 100) },
            Setting("without idempotence") { $0.idempotence = .off },
            Setting("one request in flight") { ($0.maxInFlightRequestsPerConnection, $0.batchSize) = (1, 100) },
            Setting("one request in flight, without idempotence") {
                ($0.maxInFlightRequestsPerConnection, $0.batchSize, $0.idempotence) = (1, 100, .off)
            },
            Setting("little memory") { ($0.bufferMemory, $0.batchSize) = (1000, 300) },
            Setting("small requests") { ($0.maxRequestSize, $0.batchSize) = (400, 300) },
            Setting("gzip") { $0.compression = .gzip() },
            Setting("snappy, small batches") { ($0.compression, $0.batchSize) = (.snappy, 200) },
            Setting("lz4, lingering") { ($0.compression, $0.linger) = (.lz4(), .milliseconds(5)) },
            Setting("zstd, little memory") {
                ($0.compression, $0.bufferMemory, $0.batchSize) = (.zstd(), 2000, 300)
            },
        ]
    }

    @Test("300 records over 5 partitions and 3 brokers", arguments: Setting.all)
    func everyRecordOnce(setting: Setting) async throws {
        try await withEmbeddedBrokerAndProducer(partitions: 5, brokers: 3, configure: setting.apply) {
            broker,
            producer in
            var expected: [[String]] = Array(repeating: [], count: 5)
            for index in 0..<300 {
                let partition = index * 7 % 5
                expected[partition].append("value \(index)")
                try await producer.enqueue(.text("value \(index)", partition: Int32(partition)))
            }
            try await producer.flush()
            for partition in 0..<5 {
                // With acks=0 nobody tells when the broker has read what was written.
                while try await broker.logEndOffset(topic: "t", partition: partition) < expected[partition].count {
                    await Task.yield()
                }
                let stored = try await broker.values(partition)
                #expect(stored == expected[partition])
            }
            #expect(producer.statistics.recordsAcked == 300 && producer.statistics.recordsFailed == 0)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }

    @Test(
        "batches are compressed with the codec that is set",
        arguments: [
            (Compression.none, CompressionType.none), (.gzip(level: 9), .gzip), (.snappy, .snappy),
            (.lz4(level: 1), .lz4), (.zstd(level: -5), .zstd),
        ]
    )
    func codec(compression: Compression, type: CompressionType) async throws {
        try await withEmbeddedBrokerAndProducer(configure: { $0.compression = compression }) { broker, producer in
            for index in 0..<50 { try await producer.enqueue(.text("a value that repeats \(index % 3)")) }
            try await producer.flush()
            let records = try await broker.records(topic: "t", partition: 0)
            #expect(records.count == 50)
            #expect(records.allSatisfy { $0.batch.compressionType == type })
        }
    }

    @Test(
        "batches carry a producer id and sequences with idempotence only",
        arguments: [(Idempotence.automatic, Acks.all, true), (.automatic, .leader, false), (.off, .all, false)]
    )
    func producerID(idempotence: Idempotence, acks: Acks, isExpected: Bool) async throws {
        try await withEmbeddedBrokerAndProducer {
            ($0.idempotence, $0.acks) = (idempotence, acks)
        } _: { broker, producer in
            for index in 0..<3 { _ = try await producer.send(.text("\(index)")) }
            let batches = try await broker.records(topic: "t", partition: 0).map(\.batch)
            #expect(batches.map(\.hasProducerID) == [isExpected, isExpected, isExpected])
            #expect(batches.map(\.baseSequence) == (isExpected ? [0, 1, 2] : [-1, -1, -1]))
        }
    }

    @Test("with acks=0 nobody knows the offset")
    func noOffset() async throws {
        try await withEmbeddedBrokerAndProducer(configure: { $0.acks = .none }) { _, producer in
            let metadata = try await producer.send(.text("a", timestamp: 5))
            #expect(metadata == RecordMetadata(topic: "t", partition: 0, offset: nil, timestamp: 5))
        }
    }

    @Test(
        "a thread that appends runs within little memory waits for room, and delivers all in order",
        arguments: [Compression.none, .lz4(), .zstd()]
    )
    func runs(compression: Compression) async throws {
        let values = (0..<2000).map { "value \($0)" }
        let observer = RecordingObserver()
        try await withEmbeddedBrokerAndProducer(partitions: 3, observer: observer) {
            ($0.bufferMemory, $0.batchSize, $0.compression) = (8000, 1000, compression)
        } _: { broker, producer in
            let appender = try await producer.appender(topic: "t")
            let waits = await LentAppender(appender).onThread { append(values, to: $0) }
            try await producer.flush()
            #expect(waits > 0)
            var stored: Set<String> = []
            for partition in 0..<3 {
                let here = try await broker.values(partition)
                stored.formUnion(here)
                let lines = observer.reports.filter { $0.partition == Int32(partition) }.flatMap(\.tags)
                #expect(lines.map { $0.map { "value \($0.number)" } } == here)
                let order = here.compactMap { Int($0.dropFirst(6)) }
                #expect(order == order.sorted())
            }
            #expect(stored.count == 2000)
            #expect(producer.statistics.bufferAvailable == 8000)
        }
    }
}

/// Appends values in runs, and tells how often it had to wait.
@available(*, noasync)
private func append(_ values: [String], to appender: RecordAppender) -> Int {
    var (next, waits) = (0, 0)
    while next < values.count {
        let outcome = appender.appendRun(timestamp: 1) { run, output in
            while next < values.count, run.append(values[next], line: UInt64(next), into: &output) == .appended {
                next += 1
            }
        }
        guard outcome == .full else { continue }
        waits += 1
        guard appender.waitForRoom() == .room else { break }
    }
    return waits
}
