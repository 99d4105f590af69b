// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization

/// Topics that were deleted and made again in the middle of sending: see ``TopicReplacement``.
extension Sender {
    /// Whether a partition waits until the queues of the topic that was there before are empty.
    func isHeld(_ partition: PartitionSending) -> Bool {
        !replacements.isEmpty && !partition.isRetired && replacements[partition.queue.topic] != nil
    }

    /// The appending side has new queues for a topic; these are the old ones.
    func retire(_ queues: [PartitionQueue], ofTopic name: String) {
        adoptNewQueues()
        let topic = accumulator.topic(named: name).view
        for queue in queues {
            register(queue)
            partitions[queue.index].isRetired = true
            closeOpen(queue, retiring: true)
            activate(queue.index)
        }
        for queue in topic.queues {
            register(queue)
            partitions[queue.index].needsEpochBump = identity.isEnabled
        }
        indicesByTopic[name] = topic.queues.map(\.index)
        publishedLoads[name] = nil
        replacements[name, default: TopicReplacement()].retired += queues.map(\.index)
        tell(
            .topicReplaced(
                topic: name,
                partitionCount: Int(topic.partitions.partitionCount),
                formerPartitionCount: queues.count
            )
        )
    }

    /// Empties old queues into new ones, as soon as nothing can come in any more.
    func settleReplacements() {
        guard !replacements.isEmpty else { return }
        for (name, replacement) in replacements {
            for index in replacement.retired { closeOpen(partitions[index].queue, retiring: false) }
            guard replacement.retired.allSatisfy({ isSettled($0) }) else { continue }
            replacements[name] = nil
            replace(replacement.retired, ofTopic: name)
        }
    }

    private func closeOpen(_ queue: PartitionQueue, retiring: Bool) {
        let open = queue.state.withLock { state in
            if retiring { state.retire() }
            return state.closeOpenBatch(of: queue)
        }
        if let open { accumulator.sealer.seal(open) }
    }

    private func isSettled(_ index: Int) -> Bool {
        partitions[index].inFlight.isEmpty && partitions[index].queue.state.withLock { $0.isSettled }
    }

    private func replace(_ retired: [Int], ofTopic name: String) {
        let topic = accumulator.topic(named: name).view
        keepStopped(retired, topic.queues)
        var rechoice = PartitionRechoice(
            rule: accumulator.limits.partitionRule,
            topic: topic.partitions,
            sticky: StickyPartitioner(stickyBatchSize: accumulator.limits.batchSize)
        )
        var moved = [[ProducerBatch]](repeating: [], count: topic.queues.count)
        for batch in takeBatches(of: retired) { place(batch, by: &rechoice, in: topic, &moved) }
        for (queue, batches) in zip(topic.queues, moved) where !batches.isEmpty {
            queue.state.withLock { state in
                state.closed.insert(contentsOf: batches, at: 0)
                state.isListed = true
            }
            activate(queue.index)
        }
    }

    /// All that the old queues have, in the order of appending.
    private func takeBatches(of retired: [Int]) -> [ProducerBatch] {
        var batches: [ProducerBatch] = []
        for index in retired {
            partitions[index].sequences = PartitionSequences()
            partitions[index].needsEpochBump = false
            partitions[index].queue.state.withLock { state in
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
    private func keepStopped(_ retired: [Int], _ queues: [PartitionQueue]) {
        let stopped = retired.filter { partitions[$0].stopped != nil }.map { partitions[$0].queue.partition }
        guard !stopped.isEmpty else { return }
        for queue in queues where retired.count != queues.count || stopped.contains(queue.partition) {
            partitions[queue.index].stopped = .stopped(topic: queue.topic, partition: queue.partition)
        }
    }

    private func place(
        _ batch: ProducerBatch,
        by rechoice: inout PartitionRechoice,
        in topic: TopicQueues.View,
        _ moved: inout [[ProducerBatch]]
    ) {
        do throws(ProducerError) {
            switch try rechoice.target(of: batch) {
            case .together(let partition):
                guard moved.indices.contains(Int(partition)) else { return failAbsent(batch, partition, in: topic) }
                batch.move(to: topic.queues[Int(partition)])
                moved[Int(partition)].append(batch)
            case .apart(let partitions):
                try distribute(batch, among: partitions, in: topic, &moved)
            }
        } catch {
            fail(batch, error)
        }
    }

    /// Divides a batch whose records go to several partitions.
    private func distribute(
        _ batch: ProducerBatch,
        among targets: [Int32],
        in topic: TopicQueues.View,
        _ moved: inout [[ProducerBatch]]
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
                    failAbsent(part, partition, in: topic)
                    continue
                }
                accumulator.sealer.seal(part)
                moved[Int(partition)].append(part)
            }
        }
        accumulator.release(batch)
    }

    private func failAbsent(_ batch: ProducerBatch, _ partition: Int32, in topic: TopicQueues.View) {
        fail(
            batch,
            ProducerError(
                .unknownPartition,
                topic: batch.queue.topic,
                partition: partition,
                message: topic.absence(of: partition)
            )
        )
    }
}
