// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore

/// Appenders, for threads that have many records, and the waits for what they need to know.
extension KafkaProducer {
    /// An appender, with which one thread appends many records of a topic straight into batches.
    ///
    /// Waits up to `max.block.ms` until the topic's partitions are known.
    ///
    /// - Parameters:
    ///   - topic: the topic's name.
    ///   - partition: the partition of all records, or `nil` to let the partitioner choose. Default: `nil`.
    /// - Returns: an appender, for the thread that it is sent to.
    /// - Throws: ``ProducerError`` when the topic, or the partition, did not become known in time.
    public func appender(topic: String, partition: Int32? = nil) async throws(ProducerError) -> sending RecordAppender {
        try refuseIfClosed()
        let queues = try await self.topic(named: topic, partition: partition)
        return appender(to: queues, rule: partition.map { .explicit($0) } ?? partitionRule)
    }

    /// An appender for the calling thread, which is blocked up to `max.block.ms` until the topic's partitions are known, or until
    /// ``interruptTopicWaits()``.
    ///
    /// - Parameters:
    ///   - topic: the topic's name.
    ///   - partition: the partition of all records, or `nil` for the one that a record names or the partitioner chooses.
    ///     Default: `nil`.
    /// - Returns: an appender, for the thread that it is sent to.
    /// - Throws: ``ProducerError`` when the topic, or the partition, did not become known in time.
    @available(*, noasync)
    public func waitForAppender(topic: String, partition: Int32? = nil) throws(ProducerError) -> sending RecordAppender
    {
        try waitForTopic(topic, partition: partition)
        return appender(to: accumulator.topic(named: topic), rule: partition.map { .explicit($0) } ?? partitionRule)
    }

    /// Blocks the calling thread up to `max.block.ms` until a topic's partitions are known, or until
    /// ``interruptTopicWaits()``.
    ///
    /// - Parameters:
    ///   - topic: the topic's name.
    ///   - partition: a partition that must be one of them. Default: any will do.
    /// - Throws: ``ProducerError`` when the topic, or the partition, did not become known in time.
    @available(*, noasync)
    public func waitForTopic(_ topic: String, partition: Int32? = nil) throws(ProducerError) {
        try refuseIfClosed()
        guard try knownTopic(topic, partition: partition) == nil else { return }
        let answer = BlockingAnswer()
        // It ends when the wait does, which max.block.ms bounds.
        Task {
            do throws(ProducerError) {
                try await self.waitForMetadata(of: topic, partition: partition)
                answer.give(.success(()))
            } catch {
                answer.give(.failure(error))
            }
        }
        try answer.wait().get()
    }

    /// The queues of a topic, once it has the partition, or any.
    func topic(named name: String, partition: Int32?) async throws(ProducerError) -> TopicQueues {
        if let topic = try knownTopic(name, partition: partition) { return topic }
        try await waitForMetadata(of: name, partition: partition)
        return accumulator.topic(named: name)
    }

    /// The queues of a topic, unless the partition, or any, is still to become known.
    private func knownTopic(_ name: String, partition: Int32?) throws(ProducerError) -> TopicQueues? {
        if let partition, partition < 0 {
            throw ProducerError(
                .unknownPartition,
                topic: name,
                partition: partition,
                message: "Invalid partition: \(partition). Partition number should always be non-negative or null."
            )
        }
        let topic = accumulator.topic(named: name)
        return topic.view.partitions.partitionCount > max(0, partition ?? 0) ? topic : nil
    }

    private func waitForMetadata(of topic: String, partition: Int32?) async throws(ProducerError) {
        let start = NIODeadline.now()
        defer { waits.waitedForMetadata(since: start) }
        guard visits.enter() else { throw .closedProducer }
        defer { visits.leave() }
        try await sender.waitForTopic(topic, partition: partition, timeout: configuration.maxBlock)
    }

    private func appender(to topic: TopicQueues, rule: PartitionRule) -> sending RecordAppender {
        RecordAppender(
            topic: topic,
            accumulator: accumulator,
            signal: signal,
            rule: rule,
            failurePolicy: failurePolicy,
            flush: { [weak self, waits, incomplete = accumulator.incomplete] in Self.flush({ self }, incomplete, waits)
            }
        )
    }

    /// As ``flush()``; blocks the calling thread.
    @available(*, noasync)
    public func waitForFlush() { Self.flush({ self }, accumulator.incomplete, waits) }

    @available(*, noasync)
    private static func flush(_ producer: () -> KafkaProducer?, _ incomplete: IncompleteBatches, _ waits: WaitMetrics) {
        let start = NIODeadline.now()
        defer { waits.flushed(since: start) }
        let done = DispatchSemaphore(value: 0)
        producer()?.onSender { $0.flushBegan() }
        incomplete.whenComplete { done.signal() }
        done.wait()
        producer()?.onSender { $0.flushEnded() }
    }
}
