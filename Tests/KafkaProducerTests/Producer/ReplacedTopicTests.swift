// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// Topics that are deleted and made again, with fewer, as many or more partitions, while records are on their way.
@Suite("Replaced topics", .timeLimit(.minutes(10)))
struct ReplacedTopicTests {
    /// A topic's number of partitions before and after, and what is sent.
    struct Case: Sendable, CustomTestStringConvertible {
        var before: Int
        var after: Int
        var isKeyed = true
        var compression = Compression.none
        var isIdempotent = true

        var testDescription: String {
            "\(before) to \(after), \(isKeyed ? "keys" : "no keys"), \(compression), idempotence \(isIdempotent)"
        }
    }

    private static let cases = [
        Case(before: 3, after: 1), Case(before: 3, after: 2), Case(before: 3, after: 3), Case(before: 2, after: 5),
        Case(before: 3, after: 1, isKeyed: false), Case(before: 4, after: 2, isKeyed: false),
        Case(before: 5, after: 2, compression: .lz4(level: 1)), Case(before: 3, after: 2, isIdempotent: false),
    ]

    private func key(_ number: Int) -> String { "k\(number % 17)" }

    /// Values of the new topic by key, in the order of its logs.
    private func valuesByKey(_ broker: EmbeddedBroker, partitions: Int) async throws -> [String: [Int]] {
        var values: [String: [Int]] = [:]
        for partition in 0..<partitions {
            for record in try await broker.records(topic: "t", partition: partition) {
                let number = record.value.flatMap { Int(String(buffer: $0)) } ?? -1
                values[record.key.map { String(buffer: $0) } ?? "", default: []].append(number)
            }
        }
        return values
    }

    @Test("queued records go to the new topic's partitions, all of them, each key's in order", arguments: cases)
    func queued(_ test: Case) async throws {
        let observer = RecordingObserver()
        try await withEmbeddedBrokerAndProducer(partitions: test.before, observer: observer) {
            $0.linger = .seconds(3600)
            $0.batchSize = 500
            $0.compression = test.compression
            $0.idempotence = test.isIdempotent ? .required : .off
        } _: { broker, producer in
            // Numbers that the new topic must not take for its own.
            for partition in 0..<test.before {
                for number in 0..<3 { try await producer.enqueue(.text("\(number)", partition: Int32(partition))) }
            }
            try await producer.flush()
            let before = observer.reports.count
            try await broker.recreate(topic: "t", partitions: test.after)
            let numbers = Array(100..<1100)
            for number in numbers {
                try await producer.enqueue(.text("\(number)", key: test.isKeyed ? key(number) : nil))
            }
            try await producer.flush()
            let reports = observer.reports.dropFirst(before)
            #expect(reports.allSatisfy { $0.errors.allSatisfy { $0 == nil } })
            #expect(reports.flatMap(\.values).compactMap { Int($0) }.sorted() == numbers)
            let stored = try await valuesByKey(broker, partitions: test.after)
            #expect(stored.values.flatMap(\.self).sorted() == numbers)
            if test.isKeyed { #expect(stored.values.allSatisfy { $0 == $0.sorted() }) }
            try await expectRightPartitions(Array(reports), broker)
            // The new topic goes on as any other.
            try await producer.enqueue(.text("5000", key: "k1"))
            try await producer.flush()
            #expect(observer.reports.last?.errors == [nil])
        }
    }

    /// Each report names the partition in which its records are.
    private func expectRightPartitions(_ reports: [RecordingObserver.Report], _ broker: EmbeddedBroker) async throws {
        for partition in Set(reports.map(\.partition)) {
            let reported = reports.filter { $0.partition == partition }.flatMap(\.values).sorted()
            #expect(try await broker.values(Int(partition)).sorted() == reported)
        }
    }

    @Test("records for a partition that is no longer there fail, by name, and the others are delivered")
    func namedPartition() async throws {
        let observer = RecordingObserver()
        try await withEmbeddedBrokerAndProducer(partitions: 3, observer: observer) {
            $0.linger = .seconds(3600)
        } _: { broker, producer in
            _ = try await producer.enqueue(.text("first", partition: 0))
            try await producer.flush()
            for partition in 0..<3 { try await producer.enqueue(.text("p\(partition)", partition: Int32(partition))) }
            try await producer.enqueue(.text("keyed", key: "k"))
            try await broker.recreate(topic: "t", partitions: 1)
            try await producer.flush()
            let failed = observer.reports.flatMap { report in
                zip(report.values, report.errors).compactMap { value, error in error.map { (value, $0) } }
            }
            #expect(failed.map(\.0).sorted() == ["p1", "p2"])
            for (value, error) in failed {
                #expect(error.code == .unknownPartition)
                #expect(
                    error.message == "the topic was deleted and made again with 1 partition; partition "
                        + "\(value.dropFirst()) is no longer there"
                )
            }
            #expect(try await broker.values().sorted() == ["keyed", "p0"])
        }
    }

    @Test("an appender that stays finds the new topic, and what was in flight comes first")
    func inFlight() async throws {
        let observer = RecordingObserver()
        try await withEmbeddedBrokerAndProducer(partitions: 3, observer: observer) {
            $0.batchSize = 200
        } _: { broker, producer in
            let appender = try await producer.appender(topic: "t")
            for number in 0..<3000 {
                #expect(appender.append(key: key(number), "\(number)") == .appended)
                if number == 1000 { try await broker.recreate(topic: "t", partitions: 2) }
                if number == 2000 { try await broker.recreate(topic: "t", partitions: 1) }
            }
            try await producer.flush()
            #expect(observer.reports.flatMap(\.errors).allSatisfy { $0 == nil })
            #expect(observer.reports.flatMap(\.values).compactMap { Int($0) }.sorted() == Array(0..<3000))
            let stored = try await valuesByKey(broker, partitions: 1)
            #expect(stored.values.allSatisfy { $0 == $0.sorted() })
            #expect(stored.values.flatMap(\.self).contains(2999))
        }
    }

    @Test("an older broker names topics without ids: fewer partitions tell that it is another one")
    func withoutIDs() async throws {
        let isReplaced = Mutex(false)
        var script = BrokerScript()
        script.topics = ["t": 3]
        script.metadata = { _, response in
            for index in response.topics.indices {
                response.topics[index].topicID = .zero
                let count = isReplaced.withLock { $0 } ? 1 : 3
                response.topics[index] = response.topics[index].with(
                    leaders: Array(repeating: 1, count: count),
                    epoch: 0
                )
            }
        }
        script.produce = { call in
            guard isReplaced.withLock({ $0 }) else { return .append() }
            let gone = call.batches.filter { $0.partition > 0 }.map { batch in
                let answer = ProduceResponse.PartitionResponse(
                    index: batch.partition,
                    errorCode: .unknownTopicOrPartition,
                    baseOffset: -1
                )
                return (batch.partition, answer)
            }
            return .respond(Dictionary(gone, uniquingKeysWith: { first, _ in first }))
        }
        try await withScriptedBroker(script, configure: { $0.linger = .seconds(3600) }) { broker, producer, observer in
            for number in 0..<20 { try await producer.enqueue(.text("a\(number)", key: key(number))) }
            try await producer.flush()
            for number in 0..<20 { try await producer.enqueue(.text("b\(number)", key: key(number))) }
            isReplaced.withLock { $0 = true }
            try await producer.flush()
            #expect(observer.reports.flatMap(\.errors).allSatisfy { $0 == nil })
            let told = observer.events.filter { event in
                if case .topicReplaced("t", 1, 3) = event { true } else { false }
            }
            #expect(told.count == 1)
        }
    }
}
