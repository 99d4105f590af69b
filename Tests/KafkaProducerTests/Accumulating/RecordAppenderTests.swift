// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// Records on their way into batches, one by one and in runs.
@Suite("RecordAppender", .timeLimit(.minutes(10)))
struct RecordAppenderTests {
    /// Values of 100 bytes, of which 8 fill a batch of 1024.
    private let values = (0..<20).map { index in
        String(repeating: "x", count: 100 - "\(index)".count) + "\(index)"
    }

    /// Appends values in runs, as many as it takes, unless memory is full.
    private func appendRuns(_ values: [String], to appender: RecordAppender) -> Int {
        var next = 0
        while next < values.count {
            let outcome = appender.appendRun(timestamp: 1) { run, output in
                while next < values.count, run.append(values[next], line: UInt64(next), into: &output) == .appended {
                    next += 1
                }
            }
            if outcome == .full { break }
        }
        return next
    }

    // MARK: batches

    @Test("records appended one by one fill one batch after the other, in order")
    func singles() async throws {
        let test = TestAccumulator()
        let appender = test.appender(.explicit(0))
        for (line, value) in values.enumerated() {
            #expect(appender.append(value, line: UInt64(line)) == .appended)
        }
        let batches = try await test.takeBatches()
        #expect(batches.map(\.recordCount) == [8, 8, 4])
        #expect(try batches.flatMap { try $0.values() } == values)
        #expect(batches[1].tags[0] == RecordTag(number: 8, offset: 80))
        #expect(batches[2].tags[3] == RecordTag(number: 19, offset: 190))
        #expect(batches.map(\.byteCount) == [800, 800, 400])
    }

    @Test("records appended in runs do the same")
    func runs() async throws {
        let test = TestAccumulator()
        #expect(appendRuns(values, to: test.appender(.explicit(0))) == 20)
        let batches = try await test.takeBatches()
        #expect(batches.map(\.recordCount) == [8, 8, 4])
        #expect(try batches.flatMap { try $0.values() } == values)
        #expect(batches[1].tags[0] == RecordTag(number: 8, offset: 80))
    }

    @Test("a run goes on in the batch that an earlier one left open")
    func runAfterRun() async throws {
        let test = TestAccumulator()
        let appender = test.appender(.explicit(0))
        #expect(appendRuns(Array(values[0..<3]), to: appender) == 3)
        #expect(appender.append(values[3]) == .appended)
        #expect(appendRuns(Array(values[4..<6]), to: appender) == 2)
        #expect(try await test.takeValues() == [Array(values[0..<6])])
    }

    /// The sender waited until a run was appended, up to a millisecond, and with it all that brokers had answered.
    @Test("the sender can look into a queue while a run is appended to it, and is woken when it wants the batch")
    func looksDuringRun() async throws {
        let test = TestAccumulator()
        let queue = test.queue(0)
        let readiness = BatchReadiness(linger: .hours(1))
        let moment = BatchReadiness.Moment(now: .now(), isUrgent: true, leaderEpoch: -1)
        // As the sender does when it looks again in time: nobody wakes it just for a batch that was opened.
        test.setTimer()
        var found: [BatchReadiness.Finding] = []
        for value in values.prefix(2) {
            let outcome = test.appender(.explicit(0)).appendRun(timestamp: 1) { run, output in
                #expect(run.append(value, into: &output) == .appended)
                found.append(readiness.find(in: queue, moment).finding)
                if value == values[1] { queue.state.withLock { $0.wantBorrowedBatch() } }
            }
            #expect(outcome == .goOn)
        }
        #expect(found == [.ready, .ready])
        try await test.wait { test.wakes > 0 }
        // Closed by the thread, so that the sender need not ask again.
        #expect(queue.state.withLock { $0.closed.count } == 1)
        #expect(readiness.find(in: queue, moment).finding == .ready)
        #expect(try await test.takeValues() == [Array(values.prefix(2))])
    }

    @Test("a run without records leaves no trace")
    func emptyRun() async throws {
        let test = TestAccumulator()
        #expect(test.appender(.explicit(0)).appendRun(timestamp: 1) { _, _ in } == .goOn)
        #expect(try await test.takeBatches().isEmpty)
        #expect(test.accumulator.incomplete.count == 0)
        #expect(test.accumulator.pool.available == test.accumulator.pool.capacity)
    }

    @Test("a record whose tag is too far from the batch's first begins another batch")
    func farPosition() async throws {
        let test = TestAccumulator()
        let appender = test.appender(.explicit(0))
        #expect(appender.append("near", line: 0) == .appended)
        #expect(appender.append("far", line: 1 << 33) == .appended)
        #expect(try await test.takeValues() == [["near"], ["far"]])
    }

    // MARK: sizes

    @Test("a record beyond max.request.size is refused before anything is kept for it")
    func beyondRequestSize() async throws {
        let test = TestAccumulator(maxRequestSize: 200)
        let appender = test.appender(.explicit(0))
        let value = String(repeating: "x", count: 150)
        let size = 61 + 21 + 150 + 1
        #expect(appender.append(value) == .tooLarge(size: size, limit: 200, setting: "max.request.size"))
        var (outcome, refusal): (RecordRun.Outcome?, RecordRun.Refusal?)
        let end = appender.appendRun(timestamp: 1) { run, output in
            outcome = run.append(value, into: &output)
            refusal = run.refusal
        }
        #expect(end == .goOn && outcome == .tooLarge)
        #expect(refusal == RecordRun.Refusal(size: size, limit: 200, setting: "max.request.size"))
        #expect(test.accumulator.incomplete.count == 0)
        #expect(test.accumulator.pool.available == test.accumulator.pool.capacity)
        #expect(try await test.takeBatches().isEmpty)
    }

    @Test("a record beyond buffer.memory is refused")
    func beyondMemory() {
        let test = TestAccumulator(batchSize: 100, bufferMemory: 200)
        let outcome = test.appender(.explicit(0)).append(String(repeating: "x", count: 150))
        #expect(outcome == .tooLarge(size: 233, limit: 200, setting: "buffer.memory"))
    }

    @Test("a run goes on after a record that was refused")
    func runAfterRefusal() async throws {
        let test = TestAccumulator(maxRequestSize: 200)
        var outcomes: [RecordRun.Outcome] = []
        _ = test.appender(.explicit(0)).appendRun(timestamp: 1) { run, output in
            for value in ["a", String(repeating: "x", count: 150), "b"] {
                outcomes.append(run.append(value, into: &output))
            }
        }
        #expect(outcomes[0] == .appended && outcomes[2] == .appended)
        #expect(try await test.takeValues() == [["a", "b"]])
    }

    @Test("a record larger than batch.size begins a batch that is large enough for it", arguments: [false, true])
    func largerThanBatch(inRuns: Bool) async throws {
        let test = TestAccumulator(batchSize: 100)
        let appender = test.appender(.explicit(0))
        let values = ["small", String(repeating: "x", count: 500), String(repeating: "y", count: 500), "last"]
        if inRuns {
            #expect(appendRuns(values, to: appender) == values.count)
        } else {
            for value in values { #expect(appender.append(value) == .appended) }
        }
        let batches = try await test.takeValues()
        #expect(batches.flatMap { $0 } == values)
        #expect(batches[0] == ["small"] && batches[1] == [values[1]] && batches[2].first == values[2])
        #expect(test.accumulator.pool.available == test.accumulator.pool.capacity)
    }

    @Test("a record of exactly buffer.memory can be sent, once all memory is free")
    func allOfMemory() async throws {
        let test = TestAccumulator(batchSize: 100, bufferMemory: 1000)
        let appender = test.appender(.explicit(0))
        let value = String(repeating: "x", count: 1000 - 61 - 21 - 1)
        if appender.append(value) == .full {
            let outcome = await LentAppender(appender).waitForRoom()
            #expect(outcome == .room)
            #expect(appender.append(value) == .appended)
        }
        #expect(try await test.takeValues() == [[value]])
        #expect(test.accumulator.pool.available == 1000)
    }

    // MARK: memory

    @Test("when memory is used up appending waits, and what comes back is for the one who waited")
    func memoryIsFull() async throws {
        let test = TestAccumulator(bufferMemory: 2 * 1024)
        let appender = test.appender(.explicit(0))
        #expect(appendRuns(values, to: appender) == 16)
        #expect(appender.append(values[16]) == .full)
        let lent = LentAppender(appender)
        async let outcome = lent.waitForRoom()
        try await test.wait { test.accumulator.pool.hasWaiters }
        let batches = try await test.takeBatches()
        #expect(try batches.flatMap { try $0.values() } == Array(values[0..<16]))
        test.accumulator.release(batches[0])
        #expect(await outcome == .room)
        // It is reserved for this appender; another one finds nothing.
        #expect(test.appender(.explicit(0)).append("other") == .full)
        #expect(appendRuns(Array(values[16...]), to: appender) == 4)
        #expect(try await test.takeValues() == [Array(values[16...])])
        test.accumulator.release(batches[1])
        #expect(test.accumulator.pool.available == 2 * 1024)
    }

    @Test("there is no wait when there is room")
    func noWait() async {
        let test = TestAccumulator()
        #expect(await LentAppender(test.appender(.explicit(0))).waitForRoom() == .room)
    }

    @Test("an appender that is dropped gives back what was granted to it")
    func grantsComeBack() async throws {
        let test = TestAccumulator(bufferMemory: 2 * 1024)
        #expect(await LentAppender(test.appender(.explicit(0))).waitForRoom() == .room)
        #expect(test.accumulator.pool.available == 2 * 1024)
    }

    @Test("waiting for memory can be interrupted")
    func interrupted() async throws {
        let test = TestAccumulator(bufferMemory: 1024)
        let appender = test.appender(.explicit(0))
        #expect(appendRuns(values, to: appender) == 8)
        let lent = LentAppender(appender)
        async let outcome = lent.waitForRoom()
        try await test.wait { test.accumulator.pool.hasWaiters }
        test.accumulator.pool.interruptWaits()
        #expect(await outcome == .interrupted)
    }

    private func address(of batch: ProducerBatch) -> UInt {
        unsafe batch.sealed?.buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } ?? 0
    }

    @Test("a batch's memory is used for the next one", arguments: [false, true])
    func memoryIsUsedAgain(inRuns: Bool) async throws {
        let test = TestAccumulator()
        let appender = test.appender(.explicit(0))
        var addresses: Set<UInt> = []
        // The first one is as large as any; what it had shows how large the next ones need to be.
        for round in 0..<4 {
            if inRuns { _ = appendRuns(["a"], to: appender) } else { appender.append("a") }
            let batch = try #require(try await test.takeBatches().first)
            if round > 0 { addresses.insert(address(of: batch)) }
            test.accumulator.release(batch)
        }
        #expect(addresses.count == 1)
    }

    // MARK: partitions

    @Test("a record with a key goes where the Java client puts it")
    func keyed() async throws {
        let test = TestAccumulator(partitions: 5, available: [1])
        let appender = test.appender()
        let keys = (0..<40).map { "key \($0)" } + [""]
        for key in keys { #expect(appender.append(key: key, key) == .appended) }
        for partition in 0..<5 {
            let expected = keys.filter { Murmur2.partition(forKey: Array($0.utf8).span, count: 5) == partition }
            #expect(try await test.takeValues(partition).flatMap { $0 } == expected)
        }
    }

    @Test("runs of records with keys, one for each partition, put them where the Java client does")
    func keyedRuns() async throws {
        let test = TestAccumulator(partitions: 5, available: [1])
        let appender = test.appender()
        let keys = (0..<40).map { "key \($0)" } + [""]
        var expected: [[String]] = Array(repeating: [], count: 5)
        for key in keys {
            expected[Int(Murmur2.partition(forKey: Array(key.utf8).span, count: appender.partitionCount))].append(key)
        }
        for (partition, keys) in expected.enumerated() {
            let outcome = appender.appendRun(to: .init(Int32(partition), of: 5), timestamp: 1) { run, output in
                for key in keys { #expect(run.append(key: key, key, into: &output) == .appended) }
            }
            #expect(outcome == .goOn)
        }
        for partition in 0..<5 {
            #expect(try await test.takeValues(partition).flatMap { $0 } == expected[partition])
        }
    }

    @Test("a run's batch grows in the run, by as much as its records need")
    func growingRun() async throws {
        let test = TestAccumulator(batchSize: 1024, codec: .zstd())
        defer { test.close() }
        // So well compressed that a batch may hold many times batch.size.
        for _ in 0..<200 { test.topic.estimator.update(observed: 0.05) }
        let appender = test.appender(.explicit(0))
        var runs = 0
        var next = 0
        let outcome = appender.appendRun(timestamp: 1) { run, output in
            runs += 1
            while next < values.count, run.append(values[next], line: UInt64(next), into: &output) == .appended {
                next += 1
            }
        }
        #expect(outcome == .goOn && next == 20 && runs == 3)
        let batches = try await test.takeBatches()
        #expect(batches.map(\.recordCount) == [20])
        #expect(try batches.flatMap { try $0.values() } == values)
        #expect(batches[0].tags[19] == RecordTag(number: 19, offset: 190))
        #expect(batches[0].byteCount == 2000)
    }

    @Test("records without keys stay with a partition until its batch is full", arguments: [false, true])
    func sticky(inRuns: Bool) async throws {
        let test = TestAccumulator(partitions: 4)
        let appender = test.appender()
        let many = (0..<5).flatMap { _ in values }
        if inRuns {
            #expect(appendRuns(many, to: appender) == 100)
        } else {
            for value in many { #expect(appender.append(value) == .appended) }
        }
        var counts: [Int] = []
        for partition in 0..<4 { counts += try await test.takeBatches(partition).map(\.recordCount) }
        #expect(counts.sorted() == [4] + Array(repeating: 8, count: 12))
    }

    @Test("partitioner.ignore.keys spreads records with keys as if they had none")
    func ignoresKeys() async throws {
        let test = TestAccumulator(partitions: 4, available: [2])
        let appender = test.appender(.builtIn(ignoresKeys: true))
        for value in ["a", "b", "c"] { #expect(appender.append(key: value, value) == .appended) }
        #expect(try await test.takeValues(2) == [["a", "b", "c"]])
    }

    private struct Fixed: Partitioner {
        let number: Int32
        func partition(key: Span<UInt8>?, value: Span<UInt8>?, topic: TopicPartitions) -> Int32 { number }
    }

    @Test("a partitioner of one's own is obeyed, unless it names what is not there", arguments: [Int32(-1), 2, .max])
    func custom(wrong: Int32) async throws {
        let test = TestAccumulator(partitions: 2)
        #expect(test.appender(.custom(Fixed(number: 1))).append("a") == .appended)
        #expect(try await test.takeValues(1) == [["a"]])
        #expect(test.appender(.custom(Fixed(number: wrong))).append("a") == .noSuchPartition(wrong))
    }

    @Test("an appender sees partitions that are added")
    func partitionsAreAdded() async throws {
        let test = TestAccumulator(partitions: 1)
        let appender = test.appender(.custom(Fixed(number: 1)))
        #expect(appender.append("a") == .noSuchPartition(1))
        test.accumulator.update(topic: "t", partitionCount: 2, available: [0, 1])
        #expect(appender.append("a") == .appended)
        #expect(try await test.takeValues(1) == [["a"]])
    }

    @Test("a record that names its partition goes there, and is remembered to have named it")
    func namedByRecord() async throws {
        let test = TestAccumulator(partitions: 3)
        let appender = test.appender()
        let value = Array("v".utf8)
        func append(to partition: Int32?) -> RecordAppender.Outcome {
            let details = RecordDetails(partition: partition, timestamp: 1)
            return appender.append(key: value.span, value: value.span, details: details)
        }
        #expect(append(to: 2) == .appended)
        #expect(append(to: 3) == .noSuchPartition(3))
        let batch = try #require(try await test.takeBatches(2).first)
        #expect(batch.named.contains(0))
        test.accumulator.release(batch)
    }

    @Test("runs are for records whose key does not choose the partition")
    func takesRuns() {
        let test = TestAccumulator()
        let builtIn = test.appender()
        let ignoring = test.appender(.builtIn(ignoresKeys: true))
        let explicit = test.appender(.explicit(0))
        let custom = test.appender(.custom(Fixed(number: 0)))
        #expect([builtIn, ignoring, explicit, custom].map { $0.takesRuns(keyed: false) } == [true, true, true, false])
        #expect([builtIn, ignoring, explicit, custom].map { $0.takesRuns(keyed: true) } == [false, true, true, false])
        #expect([builtIn, ignoring, explicit, custom].map(\.hashesKeys) == [true, false, false, false])
    }
}
