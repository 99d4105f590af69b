// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Synchronization
import Testing

@testable import KafkaProducer

/// Flushing, closing, and what comes after.
@Suite("Life", .timeLimit(.minutes(10)))
struct LifeTests {
    private let lingers: @Sendable (inout ProducerConfiguration) -> Void = { $0.linger = .seconds(3600) }

    // MARK: flushing

    @Test("flushing sends what lingers, and waits for it")
    func flush() async throws {
        try await withEmbeddedBrokerAndProducer(partitions: 2, configure: lingers) { broker, producer in
            for index in 0..<4 { try await producer.enqueue(.text("\(index)", partition: Int32(index % 2))) }
            #expect(producer.statistics.batchesIncomplete == 2)
            try await producer.flush()
            #expect(try await broker.values(0) == ["0", "2"])
            #expect(try await broker.values(1) == ["1", "3"])
        }
    }

    @Test("after a flush batches linger again")
    func lingersAgain() async throws {
        try await withEmbeddedBrokerAndProducer(configure: lingers) { broker, producer in
            for round in 0..<3 {
                for index in 0..<3 { try await producer.enqueue(.text("\(round) \(index)")) }
                try await producer.flush()
            }
            #expect(producer.statistics.requestsSent == 3)
            #expect(try await broker.values().count == 9)
        }
    }

    @Test("a flush with nothing to send ends at once")
    func emptyFlush() async throws {
        try await withEmbeddedBrokerAndProducer { _, producer in
            try await producer.flush()
            _ = try await producer.send(.text("a"))
            try await producer.flush()
        }
    }

    @Test("an appender's thread can wait for what it appended")
    func appenderFlush() async throws {
        try await withEmbeddedBrokerAndProducer(configure: lingers) { broker, producer in
            let appender = try await producer.appender(topic: "t")
            #expect(appender.append("a") == .appended)
            await LentAppender(appender).onThread { $0.flushAndWait() }
            #expect(try await broker.values() == ["a"])
        }
    }

    // MARK: closing

    @Test("closing delivers what is there, compressed or not", arguments: [Compression.none, .zstd()])
    func closeDelivers(compression: Compression) async throws {
        try await withEmbeddedBroker(partitions: 2) { broker in
            var configuration = ProducerConfiguration.test(ports: broker.ports)
            configuration.linger = .seconds(3600)
            configuration.compression = compression
            let producer = try KafkaProducer(configuration: configuration)
            for index in 0..<10 { try await producer.enqueue(.text("\(index)", partition: Int32(index % 2))) }
            await producer.close()
            #expect(try await broker.values(0) == ["0", "2", "4", "6", "8"])
            #expect(try await broker.values(1) == ["1", "3", "5", "7", "9"])
            #expect(producer.statistics.recordsAcked == 10)
        }
    }

    @Test("a closed producer takes nothing more, and every call returns")
    func afterClose() async throws {
        try await withEmbeddedBroker { broker in
            let producer = try KafkaProducer(configuration: .test(ports: broker.ports))
            _ = try await producer.send(.text("a"))
            let appender = try await producer.appender(topic: "t")
            await producer.close()
            #expect(await producerError { _ = try await producer.send(.text("b")) }?.code == .closed)
            #expect(await producerError { try await producer.enqueue(.text("b")) }?.code == .closed)
            #expect(await producerError { _ = try await producer.appender(topic: "other") }?.code == .closed)
            try await producer.flush()
            await producer.close()
            await producer.close(timeout: .seconds(1))
            producer.interruptAppenders()
            #expect(await producer.stallReasons().isEmpty)
            await LentAppender(appender).onThread { $0.flushAndWait() }
            #expect(try await broker.values() == ["a"])
        }
    }

    /// A task that went to the event loop just after its end waited for ever.
    @Test("the producer's thread does not end before the last call that went to it has returned")
    func callsDuringClose() async throws {
        let producer = try KafkaProducer(configuration: .test(ports: [try ClosedPort().port]))
        #expect(producer.visits.enter())
        async let closing: Void = producer.close()
        while !(await producer.sender.isClosed) { await Task.yield() }
        for _ in 0..<1000 { #expect(await producer.sender.stallReasons().isEmpty) }
        producer.visits.leave()
        await closing
        #expect(await producer.stallReasons().isEmpty)
    }

    @Test("closing with a time limit fails what is left", arguments: [Compression.none, .gzip()], [false, true])
    func closeFails(compression: Compression, isSent: Bool) async throws {
        var script = BrokerScript()
        script.produce = { _ in .ignore }
        try await withScriptedBroker(script) {
            ($0.compression, $0.linger) = (compression, .milliseconds(isSent ? 1 : 3_600_000))
        } _: { broker, producer, observer in
            let results = Mutex<[ProducerError.Code?]>([])
            for index in 0..<3 {
                try await producer.send(.text("\(index)")) { result in
                    if case .failure(let error) = result { results.withLock { $0.append(error.code) } }
                }
            }
            if isSent { try await broker.wait(forCalls: 1) }
            await producer.close(timeout: .zero)
            #expect(results.withLock { $0 } == [.closed, .closed, .closed])
            #expect(observer.reports.flatMap(\.values) == ["0", "1", "2"])
            #expect(producer.statistics.recordsFailed == 3 && producer.statistics.batchesIncomplete == 0)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }

    /// The wait had the event loop's time: where that hurries, as here, it was over before the worker was done.
    @Test("what a worker has in hand when the producer is closed fails before closing returns, however long that takes")
    func closeWaitsForWorkers() async throws {
        var script = BrokerScript()
        script.produce = { _ in .ignore }
        try await withScriptedBroker(script) {
            ($0.compression, $0.linger) = (.gzip(level: 9), .seconds(3600))
        } _: { _, producer, _ in
            let text = (0..<120_000).map { String($0 &* 2_654_435_761 % 1_000_003) }.joined()
            try await producer.enqueue(.text(text))
            await producer.close(timeout: .zero)
            #expect(producer.statistics.recordsFailed == 1 && producer.statistics.batchesIncomplete == 0)
        }
    }

    @Test("closing ends waits for memory and for topics")
    func closeEndsWaits() async throws {
        var script = BrokerScript()
        script.produce = { _ in .ignore }
        try await withScriptedBroker(script) {
            ($0.bufferMemory, $0.batchSize) = (1000, 1000)
        } _: { broker, producer, _ in
            try await producer.enqueue(.text("fills all memory"))
            try await broker.wait(forCalls: 1)
            async let memory = producerError { try await producer.enqueue(.text("waits for memory")) }
            async let topic = producerError { _ = try await producer.appender(topic: "unknown") }
            await Task.yield()
            await producer.close(timeout: .zero)
            #expect(await memory?.code == .closed)
            #expect(await topic?.code == .closed)
        }
    }

    @Test("appenders that wait can be interrupted")
    func interrupt() async throws {
        var script = BrokerScript()
        script.produce = { _ in .hold }
        try await withScriptedBroker(script) {
            ($0.bufferMemory, $0.batchSize) = (1000, 1000)
        } _: { broker, producer, _ in
            let appender = try await producer.appender(topic: "t")
            #expect(appender.append("a") == .appended)
            try await broker.wait(forHeld: 1)
            #expect(appender.append("b") == .full)
            let lent = LentAppender(appender)
            async let outcome = lent.waitForRoom()
            await Task.yield()
            producer.interruptAppenders()
            #expect(await outcome == .interrupted)
            broker.answerHeld()
        }
    }

    @Test("a producer that is dropped without being closed fails what it has")
    func dropped() async throws {
        try await withEmbeddedBroker { broker in
            let observer = RecordingObserver()
            do {
                var configuration = ProducerConfiguration.test(ports: broker.ports)
                configuration.linger = .seconds(3600)
                let producer = try KafkaProducer(configuration: configuration, observer: observer)
                try await producer.enqueue(.text("a"))
            }
            try await observer.wait(forReports: 1)
            #expect(observer.reports[0].errors.map { $0?.code } == [.closed])
        }
    }
}
