// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaClient
import KafkaProtocol
import NIOCore
import Synchronization

/// Gives up batches that were not delivered within `delivery.timeout.ms`, wherever they are, and says why they were not.
final class BatchExpiry {
    private let configuration: ProducerConfiguration
    private let table: PartitionTable
    private let accumulator: RecordAccumulator
    private let client: ClusterClient
    private let outcomes: BatchOutcomes
    private let deliveryTimeout: TimeAmount
    /// Before that no batch can run out of time.
    private var nextLook: NIODeadline?
    /// When a batch has run out of time last.
    private var lastExpiry: NIODeadline?

    init(_ parts: SenderParts, outcomes: BatchOutcomes) {
        configuration = parts.configuration
        table = parts.table
        accumulator = parts.accumulator
        client = parts.client
        self.outcomes = outcomes
        deliveryTimeout = TimeAmount(clamping: configuration.deliveryTimeout)
    }

    /// How long no broker has answered anything, if batches have run out of time meanwhile.
    func timeInSilence(now: NIODeadline) -> Duration? {
        let since = client.connections.history.lastResponse
        guard let lastExpiry, lastExpiry >= since else { return nil }
        return .nanoseconds((now - since).nanoseconds)
    }

    /// Gives up what has run out of time.
    func pass(now: NIODeadline) {
        let isOver = table.deliveryDeadline.map { now >= $0 } ?? false
        guard isOver || nextLook.map({ now >= $0 }) == true else { return }
        // With its transaction, everything runs out of time.
        let limit = isOver ? now : now - deliveryTimeout
        for place in table.flying.places { expireInFlight(place, limit: limit, now: now) }
        for place in table.active.places { expireQueued(place, limit: limit, now: now) }
        nextLook = nil
    }

    /// When the next batch may run out of time; asked for at the end of a pass.
    ///
    /// It is found out when there was none before. What is made later runs out later, so that it holds until then.
    func nextExpiry() -> NIODeadline? {
        if table.active.isEmpty, table.flying.isEmpty {
            nextLook = nil
        } else if nextLook == nil {
            nextLook = oldest().map { $0 + deliveryTimeout }
        }
        guard let nextLook else { return nil }
        return table.deliveryDeadline.map { min($0, nextLook) } ?? nextLook
    }

    /// When the oldest batch was opened.
    private func oldest() -> NIODeadline? {
        var oldest = EarliestDeadline()
        for place in table.flying.places { for batch in table[place].inFlight { oldest.consider(batch.createdAt) } }
        for place in table.active.places {
            table[place].queue.state.withLock { state in
                oldest.consider(state.closed.first?.createdAt)
                oldest.consider(state.openCreatedAt)
            }
        }
        return oldest.value
    }

    private func expireInFlight(_ place: Int, limit: NIODeadline, now: NIODeadline) {
        guard table[place].inFlight.contains(where: { $0.createdAt <= limit }) else { return }
        lastExpiry = now
        for batch in table[place].inFlight where batch.createdAt <= limit && table.leaveFlight(batch) {
            let error = expiry(of: batch)
            let mayBeStored = configuration.acks == .none
            outcomes.fail(batch, mayBeStored ? .sentUnknown(batch.queue, error.message) : error, now: now)
        }
    }

    private func expireQueued(_ place: Int, limit: NIODeadline, now: NIODeadline) {
        let queue = table[place].queue
        let (expired, unsealed) = queue.state.withLock { state -> ([ProducerBatch], ProducerBatch?) in
            var expired: [ProducerBatch] = []
            while let first = state.closed.first, first.createdAt <= limit, first.isSealed {
                expired.append(state.closed.removeFirst())
            }
            var unsealed: ProducerBatch?
            if let created = state.openCreatedAt, created <= limit { unsealed = state.closeOpenBatch(of: queue) }
            return (expired, unsealed)
        }
        if let unsealed { accumulator.sealer.seal(unsealed) }
        if !expired.isEmpty { lastExpiry = now }
        for batch in expired { outcomes.fail(batch, expiry(of: batch), now: now) }
        if unsealed != nil, accumulator.limits.codec == nil { expireQueued(place, limit: limit, now: now) }
    }

    /// Batches for topics that the cluster will never take fail at once; others wait.
    func failBatchesOfRefusedTopics(now: NIODeadline) {
        for topic in client.directory.errors.keys {
            guard let refusal = client.refusal(of: topic) else { continue }
            for place in table.active.places where table[place].queue.topic == topic {
                outcomes.failQueued(place, refusal, now: now)
            }
        }
    }

    // MARK: why

    /// Errors that no broker answers: they stand for an answer that did not come.
    private static let standsForSilence: Set<ErrorCode> = [.networkException, .requestTimedOut]

    private func expiry(of batch: ProducerBatch) -> ProducerError {
        let queue = batch.queue
        if let error = expiryWithTransaction(batch) { return error }
        let limit = configuration.deliveryTimeout.milliseconds
        // What a broker answered says more than what became of a connection since.
        let answer = batch.lastError.flatMap { Self.standsForSilence.contains($0) ? nil : $0 }
        return ProducerError(
            .timedOut,
            topic: queue.topic,
            partition: queue.partition,
            message: "Expiring \(batch.recordCount) record(s): delivery.timeout.ms=\(limit) has passed since batch "
                + "creation (\(reason(for: batch, answer)))",
            cause: answer ?? client.directory.errors[queue.topic]
        )
    }

    /// Why a batch ran out of time before `delivery.timeout.ms` was over.
    private func expiryWithTransaction(_ batch: ProducerBatch) -> ProducerError? {
        guard let end = table.deliveryDeadline, end < batch.createdAt + deliveryTimeout else { return nil }
        let queue = batch.queue
        let limit = configuration.transactionTimeout.milliseconds
        return ProducerError(
            .transactionTimedOut,
            topic: queue.topic,
            partition: queue.partition,
            message: "\(batch.recordCount) record(s) were not delivered before their transaction took longer than "
                + "transaction.timeout.ms=\(limit) (\(reason(for: batch, batch.lastError))); commit more often, or raise "
                + "transaction.timeout.ms"
        )
    }

    private func reason(for batch: ProducerBatch, _ answer: ErrorCode?) -> String {
        let queue = batch.queue
        if let answer { return Self.answered(batch, answer) }
        if let error = client.directory.errors[queue.topic] { return "\(error.name): \(error.explanation)" }
        if let (address, reason) = client.connections.history.lastFailure,
            concerns(address, place: table.place(of: queue))
        {
            let advice = "; that is the address which the broker advertises: see its advertised.listeners"
            return "\(address): \(reason)\(client.isOnlyAdvertised(address) ? advice : "")"
        }
        if table[queue].leader == nil { return "the partition has no leader" }
        return batch.lastError.map { Self.answered(batch, $0) } ?? "sent \(batch.attempts) times"
    }

    private static func answered(_ batch: ProducerBatch, _ error: ErrorCode) -> String {
        "sent \(batch.attempts) times, and answered with \(error.name): \(error.explanation)"
    }

    /// Whether a connection failure may be why a partition's batches wait: it is of its leader, or the leader is not known.
    private func concerns(_ address: BrokerAddress, place: Int) -> Bool {
        guard let leader = table[place].leader, let node = address.nodeID else { return true }
        return node == leader
    }
}
