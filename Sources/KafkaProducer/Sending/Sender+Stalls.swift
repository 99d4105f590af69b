// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import NIOCore
import Synchronization

/// What is waited for, for those who watch.
extension Sender {
    /// Everything that is waited for now, the likeliest cause first. Empty when nothing is to be sent.
    func stallReasons() -> [StallReason] {
        adoptNewQueues()
        let now = NIODeadline.now()
        var reasons: [StallReason] = []
        func add(_ reason: StallReason?) {
            if let reason, !reasons.contains(reason) { reasons.append(reason) }
        }
        for waiter in topicWaiters { add(reasonForWaiting(on: waiter.topic, partition: waiter.partition)) }
        for index in active where partitions[index].queuedBatches > 0 { add(reasonForWaiting(index, now: now)) }
        for connection in connections.values where connection.machine.inFlightCount > 0 {
            add(.answer(connection.address, requests: connection.machine.produceInFlightCount))
        }
        if accumulator.pool.hasWaiters { add(.memory) }
        return reasons
    }

    /// How long no broker has answered anything, if batches have run out of time meanwhile.
    func timeInSilence() -> Duration? {
        silence.hasExpired ? .nanoseconds((NIODeadline.now() - silence.since).nanoseconds) : nil
    }

    private func reasonForWaiting(on topic: String, partition: Int32? = nil) -> StallReason {
        if cluster.isBootstrap, let connection = connections.values.first(where: { !$0.machine.isReady }) {
            return .connecting(connection.address, lastFailure: lastConnectionFailure?.reason)
        }
        if let partition, topicErrors[topic] == nil, let known = cluster.topics[topic], !known.partitions.isEmpty {
            return .partitionUnknown(topic: topic, partition: partition, partitionCount: known.partitions.count)
        }
        return .topicUnknown(topic: topic, topicErrors[topic])
    }

    private func reasonForWaiting(_ index: Int, now: NIODeadline) -> StallReason? {
        let queue = partitions[index].queue
        // They wait for answers, which are told of beside this.
        if partitions[index].isRetired || isHeld(partitions[index]) { return nil }
        guard let leader = partitions[index].leader else {
            if cluster.isBootstrap || cluster.topics[queue.topic] == nil { return reasonForWaiting(on: queue.topic) }
            return .leaderMissing(topic: queue.topic, partition: queue.partition)
        }
        guard let connection = connections[leader], connection.machine.isReady else {
            return cluster.brokers[leader].map { address in
                let failure = lastConnectionFailure.flatMap { $0.address == address ? $0.reason : nil }
                if let failure, isOnlyAdvertised(address) { return .advertisedUnreachable(address, failure: failure) }
                return .connecting(address, lastFailure: lastConnectionFailure?.reason)
            }
        }
        if let until = connection.throttledUntil, until > now { return .throttled(connection.address) }
        if !identity.isUsable { return .producerID }
        let waiting = queue.state.withLock { state in
            state.closed.first.flatMap { batch in
                batch.backoff(now: now, leaderEpoch: partitions[index].leaderEpoch).map { _ in
                    (attempts: batch.attempts, error: batch.lastError)
                }
            }
        }
        return waiting.map { waiting in
            .backoff(
                topic: queue.topic,
                partition: queue.partition,
                attempt: waiting.attempts,
                lastError: waiting.error
            )
        }
    }
}
