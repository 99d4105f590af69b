// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// A producer's transactions on the sender's event loop: a ``TransactionMachine`` with its requests, the calls that wait for it,
/// and what it means for partitions and batches.
final class Transactions {
    private let client: ClusterClient
    private let table: PartitionTable
    private let accumulator: RecordAccumulator
    private let outcomes: BatchOutcomes
    private let ids: ProducerIDs
    private let metrics: SenderMetrics
    private let gate: TransactionGate
    private let signal: SenderSignal
    private let messages: TransactionMessages
    private let maxBlock: Duration
    private var machine: TransactionMachine
    private var waiters: [TransactionWaiter] = []
    /// Where the partitions are that are to be added.
    private var places: [TransactionPartition: Int] = [:]
    /// What was in force when the partitions were told last.
    private var told = TransactionMachine.Phase.uninitialized
    private var identity: ProducerIDAndEpoch?
    /// Set while the records of a transaction that ends are waited for.
    private var drainMark: DrainMark?
    /// When the one who is asked next takes requests again.
    private var nodeRetry: NIODeadline?

    /// - Returns: nil without a `transactional.id`.
    init?(_ parts: SenderParts, outcomes: BatchOutcomes, ids: ProducerIDs, signal: SenderSignal) {
        guard let transactionalID = parts.configuration.transactionalID else { return nil }
        client = parts.client
        table = parts.table
        accumulator = parts.accumulator
        metrics = parts.metrics
        gate = parts.transactionGate
        maxBlock = parts.configuration.maxBlock
        self.outcomes = outcomes
        self.ids = ids
        self.signal = signal
        let timeout = parts.configuration.transactionTimeout
        messages = TransactionMessages(transactionalID: transactionalID, timeout: timeout, client: parts.client)
        machine = TransactionMachine(
            TransactionMachine.Settings(
                transactionalID: transactionalID,
                timeout: TimeAmount(clamping: timeout),
                retryBackoff: TimeAmount(clamping: parts.configuration.retryBackoff)
            )
        )
        outcomes.observeFailures { [unowned self] error, hasNumber, now in
            machine.batchFailed(error, hasNumber: hasNumber, now: now)
            follow(now: now)
        }
    }

    // MARK: calls

    /// Does what a caller asks.
    ///
    /// - Parameters:
    ///   - call: What to do.
    ///   - now: The time.
    ///   - completion: Called once, with how it ended.
    func call(
        _ call: TransactionCall,
        now: NIODeadline,
        completion: @escaping (Result<Void, ProducerError>) -> Void
    ) {
        let waiter = TransactionWaiter(call, deadline: now + TimeAmount(clamping: maxBlock), began: now, completion)
        do throws(ProducerError) {
            switch call {
            case .initialize: try machine.initialize()
            case .begin: if machine.phase == .uninitialized { try machine.initialize() }
            case .commitOffsets(let offsets, let member): waiter.ticket = try machine.commit(offsets, of: member)
            case .commit: if try machine.commit() { awaitDrain() }
            case .abort: if try machine.abort() { awaitDrain() }
            }
        } catch {
            return completion(.failure(error))
        }
        waiters.append(waiter)
        follow(now: now)
    }

    /// All records that are here are sent, or given up, before the transaction ends.
    private func awaitDrain() {
        let mark = DrainMark()
        drainMark = mark
        accumulator.incomplete.whenComplete { [signal] in
            mark.reached()
            signal.wake()
        }
    }

    /// Ends all calls, since the producer ends.
    func close() {
        for waiter in waiters { waiter.completion(.failure(.closedForcefully)) }
        waiters = []
        gate.set(.closedProducer)
    }

    /// Asks once for the open transaction to be aborted, whatever else is under way; its answer is not waited for.
    func abandon(now: NIODeadline) {
        guard let request = machine.abandon(), let connection = connection(for: request, now: now),
            let version = version(of: request, on: connection)
        else { return }
        messages.send(request, as: machine.identity, version: version, over: connection, now: now) { _, _ in }
    }

    /// Whether a transaction is open or on its way to its end.
    var isOpen: Bool {
        switch machine.phase {
        case .open, .committing, .aborting, .failed: true
        case .uninitialized, .initializing, .ready, .dead: false
        }
    }

    // MARK: the pass

    /// Whether records are sent without lingering, since the transaction ends with them.
    var isEnding: Bool { drainMark != nil }

    /// Ends calls that took too long, and asks what is to be asked.
    func pass(now: NIODeadline) {
        if drainMark?.value == true {
            drainMark = nil
            machine.drained()
            follow(now: now)
        }
        endLateCalls(now: now)
        nodeRetry = nil
        guard let request = machine.nextRequest(now: now) else { return }
        ask(request, now: now)
    }

    /// When something is due, if nothing happens before.
    func nextPass(now: NIODeadline) -> NIODeadline? {
        var next = EarliestDeadline()
        for waiter in waiters { next.consider(waiter.deadline) }
        guard let request = machine.nextTime else { return next.value }
        // Due, but the one who is to be asked takes no requests now.
        next.consider(request > now ? request : nodeRetry)
        return next.value
    }

    private func endLateCalls(now: NIODeadline) {
        guard waiters.contains(where: { $0.deadline <= now }) else { return }
        let late = waiters.filter { $0.deadline <= now }
        waiters.removeAll { $0.deadline <= now }
        for waiter in late {
            waiter.completion(.failure(machine.lateness(of: waiter.call.name, maxBlock)))
        }
    }

    // MARK: requests

    private func ask(_ request: TransactionRequest, now: NIODeadline) {
        guard let connection = connection(for: request, now: now) else { return }
        announceFeatures()
        if request.coordinator == .transaction, let range = connection.versions?.range(of: .initProducerID) {
            machine.canAskForNextEpoch = range.upperBound >= 3
        }
        guard let version = version(of: request, on: connection) else {
            machine.isUnsupported(unsupported(request, by: connection.address))
            return follow(now: now)
        }
        machine.sent(request, now: now)
        table.deliveryDeadline = machine.deadline
        messages.send(request, as: machine.identity, version: version, over: connection, now: now) {
            [unowned self] end, now in
            ended(request, end, on: connection, now: now)
        }
    }

    private func connection(for request: TransactionRequest, now: NIODeadline) -> BrokerConnection? {
        guard let coordinator = request.coordinator else {
            let node = client.leastLoadedNode(now: now)
            guard let node, client.connections.connect(node, now: now) else {
                nodeRetry = client.nextNodeRetry(now: now)
                return nil
            }
            return node
        }
        guard let found = machine.coordinators[coordinator] else { return nil }
        let address = BrokerAddress(nodeID: found.node, host: found.host, port: Int(found.port))
        let connection = client.connections.connection(to: found.node, at: address, now: now)
        guard client.connections.connect(connection, now: now) else {
            // What cannot be connected to may not be the coordinator any more.
            if !connection.isConnectingOrConnected { machine.coordinatorIsUnreachable(coordinator, now: now) }
            nodeRetry = connection.retryAt
            return nil
        }
        guard connection.takesRequests(now: now) else {
            nodeRetry = connection.throttledUntil.flatMap { $0 > now ? $0 : nil }
            return nil
        }
        return connection
    }

    /// The highest common version that belongs to the protocol of the transaction.
    private func version(of request: TransactionRequest, on connection: BrokerConnection) -> Int16? {
        guard let range = connection.versions?.range(of: request.api) else { return nil }
        let limits = machine.transactionProtocol.versions(of: request.api)
        let highest = min(range.upperBound, limits.upperBound)
        guard highest >= max(range.lowerBound, limits.lowerBound) else { return nil }
        // Older ones cannot say who commits, or ask for the coordinator of a transactional id.
        if case .commitOffsets(let pending) = request, pending.member.namesMember, highest < 3 { return nil }
        if request == .findCoordinator(.transaction), highest < 1 { return nil }
        if case .initProducerID(.some) = request, highest < 3 { return nil }
        return highest
    }

    private func unsupported(_ request: TransactionRequest, by broker: BrokerAddress) -> ProducerError {
        let versions = machine.transactionProtocol.versions(of: request.api)
        let bound = versions.upperBound < .max ? " (\(versions.lowerBound) to \(versions.upperBound))" : ""
        let message =
            "transactions need a version of \(request.api)\(bound) that the broker does not speak; use a cluster that does, "
            + "or leave transactional.id out"
        return ProducerError(.unsupportedVersion, broker: broker, message: message)
    }

    /// Takes in what the brokers tell of the cluster's features; the machine looks at it between transactions only.
    private func announceFeatures() {
        for connection in client.connections.all {
            guard let features = connection.versions?.features else { continue }
            machine.announced(level: features.levels[TransactionProtocol.feature] ?? 0, epoch: features.epoch)
        }
    }

    private func ended(
        _ request: TransactionRequest,
        _ end: TransactionMessages.End,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        switch end {
        case .answered(let answer):
            announceFeatures()
            machine.received(answer, now: now)
            if answer.errors.contains(where: \.invalidatesMetadata) { client.requestUpdate() }
        case .unanswered(let failure) where failure.kind == .unsupportedVersion || failure.kind == .unencodable:
            machine.isUnsupported(unsupported(request, by: connection.address))
        case .unanswered(let failure):
            let reason = "\(request.api) to \(connection.address): \(failure.reason)"
            machine.wentUnanswered(reason, isCoordinatorLost: true, now: now)
        }
        follow(now: now)
    }

    // MARK: what follows

    /// Has all others follow what the machine has come to.
    private func follow(now: NIODeadline) {
        for partition in machine.takeAdded() {
            if let place = places.removeValue(forKey: partition) { table.joined(machine.count, place: place) }
        }
        if let new = machine.identity, new != identity {
            identity = new
            ids.adopt(new)
        }
        let ended = machine.takeEnded()
        for end in ended { settleRecords(end, now: now) }
        if machine.phase != told { tellPhase() }
        table.deliveryDeadline = isOpen ? machine.deadline : nil
        for end in ended { resume(end, now: now) }
        beginWhatWaits(now: now)
    }

    /// What is known of the transaction decides what becomes of records.
    private func tellPhase() {
        told = machine.phase
        if told == .open || told == .ready { places = [:] }
        switch told {
        case .open: gate.set(nil)
        case .failed(let error), .dead(let error): gate.set(error)
        case .committing, .aborting: gate.set(machine.misuse("the transaction is about to end"))
        case .uninitialized, .initializing, .ready: gate.set(machine.misuse("no transaction is open"))
        }
        table.noteAll()
    }

    /// Written records become committed ones, or are taken back.
    private func settleRecords(_ end: TransactionMachine.Ended, now: NIODeadline) {
        switch end {
        case .commit(nil): outcomes.transactionEnded(machine.count, isCommitted: true)
        case .abort(nil): outcomes.transactionEnded(machine.count, isCommitted: false)
        case .commit, .abort, .initialization, .offsets: break
        }
    }

    private func resume(_ end: TransactionMachine.Ended, now: NIODeadline) {
        let ready = waiters.filter { $0.waits(for: end) }
        waiters.removeAll { $0.waits(for: end) }
        for waiter in ready {
            if end.error == nil { metrics.counts.transactionTimes.add(now - waiter.began, to: waiter.call) }
            waiter.completion(end.error.map { .failure($0) } ?? .success(()))
        }
    }

    /// A transaction begins once the one before is over, and there is an id.
    private func beginWhatWaits(now: NIODeadline) {
        guard machine.phase != .uninitialized, machine.phase != .initializing else { return }
        for waiter in waiters where waiter.call.awaitsID {
            waiters.removeAll { $0 === waiter }
            do throws(ProducerError) {
                if case .begin = waiter.call { try machine.begin() }
                metrics.counts.transactionTimes.add(now - waiter.began, to: waiter.call)
                if machine.phase != told { tellPhase() }
                waiter.completion(.success(()))
            } catch {
                waiter.completion(.failure(error))
            }
        }
    }

    // MARK: batches

    /// The protocol of the open transaction.
    var transactionProtocol: TransactionProtocol { machine.transactionProtocol }

    /// Why what waits to be sent for the first time is given up, if it is.
    var discards: ProducerError? { machine.discards }

    /// Whether nothing goes out any more, not even what was sent before.
    var isDead: Bool { machine.isDead }

    /// Whether nothing of a partition may be sent now.
    func holds(_ partition: PartitionSending) -> Bool {
        switch machine.phase {
        case .open, .committing: partition.joinedTransaction != machine.count
        // What was sent before is sent until it is answered.
        case .failed, .aborting: false
        case .uninitialized, .initializing, .ready, .dead: true
        }
    }

    /// Whether records of a partition may be sent for the first time.
    func takesNew(_ partition: PartitionSending) -> Bool {
        machine.takesRecords && partition.joinedTransaction == machine.count
    }

    /// A partition holds records: it comes into the transaction.
    func enlist(_ place: Int) {
        guard machine.takesRecords, table[place].askedTransaction != machine.count else { return }
        table.asked(machine.count, place: place)
        let queue = table[place].queue
        let partition = TransactionPartition(topic: queue.topic, partition: queue.partition)
        if machine.want(partition) {
            table.joined(machine.count, place: place)
        } else {
            places[partition] = place
        }
    }

    /// Batches are sent.
    func produces(now: NIODeadline) {
        machine.produces(now: now)
        table.deliveryDeadline = machine.deadline
    }

    /// The epoch in force.
    var epoch: Int16? { machine.identity?.epoch }

    /// What is waited for, if anything is: for a person.
    var stall: String? { machine.waitsFor }
}
