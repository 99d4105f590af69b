// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import Synchronization

/// What the sender knows of all partitions, by the places of their queues: their leaders, their sequences, and their batches in
/// flight.
///
/// It belongs to the sender and its event loop. A batch enters flight and leaves it here and nowhere else, so that what is
/// counted as in flight is in flight.
final class PartitionTable {
    private var partitions: [PartitionSending] = []
    /// Places of partitions whose queues may hold something.
    private(set) var active: [Int] = []
    /// The places of each topic's partitions that were ever used.
    private(set) var placesByTopic: [String: [Int]] = [:]
    /// The version of the cluster's metadata that the leaders are of.
    private var clusterVersion = -1
    private let counters: ProducerCounters
    private let initialSequences: PartitionSequences

    /// - Parameters:
    ///   - counters: Counts what is in flight.
    ///   - initialSequences: With what partitions begin.
    init(counters: ProducerCounters, initialSequences: PartitionSequences = PartitionSequences()) {
        self.counters = counters
        self.initialSequences = initialSequences
    }

    /// What is known of the partition at a place.
    subscript(place: Int) -> PartitionSending {
        // Lent, not copied: a copy that is held while the partition changes would copy its lists.
        _read { yield partitions[place] }
    }

    /// The places of all partitions that were ever used.
    var places: Range<Int> { partitions.indices }

    // MARK: queues

    /// Takes a queue in that has got something.
    func adopt(_ queue: PartitionQueue) {
        register(queue)
        activate(queue.index)
    }

    /// Gives a queue its place.
    func register(_ queue: PartitionQueue) {
        guard queue.index >= partitions.count || partitions[queue.index].queue !== queue else { return }
        clusterVersion = -1
        // Queues get their places when they are made, and come here when they are first used.
        let new = PartitionSending(queue: queue, sequences: initialSequences)
        while partitions.count <= queue.index { partitions.append(new) }
        partitions[queue.index] = new
        placesByTopic[queue.topic, default: []].append(queue.index)
    }

    /// The partition's queue may hold something.
    func activate(_ place: Int) {
        guard !partitions[place].isActive else { return }
        partitions[place].isActive = true
        active.append(place)
    }

    /// Calls `visit` for each partition whose queue may hold something; those whose queues are empty leave the list.
    ///
    /// - Parameter visit: says whether the queue is empty, and how many batches wait there.
    func passActive(_ visit: (Int) -> (isEmpty: Bool, queuedBatches: Int)) {
        var kept = 0
        var next = 0
        while next < active.count {
            let place = active[next]
            next += 1
            let found = visit(place)
            partitions[place].queuedBatches = found.queuedBatches
            if found.isEmpty, partitions[place].queue.state.withLock({ $0.unlistIfEmpty() }) {
                partitions[place].isActive = false
                continue
            }
            active[kept] = place
            kept += 1
        }
        active.removeLast(active.count - kept)
    }

    /// Notes the length that the partitioner is to know, or that it is not to use the partition; returns whether that is news.
    func publish(length: Int?, of place: Int) -> Bool {
        guard partitions[place].publishedLength != length else { return false }
        partitions[place].publishedLength = length
        return true
    }

    /// Nothing more of this partition is sent.
    func stop(_ queue: PartitionQueue) {
        guard partitions[queue.index].stopped == nil else { return }
        partitions[queue.index].stopped = .stopped(topic: queue.topic, partition: queue.partition)
    }

    // MARK: leaders

    /// Renews every partition's leader after a change of metadata.
    func refreshLeaders(_ cluster: ClusterMetadata) {
        guard clusterVersion != cluster.version else { return }
        clusterVersion = cluster.version
        for place in partitions.indices {
            let queue = partitions[place].queue
            let known = partitions[place].isRetired ? nil : cluster.partition(queue.partition, of: queue.topic)
            let isSame =
                partitions[place].leader == known?.leader && partitions[place].leaderEpoch == known?.leaderEpoch
            if !isSame { partitions[place].provenLeader = nil }
            partitions[place].leader = known?.leader
            partitions[place].leaderEpoch = known?.leaderEpoch ?? -1
            if known?.leader != nil { partitions[place].isLeaderMissReported = false }
        }
    }

    /// The leader has taken a batch on this connection, and said so.
    func prove(_ connection: BrokerConnection.ID, for queue: PartitionQueue) {
        partitions[queue.index].provenLeader = connection
    }

    /// Whether it is to be reported that a partition has no leader: once until it has one again.
    func takeLeaderMissReport(of place: Int) -> Bool {
        defer { partitions[place].isLeaderMissReported = true }
        return !partitions[place].isLeaderMissReported
    }

    // MARK: flight

    /// A batch is sent: it gets its number, and is in flight from now on.
    ///
    /// - Parameters:
    ///   - batch: The batch, which is in no queue.
    ///   - identity: The producer's id and epoch.
    ///   - isAlone: Whether nothing of the partition may follow before it is answered.
    func enterFlight(_ batch: ProducerBatch, as identity: ProducerIdentity.State, isAlone: Bool) {
        let place = batch.queue.index
        if batch.ticket == nil, case .assigned(let id, let epoch) = identity {
            batch.ticket = partitions[place].sequences.assign(recordCount: batch.recordCount, id: id, epoch: epoch)
        }
        if let sequence = batch.ticket.flatMap({ partitions[place].sequences.departed($0) }) { batch.stamp(sequence) }
        batch.attempts += 1
        batch.retryAt = nil
        batch.lastLeaderEpoch = partitions[place].leaderEpoch
        partitions[place].inFlight.append(batch)
        if isAlone { partitions[place].isMuted = true }
        counters.update { counts in
            counts.batchesInFlight += 1
            counts.recordsInFlight += batch.recordCount
        }
    }

    /// A batch is in flight no more.
    ///
    /// - Returns: false if it was not there any more, since it expired; its end was reported then.
    @discardableResult
    func leaveFlight(_ batch: ProducerBatch) -> Bool {
        let place = batch.queue.index
        guard let position = partitions[place].inFlight.firstIndex(where: { $0 === batch }) else { return false }
        partitions[place].inFlight.remove(at: position)
        partitions[place].isMuted = false
        counters.update { counts in
            counts.batchesInFlight -= 1
            counts.recordsInFlight -= batch.recordCount
        }
        return true
    }

    // MARK: sequences

    /// A batch is stored.
    func acked(_ batch: ProducerBatch) {
        if let ticket = batch.ticket { partitions[batch.queue.index].sequences.acked(ticket) }
    }

    /// A batch is given up.
    func gaveUp(_ batch: ProducerBatch) {
        if let ticket = batch.ticket { partitions[batch.queue.index].sequences.gaveUp(ticket) }
    }

    /// A batch was divided: its parts share its sequences out among them.
    func divided(_ batch: ProducerBatch, into parts: [ProducerBatch]) {
        guard let ticket = batch.ticket else { return }
        let counts = parts.map(\.recordCount)
        let tickets = partitions[batch.queue.index].sequences.divided(ticket, into: counts)
        for (part, ticket) in zip(parts, tickets) { part.ticket = ticket }
    }

    /// Puts batches of one partition back to the front of its queue, to be sent again.
    func requeue(_ batches: [ProducerBatch]) {
        guard let queue = batches.first?.queue else { return }
        let order = partitions[queue.index].sequences
        queue.state.withLock { $0.requeue(batches, order: order) }
        activate(queue.index)
    }

    /// The partition's sequences must begin again in the next epoch.
    func requireEpochBump(of queue: PartitionQueue) {
        partitions[queue.index].needsEpochBump = true
    }

    /// Settles what batches that were given up have left open.
    ///
    /// - Returns: whether a partition needs the next epoch.
    func resolveSequences() -> Bool {
        var needsBump = false
        for place in partitions.indices {
            if partitions[place].sequences.resolve() == .needsEpochBump { partitions[place].needsEpochBump = true }
            needsBump = needsBump || partitions[place].needsEpochBump
        }
        return needsBump
    }

    /// Numbers the batches of those partitions anew that need the new epoch; the others keep the old one until what they
    /// have sent is answered.
    func restartSequences(id: Int64, epoch: Int16) {
        for place in partitions.indices where partitions[place].needsEpochBump {
            partitions[place].needsEpochBump = false
            partitions[place].sequences.restart(id: id, epoch: epoch)
        }
    }

    // MARK: topics that were made again

    /// Another topic has taken the name of this queue's: what is here is sent no more.
    func retire(_ queue: PartitionQueue) {
        register(queue)
        partitions[queue.index].isRetired = true
        activate(queue.index)
    }

    /// The topic has these queues from now on, and no others.
    func assign(_ queues: [PartitionQueue], toTopic name: String) {
        for queue in queues { register(queue) }
        placesByTopic[name] = queues.map(\.index)
    }

    /// Nothing of the partition is pending any more: its batches go elsewhere.
    func forgetSequences(of place: Int) {
        partitions[place].sequences = initialSequences
        partitions[place].needsEpochBump = false
    }
}
