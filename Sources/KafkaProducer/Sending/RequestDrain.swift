// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaClient
import NIOCore
import Synchronization

/// Chooses the batches that go into the next requests, and says when there will be more.
///
/// A pass looks at the partitions of which something has changed, and at those whose time has come. Where they stand is kept
/// in a ``SendSchedule``.
final class RequestDrain {
    private let configuration: ProducerConfiguration
    private let table: PartitionTable
    private let accumulator: RecordAccumulator
    private let client: ClusterClient
    private let outcomes: BatchOutcomes
    private let ids: ProducerIDs
    private let requests: ProduceRequests
    private let replacements: TopicReplacements
    private let transactions: Transactions?
    private let readiness: BatchReadiness
    private let flight: FlightLimits
    private let loads: PartitionLoads
    private var schedule = SendSchedule()
    /// Since when batches could have been sent to a broker, but the connection was not ready to take them.
    private var blockedSince: [Int32: NIODeadline] = [:]
    /// Whether the last pass was one of a flush.
    private var isFlushing = false
    /// When topics without leaders were said to be in use.
    private var lastSought: NIODeadline?
    /// The list of the last pass, kept for its memory.
    private var places: [Int] = []

    init(
        _ parts: SenderParts,
        outcomes: BatchOutcomes,
        ids: ProducerIDs,
        requests: ProduceRequests,
        replacements: TopicReplacements,
        transactions: Transactions?
    ) {
        configuration = parts.configuration
        table = parts.table
        accumulator = parts.accumulator
        client = parts.client
        readiness = parts.accumulator.limits.readiness
        flight = FlightLimits(parts.configuration)
        loads = PartitionLoads(parts)
        self.outcomes = outcomes
        self.ids = ids
        self.requests = requests
        self.replacements = replacements
        self.transactions = transactions
    }

    // MARK: the pass

    /// Sends what is ready to every broker that takes requests.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - hurry: Why nothing lingers, if so.
    /// - Returns: when there will be something to send, if nothing happens before.
    func pass(now: NIODeadline, _ hurry: Hurry) -> NIODeadline? {
        // What waits for an answer, so that it grows until then, waits no more.
        if hurry == .flush, !isFlushing { table.noteAll() }
        isFlushing = hurry == .flush
        examineChanged(now: now, hurry)
        loads.publish(table, now: now) { self.isUsable($0, now: now) }
        seekLeaders(now: now)
        var next = EarliestDeadline()
        var index = 0
        while let node = schedule.nextReadyNode(&index) { send(to: node, &next, now: now, hurry) }
        forgetUnblocked()
        next.consider(schedule.nextTime)
        return next.value
    }

    /// Whether an answer may let something be sent, or be looked at.
    var awaitsAnswers: Bool {
        schedule.awaitingAnswers > 0 || schedule.leaderless > 0 || schedule.isAnyReady || !blockedSince.isEmpty
            || table.hasChanged
    }

    /// Looks at the partitions that have changed, and at those whose time has come.
    private func examineChanged(now: NIODeadline, _ hurry: Hurry) {
        // Taken away meanwhile, since what is given up may lead to another pass within this one.
        var places: [Int] = []
        swap(&places, &self.places)
        table.noteAnswered { schedule.standing(of: $0) == .awaitsAnswer }
        table.takeChanged(into: &places)
        schedule.takeDue(now: now, isUrgent: hurry != .none, into: &places)
        for place in places { examine(place, now: now, hurry) }
        places.removeAll(keepingCapacity: true)
        swap(&places, &self.places)
    }

    /// Has metadata asked for until every partition with something to send has a leader.
    private func seekLeaders(now: NIODeadline) {
        guard schedule.leaderless > 0 else { return }
        client.requestUpdate()
        if let lastSought, now < lastSought + .seconds(1) { return }
        lastSought = now
        // A topic that is not used is forgotten after a while.
        for place in table.active.places where schedule.standing(of: place) == .hasNoLeader {
            client.use(table[place].queue.topic, now: now)
        }
    }

    // MARK: one partition

    /// Finds out how a partition stands.
    private func examine(_ place: Int, now: NIODeadline, _ hurry: Hurry) {
        _ = giveUpUnsendable(place, now: now)
        let moment = BatchReadiness.Moment(now: now, isUrgent: hurry != .none, leaderEpoch: table[place].leaderEpoch)
        var found = readiness.find(in: table[place].queue, moment)
        // What a worker had in its hands is sealed at any time, also between giving up and looking.
        while found.finding == .ready, giveUpUnsendable(place, now: now) {
            found = readiness.find(in: table[place].queue, moment)
        }
        if table[place].queueLength != found.length {
            table.note(queueLength: found.length, of: place)
            loads.changed(topic: table[place].topicNumber)
        }
        if table.takeLeadershipChange(of: place) { loads.changed(topic: table[place].topicNumber, mustBeKnown: true) }
        if found.finding == .empty {
            table.deactivate(place)
        } else {
            table.hold(place)
            transactions?.enlist(place)
        }
        let standing = standing(of: place, found, isFlushed: hurry == .flush)
        if standing == .hasNoLeader, schedule.standing(of: place) != .hasNoLeader { leaderIsMissing(place, now: now) }
        schedule.set(standing, of: place)
    }

    /// Fails what waits in a partition and must not be sent: where the partition has stopped, where the cluster refuses the
    /// topic, and what is new in a transaction that can only be aborted.
    ///
    /// - Returns: whether there was any of it.
    private func giveUpUnsendable(_ place: Int, now: NIODeadline) -> Bool {
        if let error = table[place].stopped ?? client.refusal(of: table[place].queue.topic) {
            return outcomes.failQueued(place, error, now: now)
        }
        guard let transactions, let error = transactions.discards else { return false }
        return transactions.isDead
            ? outcomes.failQueued(place, error.at(table[place].queue), now: now)
            : outcomes.failUnsent(place, error, now: now)
    }

    private func standing(
        of place: Int,
        _ found: BatchReadiness.Found,
        isFlushed: Bool
    ) -> SendSchedule.Standing {
        if table[place].isRetired { return .idle }
        switch found.finding {
        case .empty, .inWork: return .idle
        case .notBefore(let time):
            guard let leader = table[place].leader else { return .hasNoLeader }
            return found.isClosed ? .backsOff(until: time) : .lingers(node: leader, until: time)
        case .ready:
            guard let leader = table[place].leader else { return .hasNoLeader }
            let isTaken = flight.takesBatch(
                behind: table[place].inFlight.count,
                size: found.closedSize,
                isFlushed: isFlushed
            )
            return isTaken && mayDrain(place)
                ? .ready(node: leader, bytes: found.bytes, isClosed: found.isClosed)
                : .awaitsAnswer
        }
    }

    /// The partition's last batch was taken. A thread that opens another one puts the queue onto the list.
    private func emptied(_ place: Int) {
        if table[place].queueLength != 0 { loads.changed(topic: table[place].topicNumber) }
        table.deactivate(place)
    }

    private func leaderIsMissing(_ place: Int, now: NIODeadline) {
        let queue = table[place].queue
        client.use(queue.topic, now: now)
        guard !client.cluster.isBootstrap, table.takeLeaderMissReport(of: place) else { return }
        outcomes.report(.leaderMissing(topic: queue.topic, partition: queue.partition))
    }

    /// Whether anything of a partition may be sent now, if not too much is unanswered.
    private func mayDrain(_ place: Int) -> Bool {
        guard !table[place].isMuted, !table[place].isRetired else { return false }
        // Asked only where it matters: what is passed on is copied.
        if !replacements.isEmpty, replacements.holds(table[place]) { return false }
        return transactions.map { !$0.holds(table[place]) } ?? true
    }

    // MARK: one broker

    private func send(to node: Int32, _ next: inout EarliestDeadline, now: NIODeadline, _ hurry: Hurry) {
        let connection = client.connection(to: node, now: now)
        guard let connection, client.connections.connect(connection, now: now) else {
            next.consider(connection?.retryAt)
            return block(node, now: now)
        }
        guard ids.isUsable else { return }
        while schedule.isReady(node: node), takesRequest(connection, node: node, now: now, hurry) {
            let batches = drain(node, now: now, hurry)
            guard !batches.isEmpty else { break }
            requests.send(batches, over: connection, now: now)
            examineChanged(now: now, hurry)
        }
        if schedule.isReady(node: node), !takesRequest(connection, node: node, now: now, hurry) {
            block(node, now: now)
        } else if !blockedSince.isEmpty {
            blockedSince[node] = nil
        }
        if connection.isThrottled(now: now) { next.consider(connection.throttledUntil) }
    }

    /// Whether the connection takes another request with what is ready.
    private func takesRequest(
        _ connection: BrokerConnection,
        node: Int32,
        now: NIODeadline,
        _ hurry: Hurry
    ) -> Bool {
        let ready = schedule.ready(node: node)
        let limit = flight.requests(readyBytes: ready.bytes, inBatches: ready.batches, hurry)
        return connection.hasRoom(now: now, maxInFlight: limit)
    }

    private func block(_ node: Int32, now: NIODeadline) {
        if blockedSince[node] == nil { blockedSince[node] = now }
    }

    /// A broker for which nothing is ready any more does not keep anybody waiting.
    private func forgetUnblocked() {
        guard !blockedSince.isEmpty else { return }
        for node in blockedSince.keys where !schedule.isReady(node: node) { blockedSince[node] = nil }
    }

    // MARK: draining

    /// Takes at most one batch of every partition of a broker, beginning with those that have waited for longest, until the
    /// request is full. Batches that still linger ride along.
    private func drain(_ node: Int32, now: NIODeadline, _ hurry: Hurry) -> [ProducerBatch] {
        var batches: [ProducerBatch] = []
        var size = 0
        /// Whether the request takes more.
        func takesMore(_ place: Int) -> Bool {
            guard mayDrain(place) else {
                table.note(place)
                return true
            }
            let space = Space(room: configuration.maxRequestSize - size, isFirst: batches.isEmpty)
            switch take(from: place, space, now: now, isFlushed: hurry == .flush) {
            case .batch(let batch, let isLast):
                size += batch.wireSize
                batches.append(batch)
                if isLast { emptied(place) } else { table.note(place) }
                return true
            case .nothing:
                return true
            case .notBeforeAnswer:
                schedule.set(.awaitsAnswer, of: place)
                return true
            case .notBefore(let time):
                schedule.set(.backsOff(until: time), of: place)
                return true
            case .notNow:
                // It is looked at again, and then is the last one in the line.
                table.note(place)
                return false
            }
        }
        while let place = schedule.takeReady(node: node) { guard takesMore(place) else { return batches } }
        while !batches.isEmpty, let place = schedule.takeLingering(node: node) {
            guard takesMore(place) else { return batches }
        }
        return batches
    }

    private enum Taken {
        /// A batch, and whether nothing is left in the queue.
        case batch(ProducerBatch, isLast: Bool)
        /// Whoever has the batch in hand will say when it is there.
        case nothing
        /// It waits for an answer: enough is unanswered, or sequences want it.
        case notBeforeAnswer
        /// The batch whose turn it is waits until then.
        case notBefore(NIODeadline)
        /// The request has no room, or the workers have enough to do, so that the batch rather grows.
        case notNow
    }

    /// What the request has room for.
    private struct Space {
        let room: Int
        /// Whether nothing is in the request yet: then it takes a batch of any size.
        let isFirst: Bool

        func takes(_ size: Int) -> Bool { isFirst || size <= room }
    }

    private func take(from place: Int, _ space: Space, now: NIODeadline, isFlushed: Bool) -> Taken {
        let queue = table[place].queue
        let unanswered = table[place].inFlight.count
        let leaderEpoch = table[place].leaderEpoch
        let identity = ids.state
        let isCompressed = accumulator.limits.codec != nil
        let isCodecBusy = accumulator.sealer.isBusy
        let takesNew = transactions?.takesNew(table[place]) ?? true
        var toSeal: ProducerBatch?
        let taken = queue.state.withLock { state -> Taken in
            if !state.closed.isEmpty {
                guard let turn = table[place].turn(in: state.closed, as: identity) else { return .notBeforeAnswer }
                let batch = state.closed[turn]
                guard batch.isSealed else { return .nothing }
                if let wait = batch.backoff(now: now, leaderEpoch: leaderEpoch) { return .notBefore(wait) }
                guard takesNew || batch.ticket != nil,
                    flight.takesBatch(behind: unanswered, size: batch.plainSize, isFlushed: isFlushed)
                else { return .notBeforeAnswer }
                guard space.takes(batch.wireSize) else { return .notNow }
                state.closed.remove(at: turn)
                return .batch(batch, isLast: state.isEmpty)
            }
            guard flight.takesBatch(behind: unanswered, size: nil, isFlushed: isFlushed) else {
                return .notBeforeAnswer
            }
            guard takesNew, table[place].mayDrainNew(as: identity) else { return .notBeforeAnswer }
            guard let openSize = state.openSize else {
                state.wantBorrowedBatch()
                return .nothing
            }
            guard !isCodecBusy, space.takes(openSize) || isCompressed else { return .notNow }
            toSeal = state.closeOpenBatch(of: queue)
            if !isCompressed { state.closed.removeLast() }
            return .nothing
        }
        guard let toSeal else { return taken }
        // Without compression sealing is a checksum, done here and now. Otherwise a worker wakes the sender later.
        accumulator.sealer.seal(toSeal)
        return isCompressed ? .nothing : .batch(toSeal, isLast: true)
    }

    // MARK: what holds it up

    /// Whether the partitioner may prefer a partition: its leader is known, and has not refused to take anything for long.
    private func isUsable(_ partition: PartitionSending, now: NIODeadline) -> Bool {
        guard let leader = partition.leader else { return false }
        guard let timeout = configuration.partitionerAvailabilityTimeout, timeout > .zero,
            let blockedSince = blockedSince[leader]
        else { return true }
        return blockedSince + TimeAmount(clamping: timeout) >= now
    }

    /// What keeps ready batches from being sent.
    func situation(now: NIODeadline) -> SituationTimes.Situation {
        var result = SituationTimes.Situation.free
        for node in blockedSince.keys {
            guard let connection = client.connections[node] else { continue }
            if connection.isThrottled(now: now) { return .throttled }
            result = connection.isReady ? .inFlightFull : result == .free ? .unreachable : result
        }
        guard result == .free else { return result }
        if schedule.awaitingAnswers > 0 { return .partitionsFull }
        return schedule.leaderless > 0 ? .unreachable : .free
    }
}
