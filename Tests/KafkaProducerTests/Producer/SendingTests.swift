// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// Records sent one by one to an embedded broker.
@Suite("Sending", .timeLimit(.minutes(10)))
struct SendingTests {
    @Test("a record that is awaited comes back with its place")
    func awaited() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            let first = try await producer.send(.text("a", timestamp: 7))
            let second = try await producer.send(.text("b", timestamp: 8))
            #expect(first == RecordMetadata(topic: "t", partition: 0, offset: 0, timestamp: 7))
            #expect(second == RecordMetadata(topic: "t", partition: 0, offset: 1, timestamp: 8))
            #expect(try await broker.values() == ["a", "b"])
        }
    }

    @Test("callbacks come once each, in the order of sending, with each record's offset")
    func callbacks() async throws {
        try await withEmbeddedBrokerAndProducer(configure: { $0.batchSize = 200 }) { broker, producer in
            let results = Mutex<[Int64?]>([])
            for index in 0..<50 {
                try await producer.send(.text("\(index)")) { result in
                    let offset = (try? result.get())?.offset
                    results.withLock { $0.append(offset) }
                }
            }
            try await producer.flush()
            #expect(results.withLock { $0 } == (0..<50).map { Int64($0) })
            #expect(try await broker.values() == (0..<50).map { "\($0)" })
        }
    }

    @Test("a record that is forgotten is delivered all the same, and the observer told")
    func forgotten() async throws {
        let observer = RecordingObserver()
        try await withEmbeddedBrokerAndProducer(observer: observer) { broker, producer in
            try await producer.enqueue(.text("a"))
            try await producer.flush()
            #expect(try await broker.values() == ["a"])
            let report = try #require(observer.reports.first)
            #expect(report.outcome == .delivered(baseOffset: 0, logAppendTime: nil))
            #expect(report.values == ["a"] && report.attempts == 1 && report.errors == [nil])
            #expect(report.broker?.nodeID == 1 && report.broker?.port == broker.ports[0])
        }
    }

    @Test("every offset that is told is the one at which the broker has the record")
    func offsets() async throws {
        try await withEmbeddedBrokerAndProducer(partitions: 3, brokers: 2) { broker, producer in
            let told = try await withThrowingTaskGroup(of: (String, RecordMetadata).self) { group in
                for index in 0..<60 {
                    group.addTask { ("\(index)", try await producer.send(.text("\(index)", key: "key \(index % 7)"))) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(told.count == 60)
            var found = 0
            for partition in 0..<3 {
                for record in try await broker.records(topic: "t", partition: partition) {
                    let value = String(buffer: record.value ?? ByteBuffer())
                    let metadata = try #require(told[value])
                    #expect(metadata.partition == Int32(partition) && metadata.offset == record.offset)
                    #expect(metadata.timestamp == record.timestamp)
                    found += 1
                }
            }
            #expect(found == 60)
        }
    }

    @Test(
        "an offset so large that the next record's would overflow is told as none",
        arguments: [Int64.max, Int64.max - 2]
    )
    func impossibleOffset(offset: Int64) async throws {
        let answer = ProduceResponse.PartitionResponse(index: 0, baseOffset: offset)
        try await withScriptedBroker(.steps([.respond([0: answer])]), configure: { $0.linger = .seconds(3600) }) {
            _,
            producer,
            _ in
            let results = Mutex<[Result<RecordMetadata, ProducerError>]>([])
            for _ in 0..<3 {
                try await producer.send(.text("a", timestamp: 7)) { result in results.withLock { $0.append(result) } }
            }
            try await producer.flush()
            let told = try results.withLock { $0 }.map { try $0.get().offset }
            #expect(told == [nil, nil, nil])
        }
    }

    // MARK: what a record says

    @Test("a record goes to the partition that it names", arguments: [Int32(0), 1, 2])
    func explicitPartition(partition: Int32) async throws {
        try await withEmbeddedBrokerAndProducer(partitions: 3) { broker, producer in
            let metadata = try await producer.send(.text("a", key: "k", partition: partition))
            #expect(metadata.partition == partition)
            #expect(try await broker.values(Int(partition)) == ["a"])
        }
    }

    @Test("keys, values and headers arrive bit by bit, null apart from empty")
    func contents() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            let headers = [
                ProducerRecordHeader(name: "a", value: [0, 255]), ProducerRecordHeader(name: "", value: nil),
                ProducerRecordHeader(name: "a", value: []),
            ]
            for bytes in [nil, [], [2, 10, 13]] as [[UInt8]?] {
                try await producer.enqueue(ProducerRecord(topic: "t", key: bytes, value: bytes, headers: headers))
            }
            try await producer.flush()
            // Records with a key need not be in the partition of those without; there is only one here.
            let records = try await broker.records(topic: "t", partition: 0)
            let expectedBytes = [nil, ByteBuffer(), ByteBuffer(bytes: [2, 10, 13])]
            #expect(records.map(\.key) == expectedBytes)
            #expect(records.map(\.value) == expectedBytes)
            let expected = [
                RecordHeader(name: "a", value: ByteBuffer(bytes: [0, 255])), RecordHeader(name: "", value: nil),
                RecordHeader(name: "a", value: ByteBuffer()),
            ]
            #expect(records.allSatisfy { $0.headers == expected })
        }
    }

    @Test("a record without a time gets that of sending, any other keeps its own")
    func timestamps() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            let before = currentMilliseconds()
            let now = try await producer.send(.text("now"))
            let old = try await producer.send(.text("old", timestamp: 0))
            #expect(now.timestamp >= before && now.timestamp <= currentMilliseconds())
            #expect(old.timestamp == 0)
            let records = try await broker.records(topic: "t", partition: 0)
            #expect(records.map(\.timestamp) == [now.timestamp, 0])
        }
    }

    @Test("a topic is made on first use, and each topic has its own offsets")
    func topics() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            for topic in ["one", "two", "three"] {
                let metadata = try await producer.send(ProducerRecord(topic: topic, value: Array(topic.utf8)))
                #expect(metadata.topic == topic && metadata.offset == 0)
            }
            #expect(await broker.topics.keys.sorted() == ["one", "t", "three", "two"])
        }
    }

    // MARK: partitioners

    @Test("records with a key go where the Java client puts them")
    func builtInPartitioner() async throws {
        try await withEmbeddedBrokerAndProducer(partitions: 4) { broker, producer in
            let keys = (0..<20).map { "\($0)" }
            for key in keys { try await producer.enqueue(.text(key, key: key)) }
            try await producer.flush()
            for partition in 0..<4 {
                let expected = keys.filter { Murmur2.partition(forKey: Array($0.utf8).span, count: 4) == partition }
                #expect(try await broker.values(partition) == expected)
            }
        }
    }

    @Test("the round robin partitioner deals records out")
    func roundRobin() async throws {
        try await withEmbeddedBrokerAndProducer(partitions: 3, configure: { $0.partitioner = .roundRobin }) {
            broker,
            producer in
            for index in 0..<6 { try await producer.enqueue(.text("\(index)", key: "same")) }
            try await producer.flush()
            for partition in 0..<3 {
                #expect(try await broker.values(partition) == ["\(partition)", "\(partition + 3)"])
            }
        }
    }

    private struct Last: Partitioner {
        func partition(key: Span<UInt8>?, value: Span<UInt8>?, topic: TopicPartitions) -> Int32 {
            if let value, value.isEmpty { return topic.partitionCount }
            return topic.partitionCount - 1
        }
    }

    @Test("a partitioner of one's own is asked, and its mistakes are told")
    func ownPartitioner() async throws {
        try await withEmbeddedBroker(partitions: 3) { broker in
            try await withProducer(.test(ports: broker.ports), partitioner: Last()) { producer in
                let metadata = try await producer.send(.text("a"))
                #expect(metadata.partition == 2)
                let error = await producerError { _ = try await producer.send(.text("")) }
                #expect(error?.code == .unknownPartition && error?.partition == 3)
            }
        }
    }

    // MARK: appenders and counters

    @Test("an appender's records arrive in order, and tags come back with the reports")
    func appender() async throws {
        let observer = RecordingObserver()
        try await withEmbeddedBrokerAndProducer(
            partitions: 2,
            observer: observer,
            configure: { $0.batchSize = 500 }
        ) { broker, producer in
            let appender = try await producer.appender(topic: "t", partition: 1)
            #expect(appender.topic == "t")
            for line in 0..<100 { #expect(appender.append("\(line)", line: UInt64(line)) == .appended) }
            try await producer.flush()
            #expect(try await broker.values(1) == (0..<100).map { "\($0)" })
            let tags = observer.reports.flatMap(\.tags)
            #expect(tags == (0..<100).map { RecordTag(number: $0, offset: $0 * 10) })
        }
    }

    @Test("counters add up")
    func statistics() async throws {
        try await withEmbeddedBrokerAndProducer { _, producer in
            for index in 0..<10 { try await producer.enqueue(.text("\(index)", key: "k")) }
            try await producer.flush()
            let statistics = producer.statistics
            #expect(statistics.recordsAcked == 10 && statistics.recordsFailed == 0)
            #expect(statistics.bytesAcked == 20 && statistics.wireBytesAcked > 10 * 2 + 61)
            #expect(statistics.batchesIncomplete == 0 && statistics.batchesInFlight == 0)
            #expect(statistics.recordsInFlight == 0 && statistics.batchesRetried == 0)
            #expect(statistics.requestsSent >= 1 && statistics.requestsSent <= 10)
            #expect(statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }
}
