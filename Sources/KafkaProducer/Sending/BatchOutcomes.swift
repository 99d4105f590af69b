// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore
import Synchronization

/// What becomes of batches once it is decided: done, another try, division, or failure. Counters, metrics, the observer and
/// waiting callers get the outcome from here and nowhere else.
final class BatchOutcomes {
    private let configuration: ProducerConfiguration
    private let failurePolicy: FailurePolicy
    private let table: PartitionTable
    private let accumulator: RecordAccumulator
    private let counters: ProducerCounters
    private let metrics: SenderMetrics
    private let observer: (any ProducerObserver)?
    private let retryBackoff: ExponentialBackoff
    private let isTransactional: Bool
    private let deliveryTimeout: TimeAmount
    /// Learns of each batch that is given up: why, and whether it had a sequence.
    private var failureObserver: ((ProducerError, Bool, NIODeadline) -> Void)?
    /// What was written within the open transaction.
    private var uncommitted = UncommittedRecords()

    init(_ parts: SenderParts) {
        configuration = parts.configuration
        failurePolicy = parts.failurePolicy
        table = parts.table
        accumulator = parts.accumulator
        counters = parts.counters
        metrics = parts.metrics
        observer = parts.observer
        isTransactional = parts.configuration.transactionalID != nil
        deliveryTimeout = TimeAmount(clamping: parts.configuration.deliveryTimeout)
        retryBackoff = ExponentialBackoff(
            initial: configuration.retryBackoff,
            maximum: configuration.retryBackoffMax
        )
    }

    /// Has each batch that is given up told.
    func observeFailures(_ observer: @escaping (ProducerError, Bool, NIODeadline) -> Void) {
        failureObserver = observer
    }

    /// Reports what happened beside deliveries.
    func report(_ event: ProducerEvent) { observer?.occurred(event) }

    // MARK: answers

    /// Ends a batch in flight by the broker's answer, or by what stands for one.
    func complete(_ batch: ProducerBatch, _ answer: BatchAnswer, from broker: BrokerAddress, now: NIODeadline) {
        guard table.leaveFlight(batch) else { return }
        if answer.error != .none { table.returned(batch, answer.error) }
        switch verdict(on: answer, to: batch, now: now) {
        case .delivered(let baseOffset, let logAppendTime):
            succeed(batch, baseOffset: baseOffset, logAppendTime: logAppendTime, at: broker, now: now)
        case .divide:
            if !divide(batch, now: now) { fail(batch, answer, from: broker, now: now) }
        case .retry:
            retry(batch, after: backoff(of: batch), error: answer.error, now: now)
        case .retryAtOnce:
            retry(batch, after: .zero, error: answer.error, now: now)
        case .retryInNextEpoch where isTransactional:
            // The next epoch comes with the next transaction.
            fail(batch, answer, from: broker, now: now)
        case .retryInNextEpoch:
            // A gap that is left by a batch given up here is closed by the new epoch: there is nothing to wait for.
            table.requireEpochBump(of: batch.queue)
            let isKnownGap = table[batch.queue].sequences.isUnresolved
            retry(batch, after: isKnownGap ? .zero : backoff(of: batch), error: answer.error, now: now)
        case .fail:
            fail(batch, answer, from: broker, now: now)
        }
    }

    /// What the answer means. Nothing holds the sequences afterwards: changed while they are held, they would be copied.
    private func verdict(on answer: BatchAnswer, to batch: ProducerBatch, now: NIODeadline) -> BatchVerdict {
        // Most answers say that, and to copy sequences costs more than to look.
        if answer.error == .none { return .delivered(by: answer, batch) }
        return BatchVerdict(
            on: answer,
            to: batch,
            sequences: table[batch.queue].sequences,
            mayRetry: mayRetry(batch, now: now),
            isTransactional: isTransactional
        )
    }

    /// Whether neither `retries` nor `delivery.timeout.ms` are used up.
    func mayRetry(_ batch: ProducerBatch, now: NIODeadline) -> Bool {
        batch.attempts <= configuration.retries
            && batch.createdAt + deliveryTimeout > now
    }

    /// A batch is stored by the word of a later answer (`acks=0`).
    func confirm(_ batch: ProducerBatch, at broker: BrokerAddress, now: NIODeadline) {
        guard table.leaveFlight(batch) else { return }
        succeed(batch, baseOffset: nil, logAppendTime: nil, at: broker, now: now)
    }

    /// Ends a batch that was written and that nothing will confirm any more (`acks=0`).
    func loseTrack(of batch: ProducerBatch, reason: String, at broker: BrokerAddress, now: NIODeadline) {
        guard table.leaveFlight(batch) else { return }
        fail(batch, .sentUnknown(batch.queue, "\(broker): \(reason)"), from: broker, now: now)
    }

    // MARK: another try

    private func backoff(of batch: ProducerBatch) -> Duration {
        retryBackoff.wait(afterFailures: batch.attempts - 1)
    }

    private func retry(_ batch: ProducerBatch, after wait: Duration, error: ErrorCode, now: NIODeadline) {
        batch.retryAt = now + TimeAmount(clamping: wait)
        batch.lastError = error
        table.requeue([batch])
        counters.update { $0.batchesRetried += 1 }
        let queue = batch.queue
        metrics.counts.retried(records: batch.recordCount, of: queue.topic, now: now)
        report(
            .batchRetrying(
                topic: queue.topic,
                partition: queue.partition,
                error,
                attempt: batch.attempts,
                retryIn: wait
            )
        )
    }

    /// Divides a batch that was too large for the broker into smaller ones, which does not count as a try.
    private func divide(_ batch: ProducerBatch, now: NIODeadline) -> Bool {
        let queue = batch.queue
        guard let parts = try? batch.divided(limits: accumulator.limits), parts.count > 1 else { return false }
        table.divided(batch, into: parts)
        accumulator.incomplete.divided(batch.id, into: parts.count)
        for part in parts {
            accumulator.pool.reserveBeyondLimit(part.reservedBytes)
            accumulator.sealer.seal(part)
        }
        queue.growth.refused(size: batch.wireSize)
        let ratio = Double(batch.wireSize) / Double(max(1, batch.byteCount))
        queue.estimator.reset(to: ratio)
        table.requeue(parts)
        accumulator.release(batch)
        metrics.counts.divided(now: now)
        report(.batchSplit(topic: queue.topic, partition: queue.partition, into: parts.count))
        return true
    }

    // MARK: the end

    private func succeed(
        _ batch: ProducerBatch,
        baseOffset: Int64?,
        logAppendTime: Int64?,
        at broker: BrokerAddress,
        now: NIODeadline
    ) {
        // With acks=0 only the first batches are answered, and the caller asked for no answers.
        let baseOffset = configuration.acks == .none ? nil : baseOffset
        table.acked(batch, baseOffset: baseOffset)
        count(written: batch)
        observer?.delivered(
            DeliveryReport(
                outcome: .delivered(baseOffset: baseOffset, logAppendTime: logAppendTime),
                broker: broker,
                batch: batch,
                recordErrors: [:],
                endedAt: now
            )
        )
        for pending in batch.completions {
            let metadata = RecordMetadata(
                topic: batch.queue.topic,
                partition: batch.queue.partition,
                offset: baseOffset.map { $0 + Int64(pending.index) },
                timestamp: logAppendTime ?? pending.timestamp
            )
            pending.complete(.success(metadata))
        }
        batch.completions = []
        accumulator.release(batch)
        for earlier in table.takeKnownStored(of: batch.queue) {
            succeed(earlier, baseOffset: nil, logAppendTime: nil, at: broker, now: now)
        }
    }

    /// What is written in a transaction counts as acked once it is committed.
    private func count(written batch: ProducerBatch) {
        guard !isTransactional else {
            uncommitted.records += batch.recordCount
            uncommitted.bytes += batch.byteCount
            uncommitted.wireBytes += batch.wireSize
            return counters.update { $0.recordsUncommitted += batch.recordCount }
        }
        counters.update { counts in
            counts.recordsAcked += batch.recordCount
            counts.bytesAcked += batch.byteCount
            counts.wireBytesAcked += batch.wireSize
        }
    }

    /// The transaction of this number has ended, and with it what was written in it.
    func transactionEnded(_ number: Int, isCommitted: Bool) {
        let written = uncommitted
        uncommitted = UncommittedRecords()
        counters.update { counts in
            counts.recordsUncommitted -= written.records
            guard isCommitted else { return counts.recordsFailed += written.records }
            counts.recordsAcked += written.records
            counts.bytesAcked += written.bytes
            counts.wireBytesAcked += written.wireBytes
        }
        report(
            isCommitted
                ? .transactionCommitted(number: number, records: written.records)
                : .transactionAborted(number: number, records: written.records)
        )
    }

    private func fail(_ batch: ProducerBatch, _ answer: BatchAnswer, from broker: BrokerAddress, now: NIODeadline) {
        let queue = batch.queue
        var recordErrors: [Int: ProducerError] = [:]
        for record in answer.recordErrors {
            recordErrors[Int(record.batchIndex)] = ProducerError(
                .broker(answer.recordErrors.count == 1 ? answer.error : .invalidRecord),
                topic: queue.topic,
                partition: queue.partition,
                broker: broker,
                message: record.batchIndexErrorMessage ?? answer.message ?? answer.error.explanation
            )
        }
        let message =
            recordErrors.isEmpty
            ? answer.explanation
            : "the record is part of a batch with records that the broker refused, itself it is valid; send it again"
        let error = ProducerError(
            .broker(recordErrors.isEmpty ? answer.error : .invalidRecord),
            topic: queue.topic,
            partition: queue.partition,
            broker: broker,
            message: message
        )
        fail(batch, error, from: broker, recordErrors: recordErrors, now: now)
    }

    /// Gives up a batch that is neither in a queue nor in flight.
    func fail(
        _ batch: ProducerBatch,
        _ error: ProducerError,
        from broker: BrokerAddress? = nil,
        recordErrors: [Int: ProducerError] = [:],
        now: NIODeadline
    ) {
        table.gaveUp(batch)
        // What comes after a failed batch fails too, at the next pass.
        if failurePolicy == .stopPartition { table.stop(batch.queue) }
        counters.update { $0.recordsFailed += batch.recordCount }
        metrics.counts.failed(records: batch.recordCount, of: batch.queue.topic, now: now)
        let report = DeliveryReport(
            outcome: .failed(error),
            broker: broker,
            batch: batch,
            recordErrors: recordErrors,
            endedAt: now
        )
        observer?.delivered(report)
        for pending in batch.completions {
            pending.complete(.failure(report.error(ofRecord: pending.index) ?? error))
        }
        batch.completions = []
        accumulator.release(batch)
        failureObserver?(error, batch.ticket != nil, now)
    }

    /// Fails what waits in a queue and was never sent; returns whether there was any of it.
    @discardableResult
    func failUnsent(_ place: Int, _ error: ProducerError, now: NIODeadline) -> Bool {
        fail(table[place].queue, error.at(table[place].queue), now: now) { $0.ticket == nil }
    }

    /// Fails everything that waits in a queue; returns whether there was any of it.
    @discardableResult
    func failQueued(_ place: Int, _ error: ProducerError, now: NIODeadline) -> Bool {
        table.note(place)
        return fail(table[place].queue, error, now: now) { _ in true }
    }

    /// A batch that is being sealed stays, until its worker is done.
    private func fail(
        _ queue: PartitionQueue,
        _ error: ProducerError,
        now: NIODeadline,
        where isWanted: (ProducerBatch) -> Bool
    ) -> Bool {
        let open = queue.state.withLock { $0.closeOpenBatch(of: queue) }
        if let open { accumulator.sealer.seal(open) }
        let batches = queue.state.withLock { $0.takeSealed(where: isWanted) }
        for batch in batches { fail(batch, error, now: now) }
        return !batches.isEmpty
    }

    /// Fails every batch, queued or in flight.
    func failEverything(_ error: ProducerError, now: NIODeadline) {
        for place in table.places {
            for batch in table[place].inFlight where table.leaveFlight(batch) {
                fail(batch, error.at(batch.queue), now: now)
            }
            failQueued(place, error.at(table[place].queue), now: now)
        }
    }
}

extension BatchAnswer {
    /// What the broker said, and what to do.
    fileprivate var explanation: String {
        guard let message, !message.isEmpty else { return "\(error.name): \(error.explanation)" }
        return "\(error.name): \(message)"
    }
}
