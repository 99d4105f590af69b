// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaRecords
import NIOCore
import Synchronization

/// Topics that were deleted and made again, each from the moment when this was learned until its old queues are empty.
///
/// What happens in between, in this order:
/// 1. The appending side sees the new queues. The old ones are retired: they take nothing but what a thread appends to a
///    batch that it has in hand.
/// 2. Nothing of the old queues is sent any more, and nothing of the new ones yet. What is in flight is answered: it was
///    stored in time, or comes back to the front of its old queue.
/// 3. Once the old queues have nothing but sealed batches, all of these get partitions of the new topic, oldest first, and
///    go in front of what the new queues have by now. So no record overtakes an older one of its key.
/// 4. The new queues are sent, under sequences that begin at 0 in a new epoch: a request that was under way to the old
///    topic may have been stored in the new one, which then knows numbers of the old epoch.
final class TopicReplacements {
    private let table: PartitionTable
    private let accumulator: RecordAccumulator
    private let outcomes: BatchOutcomes
    private let ids: ProducerIDs
    /// The places of the old queues, by topic.
    private var retired: [String: [Int]] = [:]

    init(_ parts: SenderParts, outcomes: BatchOutcomes, ids: ProducerIDs) {
        table = parts.table
        accumulator = parts.accumulator
        self.outcomes = outcomes
        self.ids = ids
    }

    /// Whether no topic is being replaced.
    var isEmpty: Bool { retired.isEmpty }

    /// Whether a partition waits until the queues of the topic that was there before are empty.
    func holds(_ partition: PartitionSending) -> Bool {
        !retired.isEmpty && !partition.isRetired && retired[partition.queue.topic] != nil
    }

    /// The appending side has new queues for a topic; these are the old ones, of which the table has all that were used.
    func begin(_ queues: [PartitionQueue], ofTopic name: String) {
        let topic = accumulator.topic(named: name).view
        for queue in queues {
            table.retire(queue)
            closeOpen(queue, retiring: true)
        }
        table.assign(topic.queues, toTopic: name)
        if ids.isEnabled { for queue in topic.queues { table.requireEpochBump(of: queue) } }
        retired[name, default: []] += queues.map(table.place)
        outcomes.report(
            .topicReplaced(
                topic: name,
                partitionCount: Int(topic.partitions.partitionCount),
                formerPartitionCount: queues.count
            )
        )
    }

    /// Empties old queues into new ones, as soon as nothing can come in any more.
    func pass(now: NIODeadline) {
        guard !retired.isEmpty else { return }
        for (name, places) in retired {
            for place in places { closeOpen(table[place].queue, retiring: false) }
            guard places.allSatisfy({ isSettled($0) }) else { continue }
            retired[name] = nil
            replace(places, ofTopic: name, now: now)
        }
    }

    private func closeOpen(_ queue: PartitionQueue, retiring: Bool) {
        let open = queue.state.withLock { state in
            if retiring { state.retire() }
            return state.closeOpenBatch(of: queue)
        }
        if let open { accumulator.sealer.seal(open) }
    }

    private func isSettled(_ place: Int) -> Bool {
        table[place].inFlight.isEmpty && table[place].queue.state.withLock { $0.isSettled }
    }

    private func replace(_ places: [Int], ofTopic name: String, now: NIODeadline) {
        let topic = accumulator.topic(named: name).view
        keepStopped(places, topic.queues)
        var rechoice = PartitionRechoice(
            rule: accumulator.limits.partitionRule,
            topic: topic.partitions,
            sticky: StickyPartitioner(stickyBatchSize: accumulator.limits.batchSize)
        )
        var moved = [[ProducerBatch]](repeating: [], count: topic.queues.count)
        for batch in takeBatches(of: places) { move(batch, by: &rechoice, in: topic, &moved, now: now) }
        for (queue, batches) in zip(topic.queues, moved) where !batches.isEmpty {
            queue.state.withLock { $0.closed.insert(contentsOf: batches, at: 0) }
            table.activate(table.place(of: queue))
        }
        table.noteAll(ofTopic: name)
    }

    /// All that the old queues have, in the order of appending.
    private func takeBatches(of places: [Int]) -> [ProducerBatch] {
        var batches: [ProducerBatch] = []
        for place in places {
            table.forgetSequences(of: place)
            table[place].queue.state.withLock { state in
                batches += state.closed
                state.closed.removeAll()
            }
        }
        // The parts of a batch share its id and stay in their order.
        return batches.enumerated()
            .sorted { ($0.element.id, $0.offset) < ($1.element.id, $1.offset) }
            .map(\.element)
    }

    /// Under ``FailurePolicy/stopPartition`` nothing overtakes a failed record. With another number of partitions any of
    /// the new ones may have the records that come after it.
    private func keepStopped(_ places: [Int], _ queues: [PartitionQueue]) {
        let stopped = places.filter { table[$0].stopped != nil }.map { table[$0].queue.partition }
        guard !stopped.isEmpty else { return }
        for queue in queues where places.count != queues.count || stopped.contains(queue.partition) {
            table.stop(queue)
        }
    }

    private func move(
        _ batch: ProducerBatch,
        by rechoice: inout PartitionRechoice,
        in topic: TopicQueues.View,
        _ moved: inout [[ProducerBatch]],
        now: NIODeadline
    ) {
        do throws(ProducerError) {
            switch try rechoice.target(of: batch) {
            case .together(let partition):
                guard moved.indices.contains(Int(partition)) else {
                    return failAbsent(batch, partition, in: topic, now: now)
                }
                batch.move(to: topic.queues[Int(partition)])
                moved[Int(partition)].append(batch)
            case .apart(let partitions):
                try distribute(batch, among: partitions, in: topic, &moved, now: now)
            }
        } catch {
            outcomes.fail(batch, error, now: now)
        }
    }

    /// Divides a batch whose records go to several partitions.
    private func distribute(
        _ batch: ProducerBatch,
        among targets: [Int32],
        in topic: TopicQueues.View,
        _ moved: inout [[ProducerBatch]],
        now: NIODeadline
    ) throws(ProducerError) {
        let records = try batch.readRecords()
        let batchSize = accumulator.limits.batchSize
        let groups = Dictionary(grouping: records.indices) { targets[$0] }.sorted { $0.key < $1.key }
        for (partition, indices) in groups {
            let isPresent = moved.indices.contains(Int(partition))
            let queue = isPresent ? topic.queues[Int(partition)] : batch.queue
            let parts = batch.parts(of: records, at: indices, to: queue, batchSize: batchSize)
            accumulator.incomplete.divided(batch.id, into: parts.count)
            for part in parts {
                accumulator.pool.reserveBeyondLimit(part.reservedBytes)
                guard isPresent else {
                    // It goes nowhere but into a report.
                    if let contents = part.takeContents() { part.becameSealed(.success(contents.sealed())) }
                    failAbsent(part, partition, in: topic, now: now)
                    continue
                }
                accumulator.sealer.seal(part)
                moved[Int(partition)].append(part)
            }
        }
        accumulator.release(batch)
    }

    private func failAbsent(
        _ batch: ProducerBatch,
        _ partition: Int32,
        in topic: TopicQueues.View,
        now: NIODeadline
    ) {
        let error = ProducerError(
            .unknownPartition,
            topic: batch.queue.topic,
            partition: partition,
            message: topic.absence(of: partition)
        )
        outcomes.fail(batch, error, now: now)
    }
}
