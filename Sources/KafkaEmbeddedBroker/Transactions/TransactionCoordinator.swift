// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Does what the state of transactions asks for: writes it down, writes markers, and looks at the clock.
///
/// The answer to a producer does not wait for markers: what is decided is decided. They follow in the loop's next turn, or
/// later when a fault or a test wants it.
final class TransactionCoordinator {
    let cluster: Cluster
    private let eventLoop: any EventLoop
    private var check: Scheduled<Void>?

    /// Markers that not all replicas in sync have yet.
    private var placedMarkers: [PlacedMarker.Key: PlacedMarker] = [:]

    /// How long is waited before a marker that could not be written is tried again.
    private static let markerBackoff = TimeAmount.milliseconds(50)

    init(cluster: Cluster, eventLoop: any EventLoop) {
        self.cluster = cluster
        self.eventLoop = eventLoop
    }

    private var state: CoordinationState { cluster.coordination }
    private var settings: EmbeddedBroker.Transactions { cluster.configuration.transactions }

    /// Finishes what was decided before a restart, and looks at the clock from now on.
    func start() {
        writeAllMarkers()
        scheduleCheck()
    }

    /// Looks at the clock no more.
    func stop() {
        check?.cancel()
        check = nil
    }

    private func scheduleCheck() {
        let interval = TimeAmount(settings.timeoutCheckInterval)
        check = eventLoop.assumeIsolated().scheduleTask(in: interval) { [weak self] in
            guard let self, !cluster.isClosed else { return }
            doWhatIsDue()
            scheduleCheck()
        }
    }

    // MARK: Producers

    /// A producer begins, or goes on after an error.
    func initialize(
        _ id: String,
        _ expected: ProducerIdentity?,
        timeout: Int32,
        markerDelay: Duration?
    ) throws(TransactionRefusal) -> ProducerIdentity {
        if state.transactions[id] == nil {
            try keep(newEntry(timeout: timeout), of: id)
        }
        let made = try change(id) { entry throws(TransactionRefusal) in
            try entry.initialize(expected, timeout: timeout, level: state.level, now: state.now, takeID: takeID)
        }
        switch made {
        case .ready(let producer): return producer
        case .abortsFirst:
            markersFollow(id, after: markerDelay)
            throw TransactionRefusal(.concurrentTransactions)
        }
    }

    private func newEntry(timeout: Int32) throws(TransactionRefusal) -> TransactionEntry {
        var entry = TransactionEntry(producerID: try takeID(), timeout: timeout, now: state.now)
        entry.skipEpochs(to: settings.firstEpoch)
        return entry
    }

    /// Partitions are added to a producer's transaction.
    func add(
        _ partitions: Set<TransactionPartition>,
        to id: String,
        by sender: ProducerIdentity,
        as clientProtocol: TransactionProtocol
    ) throws(TransactionRefusal) {
        try change(id) { entry throws(TransactionRefusal) in
            _ = try entry.add(partitions, by: sender, as: clientProtocol, now: state.now)
        }
    }

    /// Tells which of these partitions are not in a producer's transaction.
    func missing(
        of partitions: Set<TransactionPartition>,
        in id: String,
        of sender: ProducerIdentity
    ) throws(TransactionRefusal) -> Set<TransactionPartition> {
        guard let entry = state.transactions[id] else { throw TransactionRefusal(.invalidProducerIDMapping) }
        return try entry.missing(of: partitions, for: sender)
    }

    /// A producer commits or aborts.
    ///
    /// - Returns: Who the producer of the next transaction is.
    func end(
        _ id: String,
        commits: Bool,
        by sender: ProducerIdentity,
        as clientProtocol: TransactionProtocol,
        markerDelay: Duration?
    ) throws(TransactionRefusal) -> ProducerIdentity {
        let end = try change(id) { entry throws(TransactionRefusal) in
            try entry.end(commits: commits, by: sender, as: clientProtocol, now: state.now, takeID: takeID)
        }
        switch end {
        case .decided(let next):
            markersFollow(id, after: markerDelay)
            return next
        case .repeated(let next): return next
        }
    }

    private func change<Result>(
        _ id: String,
        _ body: (inout TransactionEntry) throws(TransactionRefusal) -> Result
    ) throws(TransactionRefusal) -> Result {
        guard var entry = state.transactions[id] else { throw TransactionRefusal(.invalidProducerIDMapping) }
        let former = entry
        let result = try body(&entry)
        if entry != former { try keep(entry, of: id) }
        return result
    }

    private func keep(_ entry: TransactionEntry, of id: String) throws(TransactionRefusal) {
        do throws(StorageError) {
            try state.set(entry, for: id)
        } catch {
            cluster.logger.error("the state of a transaction was not written", metadata: ["error": "\(error)"])
            cluster.storageFailed(error)
            throw TransactionRefusal(.coordinatorNotAvailable)
        }
    }

    private func takeID() throws(TransactionRefusal) -> Int64 {
        do throws(StorageError) {
            return try cluster.takeProducerID()
        } catch {
            cluster.logger.error("no producer id could be reserved", metadata: ["error": "\(error)"])
            cluster.storageFailed(error)
            throw TransactionRefusal(.coordinatorNotAvailable)
        }
    }

    // MARK: Markers

    /// Lets the markers of a transaction follow after a time, or as soon as the answer is on its way.
    private func markersFollow(_ id: String, after delay: Duration?) {
        let delay = delay ?? settings.markerDelay
        let loop = eventLoop.assumeIsolated()
        guard delay > .zero else { return loop.execute { self.writeMarkers(of: id) } }
        loop.scheduleTask(in: TimeAmount(delay)) { self.writeMarkers(of: id) }
    }

    /// Writes the markers of all transactions that are decided.
    func writeAllMarkers() {
        for (id, entry) in state.transactions where entry.phase.isPrepared { writeMarkers(of: id) }
    }

    private func writeMarkers(of id: String) {
        guard !state.holdsMarkers, !cluster.isClosed, var entry = state.transactions[id], entry.phase.isPrepared else {
            return
        }
        let marker = entry.marker(coordinatorEpoch: state.coordinatorEpoch, now: state.now)
        var written = state.markersWritten.removeValue(forKey: id) ?? []
        do throws(StorageError) {
            for partition in entry.partitions.subtracting(written) where try write(marker, to: partition) {
                written.insert(partition)
            }
            if written == entry.partitions {
                entry.complete(now: state.now)
                return try state.set(entry, for: id)
            }
        } catch {
            cluster.logger.error("the end of a transaction was not written", metadata: ["error": "\(error)"])
            cluster.storageFailed(error)
        }
        // Nothing is lost by a marker that comes again, but readers need not see it.
        state.markersWritten[id] = written
        eventLoop.assumeIsolated().scheduleTask(in: Self.markerBackoff) { self.writeMarkers(of: id) }
    }

    /// Writes a marker; false when the partition has no leader that could.
    private func write(_ marker: ControlBatch, to place: TransactionPartition) throws(StorageError) -> Bool {
        if place.holdsOffsets {
            let commits = marker.kind == .commit
            let changes = state.offsets.changes(atEndOf: marker.producerID, commits: commits, slot: place.index)
            try state.apply(changes)
            return true
        }
        // A topic that was deleted drops out.
        guard let partition = cluster.topics[place.topic]?.partition(place.index) else { return true }
        guard partition.leader != Partition.noLeader else { return false }
        if let replicas = partition.replicaSet { return try write(marker, to: partition, replicas, place) }
        try partition.log.append(marker, leaderEpoch: partition.leaderEpoch)
        partition.appended(bytes: marker.batch.bytes.readableBytes)
        return true
    }

    /// Writes a marker to a partition with several replicas, unless its log has it already; false until all in sync have it.
    private func write(
        _ marker: ControlBatch,
        to partition: Partition,
        _ replicas: ReplicaSet,
        _ place: TransactionPartition
    ) throws(StorageError) -> Bool {
        guard cluster.nodes.canAct(partition.leader) else { return false }
        let key = PlacedMarker.Key(partition: place, producerID: marker.producerID, epoch: marker.producerEpoch)
        var placed = placedMarkers[key]
        // A leader that came later may not have it.
        if let known = placed, known.leaderEpoch != partition.leaderEpoch {
            let end = partition.epochs.end(of: known.leaderEpoch, logEndOffset: partition.log.logEndOffset)
            if end.epoch != known.leaderEpoch || end.endOffset <= known.offset { placed = nil }
        }
        if placed == nil {
            let offset = try partition.log.append(marker, leaderEpoch: partition.leaderEpoch)
            placed = PlacedMarker(offset: offset, leaderEpoch: partition.leaderEpoch)
            partition.appended(bytes: marker.batch.bytes.readableBytes)
            if !cluster.replicator.isHeld { cluster.replicator.replicate(partition) }
        }
        let isEverywhere = placed.map { $0.offset < replicas.state.highWatermark } ?? false
        placedMarkers[key] = isEverywhere ? nil : placed
        return isEverywhere
    }

    // MARK: Time

    /// Aborts transactions that are open for too long, and forgets ids that are old.
    func doWhatIsDue() {
        let now = state.now
        do throws(StorageError) {
            for (id, entry) in state.transactions {
                if entry.isTimedOut(now: now) { abort(id) }
                if entry.phase.isIdle, entry.update + settings.idExpiration.milliseconds < now {
                    try state.set(nil, for: id)
                }
            }
        } catch {
            cluster.logger.error("what is old was not forgotten", metadata: ["error": "\(error)"])
            cluster.storageFailed(error)
        }
    }

    private func abort(_ id: String) {
        cluster.logger.info("transaction timed out", metadata: ["transactionalID": "\(id)"])
        do throws(TransactionRefusal) {
            try change(id) { entry throws(TransactionRefusal) in
                try entry.fence(level: state.level, now: state.now, takeID: takeID)
            }
            markersFollow(id, after: nil)
        } catch {
            // It was said why, and the next look at the clock tries again.
        }
    }
}
