// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import NIOCore
import Synchronization

/// What becomes of batches once they are answered: done, another try, division, or failure.
extension Sender {
    func handle(
        _ response: ProduceResponse,
        to batches: [ProducerBatch],
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        let answers = ProduceAnswers(response, to: batches.map(\.queue), topicNames: cluster.topicNames)
        adoptLeaders(of: batches, from: answers)
        var isAnyRefused = false
        for (place, batch) in batches.enumerated() {
            let answer = answers.answer(at: place)
            if answer.error != .none { isAnyRefused = true }
            if configuration.acks == .none, isOnlyPossiblyStored(batch, answer, on: connection) { continue }
            complete(batch, answer, on: connection, now: now)
        }
        // The next answer may have come in the same read: it must find the epoch that this one has made necessary.
        if isAnyRefused { resolveSequences() }
    }

    /// Takes in the leaders that the response names beside its errors (KIP-951).
    private func adoptLeaders(of batches: [ProducerBatch], from answers: ProduceAnswers) {
        for (place, batch) in batches.enumerated() {
            // The leader of a topic that is no more says nothing of the one that has its name.
            guard !partitions[batch.queue.index].isRetired, let (leader, endpoint) = answers.newLeader(at: place) else {
                continue
            }
            _ = cluster.update(
                leader: leader.leaderID,
                epoch: leader.leaderEpoch,
                endpoint: endpoint,
                topic: batch.queue.topic,
                partition: batch.queue.partition
            )
        }
        refreshLeaders()
    }

    /// One and the same end for all batches of requests that were not answered, in the order of sending.
    ///
    /// Those that fail for good are told in that order. What is tried again goes to the front of its queue, the last one
    /// first.
    func complete(
        _ batches: [ProducerBatch],
        failing error: ErrorCode,
        reason: String,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        for batch in batches where !mayRetry(batch, now: now) {
            complete(batch, BatchAnswer(error: error, message: reason), on: connection, now: now)
        }
        for batch in batches.reversed() {
            complete(batch, BatchAnswer(error: error, message: reason), on: connection, now: now)
        }
    }

    private func complete(
        _ batch: ProducerBatch,
        _ answer: BatchAnswer,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        let index = batch.queue.index
        guard leaveFlight(batch) else { return }
        if answer.error.invalidatesMetadata { metadata.requestUpdate() }
        let verdict = BatchVerdict(
            on: answer,
            to: batch,
            sequences: partitions[index].sequences,
            mayRetry: mayRetry(batch, now: now)
        )
        switch verdict {
        case .delivered(let baseOffset, let logAppendTime):
            succeed(batch, baseOffset: baseOffset, logAppendTime: logAppendTime, on: connection)
        case .divide:
            if !split(batch) { fail(batch, answer, on: connection) }
        case .retry:
            retry(batch, after: backoff(of: batch), error: answer.error, now: now)
        case .retryAtOnce:
            retry(batch, after: .zero, error: answer.error, now: now)
        case .retryInNextEpoch:
            // A gap that is left by a batch given up here is closed by the new epoch: there is nothing to wait for.
            let isKnownGap = partitions[index].sequences.isUnresolved
            partitions[index].needsEpochBump = true
            retry(batch, after: isKnownGap ? .zero : backoff(of: batch), error: answer.error, now: now)
        case .fail:
            fail(batch, answer, on: connection)
        }
    }

    private func mayRetry(_ batch: ProducerBatch, now: NIODeadline) -> Bool {
        batch.attempts <= configuration.retries && batch.createdAt + TimeAmount(configuration.deliveryTimeout) > now
    }

    /// Takes a batch off those in flight.
    ///
    /// - Returns: false if it was not there any more, since it expired; its end was told then.
    func leaveFlight(_ batch: ProducerBatch) -> Bool {
        let index = batch.queue.index
        guard let place = partitions[index].inFlight.firstIndex(where: { $0 === batch }) else { return false }
        partitions[index].inFlight.remove(at: place)
        partitions[index].isMuted = false
        counters.update { counts in
            counts.batchesInFlight -= 1
            counts.recordsInFlight -= batch.recordCount
        }
        return true
    }

    // MARK: another try

    private func backoff(of batch: ProducerBatch) -> Duration {
        retryBackoff.wait(afterFailures: batch.attempts - 1)
    }

    private func retry(_ batch: ProducerBatch, after wait: Duration, error: ErrorCode, now: NIODeadline) {
        batch.retryAt = now + TimeAmount(wait)
        batch.lastError = error
        requeue([batch])
        counters.update { $0.batchesRetried += 1 }
        let queue = batch.queue
        metrics.retried(records: batch.recordCount, of: queue.topic, now: now)
        tell(
            .batchRetrying(
                topic: queue.topic,
                partition: queue.partition,
                error,
                attempt: batch.attempts,
                retryIn: wait
            )
        )
    }

    private func requeue(_ batches: [ProducerBatch]) {
        guard let queue = batches.first?.queue else { return }
        let order = partitions[queue.index].sequences
        queue.state.withLock { $0.requeue(batches, order: order) }
        activate(queue.index)
    }

    /// Divides a batch that was too large for the broker into smaller ones, which does not count as a try.
    private func split(_ batch: ProducerBatch) -> Bool {
        let queue = batch.queue
        guard let parts = try? batch.divided(limits: accumulator.limits), parts.count > 1 else { return false }
        partitions[queue.index].sequences.replace(batch, by: parts)
        accumulator.incomplete.divided(batch.id, into: parts.count)
        for part in parts {
            accumulator.pool.reserveBeyondLimit(part.reservedBytes)
            accumulator.sealer.seal(part)
        }
        let ratio = Double(batch.wireSize) / Double(max(1, batch.byteCount))
        queue.estimator.reset(to: ratio)
        requeue(parts)
        accumulator.release(batch)
        metrics.split(now: .now())
        tell(.batchSplit(topic: queue.topic, partition: queue.partition, into: parts.count))
        return true
    }

    // MARK: the end

    func succeed(_ batch: ProducerBatch, baseOffset: Int64?, logAppendTime: Int64?, on connection: BrokerConnection) {
        let index = batch.queue.index
        // Only the first batches are answered then, and nobody asked for it.
        let baseOffset = configuration.acks == .none ? nil : baseOffset
        if batch.sequence != nil { partitions[index].sequences.acked(batch) }
        counters.update { counts in
            counts.recordsAcked += batch.recordCount
            counts.bytesAcked += batch.byteCount
            counts.wireBytesAcked += batch.wireSize
        }
        observer?.delivered(
            DeliveryReport(
                outcome: .delivered(baseOffset: baseOffset, logAppendTime: logAppendTime),
                broker: connection.address,
                batch: batch,
                recordErrors: [:]
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
    }

    private func fail(_ batch: ProducerBatch, _ answer: BatchAnswer, on connection: BrokerConnection) {
        let queue = batch.queue
        var recordErrors: [Int: ProducerError] = [:]
        for record in answer.recordErrors {
            recordErrors[Int(record.batchIndex)] = ProducerError(
                .broker(answer.recordErrors.count == 1 ? answer.error : .invalidRecord),
                topic: queue.topic,
                partition: queue.partition,
                broker: connection.address,
                message: record.batchIndexErrorMessage ?? answer.message ?? advice(on: answer.error)
            )
        }
        let message =
            recordErrors.isEmpty
            ? explanation(of: answer)
            : "the record is part of a batch with records that the broker refused, itself it is valid; send it again"
        let error = ProducerError(
            .broker(recordErrors.isEmpty ? answer.error : .invalidRecord),
            topic: queue.topic,
            partition: queue.partition,
            broker: connection.address,
            message: message
        )
        fail(batch, error, broker: connection.address, recordErrors: recordErrors)
    }

    private func explanation(of answer: BatchAnswer) -> String {
        let advice = advice(on: answer.error)
        guard let message = answer.message, !message.isEmpty else { return "\(answer.error.name): \(advice)" }
        return "\(answer.error.name): \(message)"
    }

    /// Under ``FailurePolicy/stopPartition`` what comes after a failed batch fails too, at the next look.
    private func stopPartition(of batch: ProducerBatch) {
        let queue = batch.queue
        guard failurePolicy == .stopPartition, partitions[queue.index].stopped == nil else { return }
        partitions[queue.index].stopped = .stopped(topic: queue.topic, partition: queue.partition)
    }

    /// Gives a batch up.
    func fail(
        _ batch: ProducerBatch,
        _ error: ProducerError,
        broker: BrokerAddress? = nil,
        recordErrors: [Int: ProducerError] = [:]
    ) {
        partitions[batch.queue.index].sequences.gaveUp(batch)
        stopPartition(of: batch)
        counters.update { $0.recordsFailed += batch.recordCount }
        metrics.failed(records: batch.recordCount, of: batch.queue.topic, now: .now())
        let report = DeliveryReport(
            outcome: .failed(error),
            broker: broker,
            batch: batch,
            recordErrors: recordErrors
        )
        observer?.delivered(report)
        for pending in batch.completions {
            pending.complete(.failure(report.error(ofRecord: pending.index) ?? error))
        }
        batch.completions = []
        accumulator.release(batch)
    }
}
