// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaRecords
import NIOCore
import Synchronization

/// Records one by one: awaited, submitted, with a callback, or forgotten.
extension KafkaProducer {
    /// Sends a record and waits until it is delivered.
    ///
    /// - Returns: where it is stored.
    /// - Throws: ``ProducerError`` when it was not delivered; of code ``ProducerError/Code/interrupted`` when the task was
    ///   cancelled: the message says whether the record is on its way.
    @discardableResult
    public func send(_ record: ProducerRecord) async throws(ProducerError) -> RecordMetadata {
        try await submit(record).metadata
    }

    /// Hands a record over, and gives back what its delivery can be awaited with. Waits only for metadata and memory.
    ///
    /// Records that one task submits to a partition, one after another, are stored in this order.
    ///
    /// - Parameter record: what to send.
    /// - Returns: the delivery; it goes on also when nobody awaits it.
    /// - Throws: ``ProducerError`` when the record could not be taken.
    public func submit(_ record: ProducerRecord) async throws(ProducerError) -> Delivery {
        let delivery = Delivery()
        try await append(record) { delivery.outcome.come($0) }
        return delivery
    }

    /// Sends a record and calls back when it is delivered or has failed. Waits only for metadata and memory.
    ///
    /// - Parameters:
    ///   - record: what to send.
    ///   - completion: called once, on the producer's event loop: it must be quick. Those of one partition are called
    ///     in the order of sending.
    /// - Throws: ``ProducerError`` when the record could not be taken; `completion` is not called then.
    public func send(
        _ record: ProducerRecord,
        completion: @escaping @Sendable (Result<RecordMetadata, ProducerError>) -> Void
    ) async throws(ProducerError) {
        try await append(record, completion: completion)
    }

    /// Sends a record and forgets it; only an observer learns what becomes of it. Waits only for metadata and memory.
    ///
    /// - Throws: ``ProducerError`` when the record could not be taken.
    public func enqueue(_ record: ProducerRecord) async throws(ProducerError) {
        try await append(record, completion: nil)
    }

    private func append(_ record: ProducerRecord, completion: RecordCompletion?) async throws(ProducerError) {
        #if Tracing
            var record = record
            let span = SendSpan(of: &record)
            do throws(ProducerError) {
                try await handOver(record) { result in
                    span.end(result)
                    completion?(result)
                }
            } catch {
                span.end(.failure(error))
                throw error
            }
        #else
            try await handOver(record, completion: completion)
        #endif
    }

    private func handOver(_ record: ProducerRecord, completion: RecordCompletion?) async throws(ProducerError) {
        let start = loop.eventLoop.now
        try refuseIfClosed()
        try transactionGate?.check()
        let topic = try await topic(named: record.topic, partition: record.partition)
        let details = RecordDetails(
            partition: record.partition,
            headers: record.headers.isEmpty ? .none : EncodedHeaders(record.headers),
            timestamp: record.timestamp ?? currentMilliseconds(),
            completion: completion
        )
        var reservation = 0
        defer { if reservation > 0 { accumulator.pool.release(reservation) } }
        while true {
            let (queue, origin) = try place(of: record, in: topic)
            let result = withOptionalSpan(record.key) { key in
                withOptionalSpan(record.value) { value in
                    accumulator.append(
                        to: queue,
                        as: origin,
                        key: key,
                        value: value,
                        details: details,
                        reservation: &reservation
                    )
                }
            }
            switch result {
            case .appended(let bytes, let isBatchReady):
                if origin == .sticky { topic.appendedToStickyPartition(bytes: bytes, isLastBatchFull: isBatchReady) }
                return
            case .retired: continue
            case .batchClosed(let bytes):
                topic.appendedToStickyPartition(bytes: bytes, isLastBatchFull: true)
            case .full(let needed):
                let waited = Duration.nanoseconds((loop.eventLoop.now - start).nanoseconds)
                reservation += try await memory(needed - reservation, within: configuration.maxBlock - waited, record)
            case .tooLarge(let size, let limit, let setting):
                throw .recordTooLarge(topic: record.topic, size: size, limit: limit, setting: setting)
            }
        }
    }

    private func place(
        of record: ProducerRecord,
        in topic: TopicQueues
    ) throws(ProducerError) -> (PartitionQueue, PartitionChoice.Origin) {
        let view = topic.view
        let choice = withOptionalSpan(record.key) { key in
            withOptionalSpan(record.value) { value in
                chooser.choice(
                    named: record.partition,
                    key: key,
                    value: value,
                    partitionCount: view.partitions.partitionCount,
                    topic: view.partitions
                ) { topic.stickyPartition() }
            }
        }
        guard view.queues.indices.contains(Int(choice.partition)) else {
            throw .unknownPartition(choice.partition, of: record.topic, absence: view.absence(of: choice.partition))
        }
        return (view.queues[Int(choice.partition)], choice.origin)
    }

    private func memory(
        _ bytes: Int,
        within timeout: Duration,
        _ record: ProducerRecord
    ) async throws(ProducerError) -> Int {
        let pool = accumulator.pool
        let eventLoop = loop.eventLoop
        let signal = signal
        let wait = Mutex<(id: UInt64, timer: Scheduled<Void>)?>(nil)
        let grant = await withTaskCancellationHandler {
            await pool.wait(for: bytes) { id in
                signal.wake()
                let timer = eventLoop.scheduleTask(in: TimeAmount(clamping: max(.zero, timeout))) {
                    pool.cancelWait(id)
                }
                wait.withLock { $0 = (id, timer) }
                // A cancellation from now on finds the wait; one before that did not.
                if Task.isCancelled { pool.cancelWait(id) }
            }
        } onCancel: {
            if let id = wait.withLock({ $0?.id }) { pool.cancelWait(id) }
        }
        wait.withLock { $0?.timer.cancel() }
        if case .granted(let bytes) = grant { return bytes }
        try refuseIfClosed()
        if Task.isCancelled { throw .cancelled("the record was not sent") }
        waits.memoryExhausted()
        throw ProducerError(
            .timedOut,
            topic: record.topic,
            message: "Failed to allocate \(bytes) bytes within the configured max blocking time "
                + "\(configuration.maxBlock.milliseconds) ms (max.block.ms): buffer.memory is used up"
        )
    }
}
