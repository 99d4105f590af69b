// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore
import Synchronization

/// What the sender knows of all partitions, by the places of their queues: their leaders, their sequences, and their batches in
/// flight.
///
/// It belongs to the sender and its event loop. A batch enters flight and leaves it here and nowhere else, so that what is
/// counted as in flight is in flight.
final class PartitionTable {
    /// Of each partition that was ever used: no place is empty, and no partition has two.
    private var partitions: [PartitionSending] = []
    /// The places of queues, by the queues' numbers.
    private var placesByQueue: [Int?] = []
    /// Places of partitions whose queues may hold something.
    private(set) var active = PlaceSet()
    /// Places of partitions with batches in flight.
    private(set) var flying = PlaceSet()
    /// How many of them there were at most.
    private(set) var mostFlying = 0
    /// Places of partitions of which something has changed that decides whether they may send.
    private var changed = PlaceSet()
    /// Places of partitions whose sequences are open, or must begin again.
    private var unsettled = PlaceSet()
    /// Places of partitions of which a batch has left flight, some of them several times.
    private var answered: [Int] = []
    /// The places of each topic's partitions that were ever used.
    private(set) var placesByTopic: [String: [Int]] = [:]
    /// The topics that were ever used, by their numbers.
    private(set) var topicNames: [String] = []
    private var topicNumbers: [String: Int] = [:]
    /// Places that are new since leaders were renewed.
    private var unled: [Int] = []
    /// The version of the cluster's metadata that the leaders are of.
    private var clusterVersion = -1
    /// Whether batches are marked as part of a transaction.
    var isTransactional = false
    /// When batches run out of time before `delivery.timeout.ms` is over, since their transaction does.
    var deliveryDeadline: NIODeadline?
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

    /// What is known of the partition of a queue that has its place.
    subscript(queue: PartitionQueue) -> PartitionSending {
        _read { yield partitions[place(of: queue)] }
    }

    /// The places of all partitions that were ever used.
    var places: Range<Int> { partitions.indices }

    // MARK: queues

    /// Takes a queue in about which there is news.
    ///
    /// - Returns: whether it was not known to hold something.
    @discardableResult
    func adopt(_ queue: PartitionQueue) -> Bool {
        activate(place(of: queue))
    }

    /// The place of a queue. Queues get their numbers when they are made, and their places when they are first used, which
    /// is in any order.
    func place(of queue: PartitionQueue) -> Int {
        while placesByQueue.count <= queue.number { placesByQueue.append(nil) }
        if let place = placesByQueue[queue.number] { return place }
        let place = partitions.count
        placesByQueue[queue.number] = place
        unled.append(place)
        partitions.append(
            PartitionSending(queue: queue, topicNumber: number(ofTopic: queue.topic), sequences: initialSequences)
        )
        placesByTopic[queue.topic, default: []].append(place)
        return place
    }

    /// A number for each topic in place of its name, which costs to compare.
    private func number(ofTopic name: String) -> Int {
        if let number = topicNumbers[name] { return number }
        topicNumbers[name] = topicNames.count
        topicNames.append(name)
        return topicNames.count - 1
    }

    /// The partition's queue may hold something: it is to be looked at.
    ///
    /// - Returns: whether that was not known.
    @discardableResult
    func activate(_ place: Int) -> Bool {
        note(place)
        return active.insert(place)
    }

    /// The partition's queue holds something.
    func hold(_ place: Int) { active.insert(place) }

    /// The partition's queue holds nothing.
    func deactivate(_ place: Int) {
        if active.remove(place) { partitions[place].queueLength = 0 }
    }

    /// How many batches of `batch.size` wait in the partition's queue.
    func note(queueLength: Int, of place: Int) { partitions[place].queueLength = queueLength }

    /// Whether it has become another answer that the partition has a leader, since this was last asked.
    func takeLeadershipChange(of place: Int) -> Bool {
        let isLed = partitions[place].leader != nil
        defer { partitions[place].wasLed = isLed }
        return isLed != partitions[place].wasLed
    }

    // MARK: what has changed

    /// Something has changed that decides whether the partition may send.
    func note(_ place: Int) { changed.insert(place) }

    /// Something has changed that concerns every partition which holds something.
    func noteAll() { for place in active.places { note(place) } }

    /// Something has changed that concerns every partition of a topic.
    func noteAll(ofTopic name: String) { for place in placesByTopic[name] ?? [] { note(place) } }

    /// Whether there are partitions that have changed and were not looked at.
    var hasChanged: Bool { !changed.isEmpty }

    /// Whether there are partitions whose sequences are open, or must begin again.
    var hasUnsettled: Bool { !unsettled.isEmpty }

    /// Moves the places of the partitions that have changed to a list.
    func takeChanged(into list: inout [Int]) { changed.takeAll(into: &list) }

    /// Notes the partitions of which batches have left flight, if they wait for that, which most do not.
    func noteAnswered(where isWaiting: (Int) -> Bool) {
        for place in answered where isWaiting(place) { note(place) }
        answered.removeAll(keepingCapacity: true)
    }

    // MARK: failures

    /// Nothing more of this partition is sent.
    func stop(_ queue: PartitionQueue) {
        guard partitions[place(of: queue)].stopped == nil else { return }
        partitions[place(of: queue)].stopped = .stopped(topic: queue.topic, partition: queue.partition)
        note(place(of: queue))
    }

    // MARK: leaders

    /// Renews leaders, if there is any reason to: what the client knows of the cluster is much to pass on.
    func refreshLeaders(from client: ClusterClient) {
        guard clusterVersion != client.clusterVersion || !unled.isEmpty else { return }
        refreshLeaders(client.cluster)
    }

    /// Renews every partition's leader after a change of metadata, and gives new partitions theirs.
    func refreshLeaders(_ cluster: ClusterMetadata) {
        if clusterVersion != cluster.version {
            clusterVersion = cluster.version
            for place in partitions.indices { refreshLeader(of: place, cluster) }
        } else {
            for place in unled { refreshLeader(of: place, cluster) }
        }
        unled.removeAll(keepingCapacity: true)
    }

    private func refreshLeader(of place: Int, _ cluster: ClusterMetadata) {
        let queue = partitions[place].queue
        let known = partitions[place].isRetired ? nil : cluster.partition(queue.partition, of: queue.topic)
        let epoch = known?.leaderEpoch ?? -1
        guard partitions[place].leader != known?.leader || partitions[place].leaderEpoch != epoch else { return }
        partitions[place].provenLeader = nil
        partitions[place].leader = known?.leader
        partitions[place].leaderEpoch = epoch
        if known?.leader != nil { partitions[place].isLeaderMissReported = false }
        note(place)
    }

    /// The leader has taken a batch on this connection, and said so.
    func prove(_ connection: BrokerConnection.ID, for queue: PartitionQueue) {
        partitions[place(of: queue)].provenLeader = connection
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
        let place = place(of: batch.queue)
        if batch.ticket == nil, case .assigned(let id, let epoch) = identity {
            batch.ticket = partitions[place].sequences.assign(recordCount: batch.recordCount, id: id, epoch: epoch)
        }
        if let sequence = batch.ticket.flatMap({ partitions[place].sequences.departed($0) }) {
            batch.stamp(sequence, isTransactional: isTransactional)
        }
        batch.attempts += 1
        batch.retryAt = nil
        batch.lastLeaderEpoch = partitions[place].leaderEpoch
        partitions[place].inFlight.append(batch)
        if flying.insert(place) { mostFlying = max(mostFlying, flying.count) }
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
        let place = place(of: batch.queue)
        guard let position = partitions[place].inFlight.firstIndex(where: { $0 === batch }) else { return false }
        partitions[place].inFlight.remove(at: position)
        if partitions[place].inFlight.isEmpty { flying.remove(place) }
        partitions[place].isMuted = false
        answered.append(place)
        counters.update { counts in
            counts.batchesInFlight -= 1
            counts.recordsInFlight -= batch.recordCount
        }
        return true
    }

    // MARK: sequences

    /// A batch is stored.
    func acked(_ batch: ProducerBatch, baseOffset: Int64? = nil) {
        guard let ticket = batch.ticket else { return }
        partitions[place(of: batch.queue)].sequences.acked(ticket, baseOffset: baseOffset)
        answered.append(place(of: batch.queue))
        noteUnsettled(place(of: batch.queue))
    }

    /// A batch was not acked, and comes back.
    func returned(_ batch: ProducerBatch, _ error: ErrorCode) {
        guard let ticket = batch.ticket else { return }
        partitions[place(of: batch.queue)].sequences.returned(ticket, error)
    }

    /// Takes out of a partition's queue what an answer to a later batch has shown to be stored.
    func takeKnownStored(of queue: PartitionQueue) -> [ProducerBatch] {
        guard partitions[place(of: queue)].sequences.hasOvertaken else { return [] }
        let sequences = partitions[place(of: queue)].sequences
        return queue.state.withLock { $0.takeSealed { sequences.isKnownStored($0.ticket) } }
    }

    /// A batch is given up.
    func gaveUp(_ batch: ProducerBatch) {
        guard let ticket = batch.ticket else { return }
        partitions[place(of: batch.queue)].sequences.gaveUp(ticket)
        note(place(of: batch.queue))
        noteUnsettled(place(of: batch.queue))
    }

    private func noteUnsettled(_ place: Int) {
        guard partitions[place].isUnsettled else { return }
        note(place)
        unsettled.insert(place)
    }

    /// A batch was divided: its parts share its sequences out among them.
    func divided(_ batch: ProducerBatch, into parts: [ProducerBatch]) {
        guard let ticket = batch.ticket else { return }
        let counts = parts.map(\.recordCount)
        let tickets = partitions[place(of: batch.queue)].sequences.divided(ticket, into: counts)
        for (part, ticket) in zip(parts, tickets) { part.ticket = ticket }
    }

    /// Puts batches of one partition back to the front of its queue, to be sent again.
    func requeue(_ batches: [ProducerBatch]) {
        guard let queue = batches.first?.queue else { return }
        let order = partitions[place(of: queue)].sequences
        queue.state.withLock { $0.requeue(batches, order: order) }
        activate(place(of: queue))
    }

    /// The partition's sequences must begin again in the next epoch.
    func requireEpochBump(of queue: PartitionQueue) {
        partitions[place(of: queue)].needsEpochBump = true
        noteUnsettled(place(of: queue))
    }

    /// Settles what batches that were given up have left open.
    ///
    /// - Returns: whether a partition needs the next epoch.
    func resolveSequences() -> Bool {
        guard !unsettled.isEmpty else { return false }
        var needsBump = false
        for place in unsettled.places {
            let resolution = partitions[place].sequences.resolve()
            if resolution == .needsEpochBump { partitions[place].needsEpochBump = true }
            if resolution != .notYet { note(place) }
            needsBump = needsBump || partitions[place].needsEpochBump
        }
        forgetSettled()
        return needsBump
    }

    private func forgetSettled() {
        for place in unsettled.places where !partitions[place].isUnsettled { unsettled.remove(place) }
    }

    /// Numbers the batches of those partitions anew that need the new epoch; the others keep the old one until what they
    /// have sent is answered.
    func restartSequences(id: Int64, epoch: Int16) {
        for place in unsettled.places where partitions[place].needsEpochBump {
            partitions[place].needsEpochBump = false
            partitions[place].sequences.restart(id: id, epoch: epoch)
            note(place)
        }
        forgetSettled()
    }

    /// Sequences begin again in every partition, for nothing is pending: what was left open does not matter any more.
    func forgetUnsettledSequences() {
        for place in unsettled.places { forgetSequences(of: place) }
    }

    // MARK: transactions

    /// A partition is to be added to the transaction of this number.
    func asked(_ transaction: Int, place: Int) { partitions[place].askedTransaction = transaction }

    /// A partition is in the transaction of this number.
    func joined(_ transaction: Int, place: Int) {
        partitions[place].joinedTransaction = transaction
        note(place)
    }

    // MARK: topics that were made again

    /// Another topic has taken the name of this queue's: what is here is sent no more.
    func retire(_ queue: PartitionQueue) {
        let place = place(of: queue)
        partitions[place].isRetired = true
        activate(place)
    }

    /// The topic has these queues from now on, and no others.
    func assign(_ queues: [PartitionQueue], toTopic name: String) {
        let places = queues.map(place)
        placesByTopic[name] = places
        noteAll(ofTopic: name)
    }

    /// Nothing of the partition is pending any more: its batches go elsewhere.
    func forgetSequences(of place: Int) {
        partitions[place].sequences = initialSequences
        partitions[place].needsEpochBump = false
        if !partitions[place].isUnsettled { unsettled.remove(place) }
    }
}
