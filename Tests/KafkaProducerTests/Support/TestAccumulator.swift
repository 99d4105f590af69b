// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import NIOPosix
import Synchronization

@testable import KafkaProducer

/// An accumulator with one topic and no sender behind it, and a way to look at what it gathered.
struct TestAccumulator {
    let accumulator: RecordAccumulator
    let topic: TopicQueues
    private let signal: SenderSignal
    private let notifier = Notifier()
    private let wakeCounter = WakeCounter()

    private final class WakeCounter: Sendable {
        let count = Atomic<Int>(0)
    }

    init(
        batchSize: Int = 1024,
        largestBatch: Int = 0,
        maxRequestSize: Int = 1 << 20,
        bufferMemory: Int = 1 << 20,
        codec: Codec? = nil,
        partitions: Int32 = 1,
        available: [Int32]? = nil
    ) {
        let signal = SenderSignal(eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        let (notifier, wakeCounter) = (notifier, wakeCounter)
        signal.set { [weak signal] in
            signal?.beganRun()
            wakeCounter.count.add(1, ordering: .relaxed)
            notifier.notify()
        }
        self.signal = signal
        accumulator = RecordAccumulator(
            limits: RecordAccumulator.Limits(
                batchSize: batchSize,
                largestBatch: largestBatch,
                maxRequestSize: maxRequestSize,
                codec: codec,
                readiness: .test
            ),
            bufferMemory: bufferMemory,
            workers: 1,
            signal: signal
        )
        accumulator.update(topic: "t", partitionCount: partitions, available: available ?? Array(0..<partitions))
        topic = accumulator.topic(named: "t")
    }

    /// How often the sender was woken.
    var wakes: Int { wakeCounter.count.load(ordering: .relaxed) }

    /// As if the sender looked again in time.
    func setTimer() { signal.setTimer() }

    /// Ends the workers.
    func close() { accumulator.sealer.close() }

    /// An appender to the topic.
    func appender(_ rule: PartitionRule = .builtIn(ignoresKeys: false)) -> RecordAppender {
        RecordAppender(
            topic: topic,
            accumulator: accumulator,
            signal: signal,
            rule: rule,
            failurePolicy: .continue,
            flush: {}
        )
    }

    /// The queue of a partition.
    func queue(_ partition: Int) -> PartitionQueue { topic.view.queues[partition] }

    /// Waits until something holds that comes about by opening, closing or sealing a batch, or by waiting for memory.
    func wait(until condition: @escaping @Sendable () -> Bool) async throws {
        try await notifier.wait(until: condition)
    }

    /// Closes the open batch of a partition and takes away all its batches, once they are sealed.
    func takeBatches(_ partition: Int = 0) async throws -> [ProducerBatch] {
        let queue = queue(partition)
        if let open = queue.state.withLock({ $0.closeOpenBatch(of: queue) }) { accumulator.sealer.seal(open) }
        let batches = queue.state.withLock { state in
            let batches = Array(state.closed)
            state.closed = []
            return batches
        }
        try await notifier.wait { batches.allSatisfy(\.isSealed) }
        return batches
    }

    /// Takes a partition's batches away and tells the values in each.
    func takeValues(_ partition: Int = 0) async throws -> [[String]] {
        try await takeBatches(partition).map { batch in
            defer { accumulator.release(batch) }
            return try batch.values()
        }
    }
}

extension BatchReadiness {
    /// Batches linger for 5 ms, as by default.
    static let test = BatchReadiness(linger: .milliseconds(5))
}

extension RecordAppender {
    /// Appends a record of texts.
    @discardableResult
    func append(key: String? = nil, _ value: String, timestamp: Int64 = 1, line: UInt64 = 0) -> Outcome {
        withOptionalSpan(key.map { Array($0.utf8) }) { key in
            withOptionalSpan(Array(value.utf8)) { value in
                append(
                    key: key,
                    value: value,
                    details: RecordDetails(
                        timestamp: timestamp,
                        tag: RecordTag(number: line, offset: line * 10)
                    )
                )
            }
        }
    }
}

extension RecordRun {
    /// Appends a record of text.
    mutating func append(
        key: String? = nil,
        _ value: String,
        line: UInt64 = 0,
        into output: inout OutputRawSpan
    ) -> Outcome {
        let tag = RecordTag(number: line, offset: line * 10)
        let bytes = Array(value.utf8)
        guard let key = key.map({ Array($0.utf8) }) else {
            return append(value: bytes.span, tag: tag, into: &output)
        }
        return append(key: key.span, value: bytes.span, tag: tag, into: &output)
    }
}
