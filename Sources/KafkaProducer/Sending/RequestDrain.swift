// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaClient
import NIOCore
import Synchronization

/// Chooses the batches that go into the next requests, and says when there will be more.
final class RequestDrain {
    /// What is kept of a broker from one pass to the next.
    private final class Node {
        /// Since when batches could have been sent, but the connection was not ready to take them.
        var blockedSince: NIODeadline?
        /// Where the last drain stopped, so that the next one begins with others.
        var position = 0
    }

    private let configuration: ProducerConfiguration
    private let table: PartitionTable
    private let accumulator: RecordAccumulator
    private let client: ClusterClient
    private let outcomes: BatchOutcomes
    private let ids: ProducerIDs
    private let requests: ProduceRequests
    private let replacements: TopicReplacements
    private let readiness: BatchReadiness
    private let loads: PartitionLoads
    private var nodes: [Int32: Node] = [:]
    /// The lists of the last pass, kept for their memory.
    private var leaders: [LeaderFindings] = []

    init(
        _ parts: SenderParts,
        outcomes: BatchOutcomes,
        ids: ProducerIDs,
        requests: ProduceRequests,
        replacements: TopicReplacements
    ) {
        configuration = parts.configuration
        table = parts.table
        accumulator = parts.accumulator
        client = parts.client
        readiness = parts.accumulator.limits.readiness
        loads = PartitionLoads(parts)
        self.outcomes = outcomes
        self.ids = ids
        self.requests = requests
        self.replacements = replacements
    }

    // MARK: the pass

    /// Sends what is ready to every broker that takes requests.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - isUrgent: Whether nothing lingers.
    /// - Returns: when there will be something to send, if nothing happens before.
    func pass(now: NIODeadline, isUrgent: Bool) -> NIODeadline? {
        var findings = Findings()
        // Taken away meanwhile, since what is sent may fail and lead to another pass within this one.
        swap(&findings.leaders, &leaders)
        passQueues(&findings, now: now, isUrgent: isUrgent)
        loads.publish(table) { self.isUsable($0, now: now) }
        for place in findings.leaders.indices {
            send(to: findings.leaders[place], &findings.next, now: now, isUrgent: isUrgent)
        }
        findings.forgetLeaders()
        swap(&findings.leaders, &leaders)
        return findings.next.value
    }

    private func send(
        to leader: LeaderFindings,
        _ next: inout EarliestDeadline,
        now: NIODeadline,
        isUrgent: Bool
    ) {
        let node = leader.node
        let connection = client.connection(to: node, now: now)
        guard leader.isReady else { return unblock(node) }
        guard let connection, client.connections.connect(connection, now: now) else {
            next.consider(connection?.retryAt)
            return block(node, now: now)
        }
        guard ids.isUsable else { return }
        let maxInFlight = configuration.maxInFlightRequestsPerConnection
        while connection.hasRoom(now: now, maxInFlight: maxInFlight) {
            let batches = drain(leader.places, of: node, now: now)
            guard !batches.isEmpty else { break }
            unblock(node)
            requests.send(batches, over: connection, now: now)
            guard hasReadyBatch(leader.places, &next, now: now, isUrgent: isUrgent) else { break }
        }
        if connection.hasRoom(now: now, maxInFlight: maxInFlight) { unblock(node) } else { block(node, now: now) }
        if connection.isThrottled(now: now) { next.consider(connection.throttledUntil) }
    }

    /// What is kept of a broker: an object, since a value in a dictionary is allocated anew by each change with a default.
    private func node(_ number: Int32) -> Node {
        if let node = nodes[number] { return node }
        let node = Node()
        nodes[number] = node
        return node
    }

    private func block(_ node: Int32, now: NIODeadline) {
        let node = self.node(node)
        if node.blockedSince == nil { node.blockedSince = now }
    }

    private func unblock(_ node: Int32) {
        nodes[node]?.blockedSince = nil
    }

    /// What a pass through all active queues found.
    private struct Findings {
        var leaders: [LeaderFindings] = []
        var next = EarliestDeadline()

        /// A queue that holds something is led by this node.
        mutating func note(leader: Int32, place: Int, isReady: Bool) {
            let index = leaders.firstIndex { $0.node == leader } ?? leaders.count
            if index == leaders.count { leaders.append(LeaderFindings(node: leader)) }
            leaders[index].places.append(place)
            if isReady { leaders[index].isReady = true }
        }

        /// Empties the lists and keeps their memory for the next pass; nodes that led nothing are left out.
        mutating func forgetLeaders() {
            leaders.removeAll { $0.places.isEmpty }
            for index in leaders.indices {
                leaders[index].places.removeAll(keepingCapacity: true)
                leaders[index].isReady = false
            }
        }
    }

    private func passQueues(_ findings: inout Findings, now: NIODeadline, isUrgent: Bool) {
        table.passActive { place in
            if let error = table[place].stopped { outcomes.failQueued(place, error, now: now) }
            let partition = table[place]
            let (finding, count) = find(in: partition, now: now, isUrgent: isUrgent)
            if finding == .empty || partition.isRetired { return (finding == .empty, count) }
            if case .notBefore(let deadline) = finding { findings.next.consider(deadline) }
            if let leader = partition.leader {
                findings.note(leader: leader, place: place, isReady: finding == .ready && mayDrain(partition))
            } else {
                leaderIsMissing(place, now: now)
            }
            return (false, count)
        }
    }

    private func find(
        in partition: PartitionSending,
        now: NIODeadline,
        isUrgent: Bool
    ) -> (BatchReadiness.Finding, count: Int) {
        let moment = BatchReadiness.Moment(now: now, isUrgent: isUrgent, leaderEpoch: partition.leaderEpoch)
        return readiness.find(in: partition.queue, moment)
    }

    /// Whether another request has a reason of its own, after one took a batch of each partition: what still lingers
    /// only rides along.
    private func hasReadyBatch(
        _ places: [Int],
        _ next: inout EarliestDeadline,
        now: NIODeadline,
        isUrgent: Bool
    ) -> Bool {
        var isReady = false
        for place in places where mayDrain(table[place]) {
            switch find(in: table[place], now: now, isUrgent: isUrgent).0 {
            case .ready: isReady = true
            case .notBefore(let deadline): next.consider(deadline)
            case .empty, .inWork: break
            }
        }
        return isReady
    }

    private func leaderIsMissing(_ place: Int, now: NIODeadline) {
        let queue = table[place].queue
        client.use(queue.topic, now: now)
        client.requestUpdate()
        guard !client.cluster.isBootstrap, table.takeLeaderMissReport(of: place) else { return }
        outcomes.report(.leaderMissing(topic: queue.topic, partition: queue.partition))
    }

    // MARK: draining

    /// Takes at most one batch of every partition of a broker, beginning where the last drain ended, until the request
    /// is full. Batches that are not ready ride along.
    private func drain(_ places: [Int], of node: Int32, now: NIODeadline) -> [ProducerBatch] {
        var batches: [ProducerBatch] = []
        batches.reserveCapacity(min(places.count, 16))
        var size = 0
        var position = (nodes[node]?.position ?? 0) % places.count
        defer { if places.count > 1 { self.node(node).position = position } }
        for _ in places.indices {
            let place = places[position]
            if mayDrain(table[place]) {
                switch take(from: place, room: configuration.maxRequestSize - size, isFirst: batches.isEmpty, now: now)
                {
                case .batch(let batch):
                    size += batch.wireSize
                    batches.append(batch)
                case .nothing:
                    break
                case .noRoom:
                    return batches
                }
            }
            position = (position + 1) % places.count
        }
        return batches
    }

    private enum Taken {
        case batch(ProducerBatch)
        case nothing
        case noRoom
    }

    private func take(from place: Int, room: Int, isFirst: Bool, now: NIODeadline) -> Taken {
        let partition = table[place]
        let queue = partition.queue
        let identity = ids.state
        let isCompressed = accumulator.limits.codec != nil
        var toSeal: ProducerBatch?
        let taken = queue.state.withLock { state -> Taken in
            if let first = state.closed.first {
                guard first.isSealed, first.backoff(now: now, leaderEpoch: partition.leaderEpoch) == nil,
                    partition.mayDrain(first, as: identity)
                else { return .nothing }
                guard isFirst || first.wireSize <= room else { return .noRoom }
                state.closed.removeFirst()
                return .batch(first)
            }
            guard let openSize = state.openSize, partition.mayDrainNew(as: identity) else { return .nothing }
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
        !partition.isMuted && !partition.isRetired && !replacements.holds(partition)
    }

    // MARK: what holds it up

    /// Whether the partitioner may prefer a partition: its leader is known, and has not refused to take anything for long.
    private func isUsable(_ partition: PartitionSending, now: NIODeadline) -> Bool {
        guard let leader = partition.leader else { return false }
        guard let timeout = configuration.partitionerAvailabilityTimeout, timeout > .zero,
            let blockedSince = nodes[leader]?.blockedSince
        else { return true }
        return blockedSince + TimeAmount(clamping: timeout) >= now
    }

    /// What keeps ready batches from being sent.
    func situation(now: NIODeadline) -> SituationTimes.Situation {
        var result = SituationTimes.Situation.free
        for (number, node) in nodes where node.blockedSince != nil {
            guard let connection = client.connections[number] else { continue }
            if connection.isThrottled(now: now) { return .throttled }
            result = connection.isReady ? .inFlightFull : result == .free ? .unreachable : result
        }
        guard result == .free else { return result }
        for place in table.active where table[place].queuedBatches > 0 {
            if table[place].isMuted { return .inFlightFull }
            if table[place].leader == nil { result = .unreachable }
        }
        return result
    }
}

/// What a pass through the queues found for one broker.
private struct LeaderFindings {
    let node: Int32
    /// The partitions with something in their queues, by their places in the table.
    var places: [Int] = []
    /// Whether one of them is a reason to send now.
    var isReady = false

    init(node: Int32) {
        self.node = node
    }
}
