// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// Produce requests: what a batch gets before it is sent, and what stands in the request.
extension Sender {
    /// Whether a partition's next batch waits for the answer to the one before.
    private var sendsOneBatchAtATime: Bool {
        configuration.maxInFlightRequestsPerConnection == 1 || failurePolicy == .stopPartition
    }

    /// Sends batches of different partitions to their leader in one request.
    func send(_ drained: [ProducerBatch], to connection: BrokerConnection, now: NIODeadline) {
        let batches = drained.contains { $0.sealingError != nil } ? failingUnsealed(drained) : drained
        guard !batches.isEmpty else { return }
        let asksLeader = asksWhetherItLeads(batches, connection)
        for batch in batches {
            let index = batch.queue.index
            if batch.sequence == nil, case .assigned(let id, let epoch) = identity.state {
                batch.sequence = partitions[index].sequences.assign(to: batch, id: id, epoch: epoch)
            }
            batch.stamp()
            batch.sentSequence = batch.sequence
            batch.attempts += 1
            batch.retryAt = nil
            batch.lastLeaderEpoch = partitions[index].leaderEpoch
            partitions[index].inFlight.append(batch)
            if sendsOneBatchAtATime || asksLeader { partitions[index].isMuted = true }
        }
        counters.update { counts in
            counts.requestsSent += 1
            counts.wireBytesSent += batches.reduce(0) { $0 + $1.wireSize }
            counts.batchesInFlight += batches.count
            counts.recordsInFlight += batches.reduce(0) { $0 + $1.recordCount }
        }
        countSent(batches, now: now)
        sendProduceRequest(batches, acks: asksLeader ? .leader : configuration.acks, to: connection, now: now)
    }

    /// Gives up what could not be compressed, and returns the others.
    private func failingUnsealed(_ batches: [ProducerBatch]) -> [ProducerBatch] {
        for batch in batches {
            guard let error = batch.sealingError else { continue }
            let queue = batch.queue
            fail(
                batch,
                ProducerError(
                    .compression,
                    topic: queue.topic,
                    partition: queue.partition,
                    message: "the batch could not be compressed: \(error)"
                )
            )
        }
        return batches.filter { $0.sealingError == nil }
    }

    private func sendProduceRequest(
        _ batches: [ProducerBatch],
        acks: Acks,
        to connection: BrokerConnection,
        now: NIODeadline
    ) {
        guard let version = produceVersion(on: connection, batches: batches) else {
            let reason = "it speaks no version of Produce that this producer knows"
            complete(batches, failing: .unsupportedVersion, reason: reason, on: connection, now: now)
            return
        }
        let topics = topicData(of: batches)
        for topic in topics { metadata.use(topic.name, now: now) }
        let request = ProduceRequest(
            transactionalID: nil,
            acks: acks.rawValue,
            timeoutMs: Int32(clamping: configuration.requestTimeout.milliseconds),
            topicData: topics
        )
        submit(
            request,
            version: version,
            purpose: .produce(batches),
            isAnswered: acks != .none,
            to: connection,
            now: now
        )
    }

    private func topicData(of batches: [ProducerBatch]) -> [ProduceRequest.TopicData] {
        var topics: [ProduceRequest.TopicData] = []
        // Of those behind the first one: most requests have no more.
        var places: [String: Int] = [:]
        for batch in batches {
            let name = batch.queue.topic
            let place = topics.first?.name == name ? 0 : places[name] ?? topics.count
            if place == topics.count {
                if place > 0 { places[name] = place }
                let id = cluster.topics[name]?.id ?? .zero
                topics.append(ProduceRequest.TopicData(name: name, topicID: id, partitionData: []))
                topics[place].partitionData.reserveCapacity(place == 0 ? batches.count : 1)
            }
            topics[place].partitionData.append(
                ProduceRequest.PartitionData(index: batch.queue.partition, records: batch.sealed?.buffer)
            )
        }
        return topics
    }

    /// The highest common version; 13 only if every topic's id is known, since it names topics by id alone.
    private func produceVersion(on connection: BrokerConnection, batches: [ProducerBatch]) -> Int16? {
        guard let version = connection.machine.versions?.version(of: .produce) else { return nil }
        guard version >= 13 else { return version }
        let hasAllIDs = batches.allSatisfy { (cluster.topics[$0.queue.topic]?.id ?? .zero) != .zero }
        return hasAllIDs ? version : 12
    }
}
