// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import NIOCore
import Synchronization

/// Batches that were not delivered within `delivery.timeout.ms`, wherever they are.
extension Sender {
    private var deliveryTimeout: TimeAmount { TimeAmount(configuration.deliveryTimeout) }

    func expireBatches(now: NIODeadline) {
        let limit = now - deliveryTimeout
        for index in partitions.indices {
            expireInFlight(index, limit: limit)
            guard partitions[index].isActive else { continue }
            expireQueued(index, limit: limit)
        }
    }

    private func expireInFlight(_ index: Int, limit: NIODeadline) {
        guard partitions[index].inFlight.contains(where: { $0.createdAt <= limit }) else { return }
        let expired = partitions[index].inFlight.filter { $0.createdAt <= limit }
        partitions[index].inFlight.removeAll { $0.createdAt <= limit }
        silence.hasExpired = true
        partitions[index].isMuted = false
        for batch in expired {
            counters.update { counts in
                counts.batchesInFlight -= 1
                counts.recordsInFlight -= batch.recordCount
            }
            fail(
                batch,
                configuration.acks == .none ? unknownEnd(of: batch, expiry(of: batch).message) : expiry(of: batch)
            )
        }
    }

    private func expireQueued(_ index: Int, limit: NIODeadline) {
        let queue = partitions[index].queue
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
        if !expired.isEmpty { silence.hasExpired = true }
        for batch in expired { fail(batch, expiry(of: batch)) }
        if unsealed != nil, accumulator.limits.codec == nil { expireQueued(index, limit: limit) }
    }

    private func expiry(of batch: ProducerBatch) -> ProducerError {
        let queue = batch.queue
        let limit = configuration.deliveryTimeout.milliseconds
        // What a broker answered says more than what became of a connection since.
        let answer = batch.lastError.flatMap { Self.standsForSilence.contains($0) ? nil : $0 }
        let reason =
            if let answer {
                "sent \(batch.attempts) times, and answered with \(answer.name): \(advice(on: answer))"
            } else if let error = topicErrors[queue.topic] {
                "\(error.name): \(advice(on: error))"
            } else if let failure = lastConnectionFailure, concerns(failure.address, index: queue.index) {
                "\(failure.address): \(failure.reason)\(isOnlyAdvertised(failure.address) ? Self.advertised : "")"
            } else if partitions[queue.index].leader == nil {
                "the partition has no leader"
            } else if let error = batch.lastError {
                "sent \(batch.attempts) times, and answered with \(error.name): \(advice(on: error))"
            } else {
                "sent \(batch.attempts) times"
            }
        return ProducerError(
            .timedOut,
            topic: queue.topic,
            partition: queue.partition,
            message: "Expiring \(batch.recordCount) record(s): delivery.timeout.ms=\(limit) has passed since batch "
                + "creation (\(reason))",
            cause: answer ?? topicErrors[queue.topic]
        )
    }

    /// Errors that no broker answers: they stand for an answer that did not come.
    private static let standsForSilence: Set<ErrorCode> = [.networkException, .requestTimedOut]
    private static let advertised = "; that is the address which the broker advertises: see its advertised.listeners"

    /// Whether a connection failure may be why a partition's batches wait: it is of its leader, or the leader is not known.
    private func concerns(_ address: BrokerAddress, index: Int) -> Bool {
        guard let leader = partitions[index].leader, let node = address.nodeID else { return true }
        return node == leader
    }

    /// Whether an address is known from the cluster alone, and nobody has ever reached it.
    func isOnlyAdvertised(_ address: BrokerAddress) -> Bool {
        address.nodeID.flatMap { connections[$0] }.map { !$0.hasBeenReady } ?? false
    }

    func nextBatchExpiry() -> NIODeadline? {
        var oldest: NIODeadline?
        func consider(_ created: NIODeadline?) {
            guard let created else { return }
            oldest = oldest.map { min($0, created) } ?? created
        }
        for partition in partitions { for batch in partition.inFlight { consider(batch.createdAt) } }
        for index in active {
            partitions[index].queue.state.withLock { state in
                consider(state.closed.first?.createdAt)
                consider(state.openCreatedAt)
            }
        }
        return oldest.map { $0 + deliveryTimeout }
    }

    /// Batches for topics that the cluster will never take fail at once; others wait.
    func failBatchesOfRefusedTopics() {
        for (topic, error) in topicErrors where !error.isRetriable {
            for index in active where partitions[index].queue.topic == topic {
                failQueued(
                    index,
                    ProducerError(.broker(error), topic: topic, message: "\(error.name): \(advice(on: error))")
                )
            }
        }
    }

    /// Fails everything that waits in a queue.
    func failQueued(_ index: Int, _ error: ProducerError) {
        let queue = partitions[index].queue
        let open = queue.state.withLock { $0.closeOpenBatch(of: queue) }
        if let open { accumulator.sealer.seal(open) }
        let batches = queue.state.withLock { state in
            let sealed = state.closed.filter(\.isSealed)
            state.closed.removeAll { $0.isSealed }
            return sealed
        }
        for batch in batches { fail(batch, error) }
    }
}
