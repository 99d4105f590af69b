// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaRecords
import NIOCore
import RandomNumbers
import Synchronization
import Testing

@testable import KafkaProducer

/// Batches that take more records than `batch.size` while nobody takes them.
@Suite("Growing batches", .timeLimit(.minutes(10)))
struct GrowingBatchTests {
    private func value(_ number: Int, count: Int = 100) -> String {
        let text = "\(number) "
        return text + String(repeating: "x", count: max(0, count - text.count))
    }

    @Test(
        "a batch that nobody takes grows to its largest size, and then another one is opened",
        arguments: [false, true]
    )
    func grows(inRuns: Bool) async throws {
        let test = TestAccumulator(batchSize: 1024, largestBatch: 8192)
        let appender = test.appender(.explicit(0))
        let values = (0..<100).map { value($0) }
        append(values, to: appender, inRuns: inRuns)
        let batches = try await test.takeBatches()
        #expect(try batches.flatMap { try $0.values() } == values)
        #expect(batches.count == 2)
        #expect(batches.allSatisfy { $0.wireSize <= 8192 })
        #expect(batches[0].wireSize > 8192 - 200)
    }

    /// New memory of that size would cost more than moving the records.
    @Test("a batch that grows goes on in memory that was used before", arguments: [false, true])
    func usesSpareMemory(inRuns: Bool) async throws {
        let test = TestAccumulator(batchSize: 1024, largestBatch: 8192, partitions: 2)
        let values = (0..<60).map { value($0) }
        append(values, to: test.appender(.explicit(0)), inRuns: inRuns)
        for batch in try await test.takeBatches() { test.accumulator.release(batch) }
        #expect(test.accumulator.pool.spareBytes == 8192)
        append(values, to: test.appender(.explicit(1)), inRuns: inRuns)
        // What it grew out of was put in its place.
        #expect(test.accumulator.pool.spareBytes == 4096)
        #expect(try await test.takeBatches(1).flatMap { try $0.values() } == values)
    }

    @Test("a batch of the size that the user set never grows beyond it", arguments: [false, true])
    func isBounded(inRuns: Bool) async throws {
        let test = TestAccumulator(batchSize: 1024)
        append((0..<100).map { value($0) }, to: test.appender(.explicit(0)), inRuns: inRuns)
        for batch in try await test.takeBatches() { #expect(batch.wireSize <= 1024) }
    }

    @Test(
        "the sender finds a batch of batch.size ready though it lingers, and is woken for it",
        arguments: [false, true]
    )
    func isReady(inRuns: Bool) async throws {
        let test = TestAccumulator(batchSize: 1024, largestBatch: 8192)
        let appender = test.appender(.explicit(0))
        let readiness = BatchReadiness(linger: .hours(1), batchSize: 1024)
        let moment = BatchReadiness.Moment(now: .now(), isUrgent: false, leaderEpoch: -1)
        test.setTimer()
        append((0..<5).map { value($0) }, to: appender, inRuns: inRuns)
        #expect(test.wakes == 0)
        guard case .notBefore = readiness.find(in: test.queue(0), moment).finding else {
            Issue.record("a batch that is not full does not linger")
            return
        }
        append((5..<20).map { value($0) }, to: appender, inRuns: inRuns)
        try await test.wait { test.wakes > 0 }
        let found = readiness.find(in: test.queue(0), moment)
        #expect(found.finding == .ready && !found.isClosed)
        #expect(found.length == 2 && found.bytes > 1024)
    }

    @Test("a batch that the sender wants while a thread has it is closed by the thread, and does not grow on")
    func isWanted() async throws {
        let test = TestAccumulator(batchSize: 1024, largestBatch: 1 << 20)
        let appender = test.appender(.explicit(0))
        append((0..<10).map { value($0) }, to: appender, inRuns: true)
        let queue = test.queue(0)
        _ = appender.appendRun(timestamp: 1) { run, output in
            queue.state.withLock { $0.wantBorrowedBatch() }
            _ = run.append(value(10), into: &output)
        }
        #expect(queue.state.withLock { $0.closed.count } == 1)
    }

    @Test("what a broker has refused as too large is not grown to again")
    func refused() async throws {
        let test = TestAccumulator(batchSize: 1024, largestBatch: 8192)
        test.topic.growth.refused(size: 8000)
        append((0..<100).map { value($0) }, to: test.appender(.explicit(0)), inRuns: false)
        for batch in try await test.takeBatches() { #expect(batch.wireSize <= 4000) }
        // Nor is it made in the first place where a topic takes less than batch.size, which the user has not set.
        test.topic.growth.refused(size: 1000)
        append((0..<20).map { value($0) }, to: test.appender(.explicit(0)), inRuns: false)
        for batch in try await test.takeBatches() { #expect(batch.wireSize <= 500) }
        let java = TestAccumulator(batchSize: 1024)
        java.topic.growth.refused(size: 1000)
        append((0..<20).map { value($0) }, to: java.appender(.explicit(0)), inRuns: false)
        #expect(try await java.takeBatches().first?.recordCount == 8)
    }

    @Test(
        "records come out once and in order, and memory stays within its bound, however they are taken",
        arguments: 0..<40
    )
    func anyOrder(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let memory = 1 << 16
        let test = TestAccumulator(batchSize: 2048, largestBatch: 16_384, bufferMemory: memory)
        let appender = test.appender(.explicit(0))
        var (sent, taken): ([String], [String]) = ([], [])
        var held: [ProducerBatch] = []
        func take() async throws {
            for batch in try await test.takeBatches() {
                #expect(batch.recordCount == 1 || batch.wireSize <= 16_384)
                taken += try batch.values()
                held.append(batch)
            }
        }
        for _ in 0..<60 {
            let values = (0..<Int.random(in: 1...40, using: &random)).map { index in
                value(sent.count + index, count: Int.random(in: 1...400, using: &random))
            }
            let appended = append(values, to: appender, inRuns: Bool.random(using: &random))
            sent += values.prefix(appended)
            #expect(test.accumulator.pool.available >= 0)
            if appended < values.count || Int.random(in: 0..<4, using: &random) == 0 { try await take() }
            while !held.isEmpty, appended < values.count || Bool.random(using: &random) {
                test.accumulator.release(held.removeFirst())
            }
        }
        try await take()
        for batch in held { test.accumulator.release(batch) }
        #expect(taken == sent)
        #expect(test.accumulator.pool.available == memory)
        #expect(test.accumulator.incomplete.count == 0)
    }

    @Test("a batch that is to be compressed grows to what is expected to fill the largest one")
    func compressed() async throws {
        let test = TestAccumulator(batchSize: 1024, largestBatch: 4096, codec: .lz4())
        defer { test.close() }
        append((0..<400).map { value($0) }, to: test.appender(.explicit(0)), inRuns: true)
        let batches = try await test.takeBatches()
        #expect(try batches.flatMap { try $0.values() } == (0..<400).map { value($0) })
        // Nothing is known of the ratio before the first batch, so that it is taken for 1.
        #expect(batches.allSatisfy { $0.plainSize <= 4096 })
    }

    /// - Returns: how many of the values were appended before memory was used up.
    @discardableResult
    private func append(_ values: [String], to appender: RecordAppender, inRuns: Bool) -> Int {
        var count = 0
        while count < values.count {
            guard inRuns else {
                guard appender.append(values[count]) == .appended else { return count }
                count += 1
                continue
            }
            let outcome = appender.appendRun(timestamp: 1) { run, output in
                while count < values.count, run.append(values[count], into: &output) == .appended { count += 1 }
            }
            if outcome == .full { return count }
        }
        return count
    }
}
