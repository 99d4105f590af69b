// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaClient
import KafkaProtocol
import NIOCore
import Synchronization

/// Finds out what is waited for. It changes nothing.
struct StallInspection {
    let table: PartitionTable
    let client: ClusterClient
    let accumulator: RecordAccumulator
    let ids: ProducerIDs
    let replacements: TopicReplacements
    let transactions: Transactions?
    let now: NIODeadline

    /// Everything that is waited for now, the likeliest cause first. Empty when nothing is to be sent.
    var reasons: [StallReason] {
        var reasons: [StallReason] = []
        func add(_ reason: StallReason?) {
            if let reason, !reasons.contains(reason) { reasons.append(reason) }
        }
        for waiter in client.directory.waiters { add(reasonForWaiting(on: waiter.topic, partition: waiter.partition)) }
        add(transactions?.stall.map { .transaction($0) })
        for place in table.active.places where table[place].queueLength > 0 { add(reasonForWaiting(table[place])) }
        for connection in client.connections.all where connection.inFlightCount > 0 {
            add(.answer(connection.address, requests: connection.inFlightCount(of: .produce)))
        }
        if accumulator.pool.hasWaiters { add(.memory) }
        return reasons
    }

    private func reasonForWaiting(on topic: String, partition: Int32? = nil) -> StallReason {
        let connections = client.connections
        if client.cluster.isBootstrap, let connection = connections.all.first(where: { !$0.isReady }) {
            return connecting(connection.address, over: connection)
        }
        let error = client.directory.errors[topic]
        if let partition, error == nil, let known = client.cluster.topics[topic], !known.partitions.isEmpty {
            return .partitionUnknown(topic: topic, partition: partition, partitionCount: known.partitions.count)
        }
        return .topicUnknown(topic: topic, error)
    }

    private func reasonForWaiting(_ partition: PartitionSending) -> StallReason? {
        let queue = partition.queue
        // They wait for answers, which are reported beside this.
        if partition.isRetired || replacements.holds(partition) { return nil }
        guard let leader = partition.leader else {
            let isUnknown = client.cluster.isBootstrap || client.cluster.topics[queue.topic] == nil
            return isUnknown
                ? reasonForWaiting(on: queue.topic)
                : .leaderMissing(topic: queue.topic, partition: queue.partition)
        }
        guard let connection = client.connections[leader], connection.isReady else { return connecting(to: leader) }
        if connection.isThrottled(now: now) { return .throttled(connection.address) }
        if transactions?.holds(partition) == true { return nil }
        if !ids.isUsable { return .producerID }
        let waiting = queue.state.withLock { state in
            state.closed.first.flatMap { batch in
                batch.backoff(now: now, leaderEpoch: partition.leaderEpoch).map { _ in
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

    private func connecting(to node: Int32) -> StallReason? {
        client.cluster.brokers[node].map { address in
            let last = client.connections.history.lastFailure
            let failure = last.flatMap { $0.address == address ? $0.reason : nil }
            if let failure, client.isOnlyAdvertised(address) {
                return .advertisedUnreachable(address, failure: failure)
            }
            return connecting(address, over: client.connections[node])
        }
    }

    /// What is known of a connection that is being made: why the last one failed, or else what it waits for.
    private func connecting(_ address: BrokerAddress, over connection: BrokerConnection?) -> StallReason {
        let failure = client.connections.history.lastFailure?.reason
        guard failure == nil, let lack = connection?.lack else { return .connecting(address, lastFailure: failure) }
        return .settingUp(address, lack: "\(lack)")
    }
}
