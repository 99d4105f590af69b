// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import KafkaProducer

/// Records that are submitted and awaited later, one by one or many, and waits that end with their task.
@Suite("Deliveries", .timeLimit(.minutes(10)))
struct DeliveryTests {
    private struct SourceFailure: Error {}

    @Test("any number of callers await a delivery, and a cancelled one ends its own wait alone")
    func awaitedByMany() async throws {
        var script = BrokerScript()
        script.produce = { _ in .hold }
        try await withScriptedBroker(script) { broker, producer, _ in
            let delivery = try await producer.submit(.text("a"))
            try await broker.wait(forHeld: 1)
            #expect(delivery.result == nil)
            async let first = delivery.metadata
            async let second = delivery.metadata
            let cancelled = Task { await producerError { _ = try await delivery.metadata } }
            cancelled.cancel()
            #expect(await cancelled.value?.code == .interrupted)
            broker.answerHeld()
            #expect(try await first == second)
            #expect(try await delivery.metadata.offset == 0)
            #expect(delivery.result == .success(try await first))
            #expect(broker.values() == ["a"])
        }
    }

    @Test("cancelling a task ends its wait for delivery and for a flush; the record stays on its way")
    func cancelledDelivery() async throws {
        var script = BrokerScript()
        script.produce = { _ in .hold }
        try await withScriptedBroker(script) { broker, producer, _ in
            let sending = Task { await producerError { _ = try await producer.send(.text("a")) } }
            try await broker.wait(forHeld: 1)
            let flushing = Task { await producerError { try await producer.flush() } }
            sending.cancel()
            flushing.cancel()
            #expect(await sending.value?.code == .interrupted)
            #expect(await flushing.value?.code == .interrupted)
            broker.answerHeld()
            try await producer.flush()
            #expect(broker.values() == ["a"] && producer.statistics.recordsAcked == 1)
        }
    }

    @Test("cancelling a task ends its wait for a topic, which others may wait for on")
    func cancelledTopicWait() async throws {
        try await withScriptedBroker { _, producer, _ in
            let waiting = Task { await producerError { _ = try await producer.appender(topic: "unknown") } }
            waiting.cancel()
            #expect(await waiting.value?.code == .interrupted)
        }
    }

    @Test(
        "once nobody waits for a topic any more, since the task was cancelled, the cluster is not asked for it on and on"
    )
    func forgottenTopicWait() async throws {
        try await withVirtualBroker { broker, producer, _, network in
            let waiting = Task { await producerError { _ = try await producer.appender(topic: "unknown") } }
            #expect(await network.advance { broker.metadataAsked.count { $0.contains("unknown") } > 1 })
            waiting.cancel()
            #expect(await waiting.value?.code == .interrupted)
            await network.advance(by: .seconds(2))
            let count = broker.metadataAsked.count
            await network.advance(by: .seconds(60))
            #expect(broker.metadataAsked.count == count)
        }
    }

    @Test("cancelling a task ends its wait for memory, and nothing is sent")
    func cancelledMemoryWait() async throws {
        var script = BrokerScript()
        script.produce = { _ in .hold }
        try await withScriptedBroker(script) {
            ($0.bufferMemory, $0.batchSize, $0.maxBlock) = (1000, 1000, .seconds(360_000))
        } _: { broker, producer, _ in
            try await producer.enqueue(.text("fills all memory"))
            try await broker.wait(forHeld: 1)
            let memory = Task { await producerError { try await producer.enqueue(.text("waits")) } }
            while producer.accumulator.pool.waiterCount == 0 { await Task.yield() }
            memory.cancel()
            #expect(await memory.value?.code == .interrupted)
            #expect(!producer.accumulator.pool.hasWaiters)
            broker.answerHeld()
            try await producer.flush()
            #expect(broker.values() == ["fills all memory"] && producer.statistics.recordsAcked == 1)
        }
    }

    @Test("the results of many records come in their order, and one that is refused keeps no other from being sent")
    func many() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            var records = (0..<20).map { ProducerRecord.text("\($0)") }
            records.insert(.text("nowhere", partition: -1), at: 10)
            let results = try await producer.send(contentsOf: records)
            let offsets = results.map { (try? $0.get())?.offset }
            var expected: [Int64?] = (0..<20).map { Int64($0) }
            expected.insert(nil, at: 10)
            #expect(offsets == expected)
            #expect(try await broker.values() == (0..<20).map { "\($0)" })
        }
    }

    @Test("the records of an asynchronous sequence are sent as they come; what it throws comes after their results")
    func manyFromStream() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            let (stream, source) = AsyncThrowingStream.makeStream(of: ProducerRecord.self)
            for index in 0..<5 { source.yield(.text("\(index)")) }
            source.finish(throwing: SourceFailure())
            await #expect(throws: SourceFailure.self) { try await producer.send(contentsOf: stream) }
            #expect(try await broker.values().count == 5)
            let (whole, wholeSource) = AsyncStream.makeStream(of: ProducerRecord.self)
            for index in 5..<8 { wholeSource.yield(.text("\(index)")) }
            wholeSource.finish()
            let results = try await producer.send(contentsOf: whole)
            let offsets = try results.map { try $0.get().offset }
            #expect(offsets == [5, 6, 7])
        }
    }

    @Test("acknowledgements come in order, and no more records are read than the limit lets")
    func acknowledgements() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            let source = CountedRecords(count: 100)
            var offsets: [Int64?] = []
            for try await result in producer.acknowledgements(of: source, limit: 4) {
                offsets.append(try result.get().offset)
                // Four are submitted and not taken, and one is read ahead of them.
                #expect(source.read.withLock { $0 } <= offsets.count + 5)
            }
            #expect(offsets == (0..<100).map { Int64($0) })
            #expect(try await broker.values().count == 100)
        }
    }

    @Test("leaving the loop over acknowledgements ends the reading, and what was submitted is delivered")
    func leftAcknowledgements() async throws {
        try await withEmbeddedBrokerAndProducer { broker, producer in
            let source = CountedRecords(count: .max)
            for try await _ in producer.acknowledgements(of: source, limit: 3) { break }
            try await producer.flush()
            #expect(source.read.withLock { $0 } <= 6)
            #expect(try await broker.values().first == "0")
        }
    }

    @Test("keys and values are text, buffers, bytes or spans")
    func contents() async throws {
        try await withEmbeddedBrokerAndProducer { _, producer in
            let bytes: [UInt8] = [107]
            let expected = ProducerRecord(topic: "t", partition: nil, key: bytes, value: bytes as [UInt8]?)
            #expect(ProducerRecord(topic: "t", key: "k", value: "k") == expected)
            #expect(ProducerRecord(topic: "t", key: "ka".prefix(1), value: ByteBuffer(string: "k")) == expected)
            #expect(ProducerRecord(topic: "t", key: bytes[...], value: bytes) == expected)
            #expect(ProducerRecord(topic: "t", copyingKey: bytes.span, value: bytes.span) == expected)
            #expect(ProducerRecord(topic: "t", value: "k").key == nil)
            #expect(ProducerRecord(topic: "t", key: "k", value: nil as String?).value == nil)
            #expect(ProducerRecord(topic: "t", value: nil).value == nil)
            #expect(ProducerRecordHeader(name: "h", value: "k").value == bytes)
        }
    }

    @Test("every caller of close waits for the same end")
    func closedByMany() async throws {
        var script = BrokerScript()
        script.produce = { _ in .hold }
        try await withScriptedBroker(script) { broker, producer, _ in
            let delivery = try await producer.submit(.text("a"))
            try await broker.wait(forHeld: 1)
            let order = Mutex<[String]>([])
            let close: @Sendable () async -> Void = {
                await producer.close()
                order.withLock { $0.append("closed") }
            }
            async let first: Void = close()
            while producer.isOpen { await Task.yield() }
            async let second: Void = close()
            // A cancelled caller waits as well.
            let third = Task { await close() }
            third.cancel()
            order.withLock { $0.append("answered") }
            broker.answerHeld()
            await first
            await second
            await third.value
            #expect(order.withLock { $0 } == ["answered", "closed", "closed", "closed"])
            #expect(try await delivery.metadata.offset == 0)
        }
    }

    @Test("the earliest timeout of those who close counts")
    func earliestTimeout() async throws {
        var script = BrokerScript()
        script.produce = { _ in .ignore }
        try await withScriptedBroker(script) { broker, producer, _ in
            let delivery = try await producer.submit(.text("a"))
            try await broker.wait(forCalls: 1)
            async let patient: Void = producer.close()
            while producer.isOpen { await Task.yield() }
            await producer.close(timeout: .zero)
            await patient
            #expect(await producerError { _ = try await delivery.metadata }?.code == .closed)
        }
    }

    @Test("a run ends when the producer is closed, and closes it when its task is cancelled")
    func run() async throws {
        try await withEmbeddedBroker { broker in
            for isCancelled in [true, false] {
                let producer = try KafkaProducer(configuration: .test(ports: broker.ports))
                let run = Task { await producer.run() }
                let delivery = try await producer.submit(.text("a"))
                if isCancelled { run.cancel() } else { await producer.close() }
                await run.value
                #expect(!producer.isOpen)
                #expect(try await delivery.metadata.partition == 0)
            }
        }
    }

    @Test("a producer on a given group of event loops leaves it running")
    func givenGroup() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await withEmbeddedBroker { broker in
            for _ in 0..<2 {
                let producer = try KafkaProducer(configuration: .test(ports: broker.ports), eventLoopGroup: group)
                #expect(producer.loop.eventLoop === group.any())
                try await producer.send(.text("a"))
                await producer.close()
            }
            #expect(try await broker.values() == ["a", "a"])
        }
        try await group.shutdownGracefully()
    }
}

/// Records that say how many of them were read.
private struct CountedRecords: AsyncSequence, Sendable {
    final class Count: Sendable {
        private let count = Mutex(0)

        func withLock<Result>(_ body: (inout Int) -> Result) -> Result {
            count.withLock { count in
                var copy = count
                defer { count = copy }
                return body(&copy)
            }
        }
    }

    struct Iterator: AsyncIteratorProtocol {
        let read: Count
        let count: Int

        mutating func next() async -> ProducerRecord? {
            let index = read.withLock { read in
                defer { read += 1 }
                return read
            }
            return index < count ? .text("\(index)") : nil
        }
    }

    let count: Int
    let read = Count()

    func makeAsyncIterator() -> Iterator { Iterator(read: read, count: count) }
}
