// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import NIOCore
import Synchronization

/// Which batches go into the next requests.
extension Sender {
    /// Whether batches are sent without lingering.
    private var isUrgent: Bool { flushes > 0 || isClosing || accumulator.pool.hasWaiters }

    /// Sends what is ready to every broker that takes requests.
    ///
    /// - Returns: when there will be something to send, if nothing happens before.
    func sendReadyBatches(now: NIODeadline) -> NIODeadline? {
        var look = QueueLook()
        // Taken away meanwhile, since what is sent may fail and lead to another look within this one.
        swap(&look.leaders, &leaderLooks)
        lookThroughQueues(&look, now: now)
        publishLoads(now: now)
        for place in look.leaders.indices {
            let (node, indices) = (look.leaders[place].node, look.leaders[place].indices)
            let connection = connection(to: node)
            guard look.leaders[place].isReady else {
                connection?.blockedSince = nil
                continue
            }
            guard let connection, connect(connection, now: now) else {
                let connection = connections[node]
                look.consider(connection?.machine.retryAt)
                if connection?.blockedSince == nil { connection?.blockedSince = now }
                continue
            }
            guard identity.isUsable else { continue }
            let maxInFlight = configuration.maxInFlightRequestsPerConnection
            while connection.mayProduce(now: now, maxInFlight: maxInFlight) {
                let batches = drain(indices, for: connection, now: now)
                guard !batches.isEmpty else { break }
                connection.blockedSince = nil
                send(batches, to: connection, now: now)
                guard hasReadyBatch(indices, &look, now: now) else { break }
            }
            if connection.mayProduce(now: now, maxInFlight: maxInFlight) {
                connection.blockedSince = nil
            } else if connection.blockedSince == nil {
                connection.blockedSince = now
            }
            if let until = connection.throttledUntil, until > now { look.consider(until) }
        }
        look.forgetLeaders()
        swap(&look.leaders, &leaderLooks)
        return look.next
    }

    /// What a look through all active queues found.
    private struct QueueLook {
        var leaders: [LeaderLook] = []
        var next: NIODeadline?

        /// A queue that holds something is led by this node.
        mutating func note(leader: Int32, index: Int, isReady: Bool) {
            let place = leaders.firstIndex { $0.node == leader } ?? leaders.count
            if place == leaders.count { leaders.append(LeaderLook(node: leader)) }
            leaders[place].indices.append(index)
            if isReady { leaders[place].isReady = true }
        }

        /// Empties the lists and keeps their memory for the next look; nodes that led nothing are left out.
        mutating func forgetLeaders() {
            leaders.removeAll { $0.indices.isEmpty }
            for place in leaders.indices {
                leaders[place].indices.removeAll(keepingCapacity: true)
                leaders[place].isReady = false
            }
        }

        mutating func consider(_ deadline: NIODeadline?) {
            guard let deadline else { return }
            next = next.map { min($0, deadline) } ?? deadline
        }
    }

    private func lookThroughQueues(_ look: inout QueueLook, now: NIODeadline) {
        let isUrgent = isUrgent
        var kept = 0
        for place in active.indices {
            let index = active[place]
            if let error = partitions[index].stopped { failQueued(index, error) }
            let partition = partitions[index]
            let (readiness, count) = readiness(of: partition, isUrgent: isUrgent, now: now)
            partitions[index].queuedBatches = count
            if readiness == .empty, retire(index) { continue }
            active[kept] = index
            kept += 1
            if partition.isRetired { continue }
            if case .notBefore(let deadline) = readiness { look.consider(deadline) }
            guard let leader = partition.leader else {
                if readiness != .empty { leaderIsMissing(index, now: now) }
                continue
            }
            look.note(leader: leader, index: index, isReady: readiness == .ready && mayDrain(partition))
        }
        active.removeLast(active.count - kept)
    }

    private func readiness(
        of partition: PartitionSending,
        isUrgent: Bool,
        now: NIODeadline
    ) -> (PartitionQueue.Readiness, count: Int) {
        partition.queue.readiness(
            PartitionQueue.ReadinessRule(
                now: now,
                linger: linger,
                isUrgent: isUrgent,
                leaderEpoch: partition.leaderEpoch
            )
        )
    }

    /// Whether another request has a reason of its own, after one took a batch of each partition: what still lingers
    /// only rides along.
    private func hasReadyBatch(_ indices: [Int], _ look: inout QueueLook, now: NIODeadline) -> Bool {
        let isUrgent = isUrgent
        var isReady = false
        for index in indices where mayDrain(partitions[index]) {
            switch readiness(of: partitions[index], isUrgent: isUrgent, now: now).0 {
            case .ready: isReady = true
            case .notBefore(let deadline): look.consider(deadline)
            case .empty, .inWork: break
            }
        }
        return isReady
    }

    /// Takes a queue off the list if it is still empty; an appender lists it anew.
    private func retire(_ index: Int) -> Bool {
        let isRetired = partitions[index].queue.state.withLock { state in
            guard state.closed.isEmpty, state.openCreatedAt == nil else { return false }
            state.isListed = false
            return true
        }
        if isRetired { partitions[index].isActive = false }
        return isRetired
    }

    private func leaderIsMissing(_ index: Int, now: NIODeadline) {
        metadata.use(partitions[index].queue.topic, now: now)
        metadata.requestUpdate()
        guard !partitions[index].isLeaderMissTold, !cluster.isBootstrap else { return }
        partitions[index].isLeaderMissTold = true
        tell(.leaderMissing(topic: partitions[index].queue.topic, partition: partitions[index].queue.partition))
    }

    // MARK: draining

    /// Takes at most one batch of every partition of a broker, beginning where the last drain ended, until the request
    /// is full. Batches that are not ready ride along.
    private func drain(_ indices: [Int], for connection: BrokerConnection, now: NIODeadline) -> [ProducerBatch] {
        var batches: [ProducerBatch] = []
        batches.reserveCapacity(min(indices.count, 16))
        var size = 0
        var position = connection.drainIndex % indices.count
        for _ in indices.indices {
            let index = indices[position]
            if mayDrain(partitions[index]) {
                switch take(from: index, room: configuration.maxRequestSize - size, isFirst: batches.isEmpty, now: now)
                {
                case .batch(let batch):
                    size += batch.wireSize
                    batches.append(batch)
                case .nothing:
                    break
                case .noRoom:
                    connection.drainIndex = position
                    return batches
                }
            }
            position = (position + 1) % indices.count
        }
        connection.drainIndex = position
        return batches
    }

    private enum Taken {
        case batch(ProducerBatch)
        case nothing
        case noRoom
    }

    private func take(from index: Int, room: Int, isFirst: Bool, now: NIODeadline) -> Taken {
        let partition = partitions[index]
        let queue = partition.queue
        let isCompressed = accumulator.limits.codec != nil
        var toSeal: ProducerBatch?
        let taken = queue.state.withLock { state -> Taken in
            if let first = state.closed.first {
                guard first.isSealed, first.backoff(now: now, leaderEpoch: partition.leaderEpoch) == nil,
                    mayDrain(first, of: partition)
                else { return .nothing }
                guard isFirst || first.wireSize <= room else { return .noRoom }
                state.closed.removeFirst()
                return .batch(first)
            }
            guard let openSize = state.openSize, mayDrainNew(partition) else { return .nothing }
            guard isFirst || openSize <= room || isCompressed else { return .noRoom }
            toSeal = state.closeOpenBatch(of: queue)
            if !isCompressed { state.closed.removeLast() }
            return .nothing
        }
        guard let toSeal else { return taken }
        // Without compression sealing is a checksum, done here and now. Otherwise a worker wakes the sender later.
        accumulator.sealer.seal(toSeal)
        return isCompressed ? .nothing : .batch(toSeal)
    }

    /// Whether anything of a partition may be sent now.
    private func mayDrain(_ partition: PartitionSending) -> Bool {
        !partition.isMuted && !partition.isRetired && !isHeld(partition)
    }

    private func mayDrain(_ batch: ProducerBatch, of partition: PartitionSending) -> Bool {
        guard case .assigned(let id, let epoch) = identity.state else { return true }
        return partition.sequences.mayDrain(batch, id: id, epoch: epoch)
    }

    private func mayDrainNew(_ partition: PartitionSending) -> Bool {
        guard case .assigned(let id, let epoch) = identity.state else { return true }
        return partition.sequences.mayDrainNew(id: id, epoch: epoch)
    }

    // MARK: loads

    /// Tells the partitioner how long the queues are (KIP-794), once every partition of a topic was used, and leaves out
    /// those whose brokers have not taken anything for long.
    private func publishLoads(now: NIODeadline) {
        guard configuration.isAdaptivePartitioningEnabled else { return }
        for (name, indices) in indicesByTopic {
            let count = cluster.topics[name]?.partitions.count ?? 0
            guard count > 1, indices.count >= count else { continue }
            guard notesNewLengths(indices, now: now) else { continue }
            var sizes: [Int] = []
            var usable: [Int32] = []
            sizes.reserveCapacity(indices.count)
            usable.reserveCapacity(indices.count)
            for index in indices {
                guard let size = partitions[index].publishedLength else { continue }
                sizes.append(size)
                usable.append(partitions[index].queue.partition)
            }
            let load = PartitionLoad(queueSizes: sizes, partitions: usable, partitionCount: count)
            guard load != publishedLoads[name] else { continue }
            publishedLoads[name] = load
            accumulator.topic(named: name).publish(load: load)
        }
    }

    /// Whether a queue has another length than at the last call, or became usable, or no longer is.
    private func notesNewLengths(_ indices: [Int], now: NIODeadline) -> Bool {
        var hasChanged = false
        for index in indices {
            let length = isUsable(partitions[index], now: now) ? partitions[index].queuedBatches : nil
            if partitions[index].publishedLength != length {
                partitions[index].publishedLength = length
                hasChanged = true
            }
        }
        return hasChanged
    }

    private func isUsable(_ partition: PartitionSending, now: NIODeadline) -> Bool {
        guard let leader = partition.leader else { return false }
        guard let timeout = configuration.partitionerAvailabilityTimeout, timeout > .zero,
            let blockedSince = connections[leader]?.blockedSince
        else { return true }
        return blockedSince + TimeAmount(timeout) >= now
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : whole + attoseconds / 1_000_000_000_000_000
    }
}
