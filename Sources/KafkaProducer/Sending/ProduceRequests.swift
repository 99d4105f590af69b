// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import KafkaRecords
import NIOCore

/// Produce requests: what a batch gets before it is sent, what stands in the request, and what its answer says of each batch.
final class ProduceRequests {
    /// Requests that were not answered, and why.
    private struct Failed {
        let batches: [ProducerBatch]
        let failure: RequestFailure
        let broker: BrokerAddress
    }

    private let configuration: ProducerConfiguration
    private let failurePolicy: FailurePolicy
    private let table: PartitionTable
    private let client: ClusterClient
    private let counters: ProducerCounters
    private let metrics: SenderMetrics
    private let outcomes: BatchOutcomes
    private let ids: ProducerIDs
    private let transactions: Transactions?
    /// What is to be settled at the next pass, in the order of sending.
    private var failed: [Failed] = []
    /// Whether an answer has refused a batch since the last pass.
    private(set) var hasRefusals = false
    /// Kafka's `request.timeout.ms`.
    private let timeoutMs: Int32

    init(_ parts: SenderParts, outcomes: BatchOutcomes, ids: ProducerIDs, transactions: Transactions?) {
        configuration = parts.configuration
        failurePolicy = parts.failurePolicy
        table = parts.table
        client = parts.client
        counters = parts.counters
        metrics = parts.metrics
        timeoutMs = Int32(clamping: parts.configuration.requestTimeout.milliseconds)
        self.outcomes = outcomes
        self.ids = ids
        self.transactions = transactions
    }

    // MARK: sending

    /// Whether a partition's next batch waits for the answer to the one before.
    private var sendsOneBatchAtATime: Bool {
        configuration.maxInFlightRequestsPerConnection == 1 || failurePolicy == .stopPartition
    }

    /// Sends batches of different partitions to their leader in one request.
    func send(_ drained: [ProducerBatch], over connection: BrokerConnection, now: NIODeadline) {
        let batches = drained.contains { $0.sealingError != nil } ? failingUnsealed(drained, now: now) : drained
        guard !batches.isEmpty else { return }
        let asksLeader = asksWhetherItLeads(batches, connection)
        for batch in batches {
            table.enterFlight(batch, as: ids.state, isAlone: sendsOneBatchAtATime || asksLeader)
        }
        counters.update { counts in
            counts.requestsSent += 1
            counts.wireBytesSent += batches.reduce(0) { $0 + $1.wireSize }
        }
        count(batches, now: now)
        transactions?.produces(now: now)
        submit(batches, acks: asksLeader ? .leader : configuration.acks, over: connection, now: now)
    }

    /// Gives up what could not be compressed, and returns the others.
    private func failingUnsealed(_ batches: [ProducerBatch], now: NIODeadline) -> [ProducerBatch] {
        for batch in batches {
            guard let error = batch.sealingError else { continue }
            let message = "the batch could not be compressed: \(error)"
            outcomes.fail(batch, ProducerError(.compression, message: message).at(batch.queue), now: now)
        }
        return batches.filter { $0.sealingError == nil }
    }

    private func count(_ batches: [ProducerBatch], now: NIODeadline) {
        var records = 0
        for batch in batches {
            metrics.counts.batchSent(
                ProducerMetrics.SentBatch(
                    topic: batch.queue.topic,
                    records: batch.recordCount,
                    recordBytes: batch.byteCount,
                    wireBytes: batch.wireSize,
                    plainBytes: batch.plainSize,
                    queueTime: now - batch.createdAt
                ),
                now: now
            )
            records += batch.recordCount
        }
        metrics.counts.produceRequestSent(records: records, now: now)
    }

    private func submit(
        _ batches: [ProducerBatch],
        acks: Acks,
        over connection: BrokerConnection,
        now: NIODeadline
    ) {
        let topics = topicData(of: batches)
        for topic in topics { client.use(topic.name, now: now) }
        let request = ProduceRequest(
            transactionalID: configuration.transactionalID,
            acks: acks.rawValue,
            timeoutMs: timeoutMs,
            topicData: topics
        )
        let version = produceVersion(on: connection, topics: topics)
        if version == nil, connection.isReady, let transactions {
            return refuse(batches, lackingVersionsOf: transactions.transactionProtocol, connection, now: now)
        }
        guard acks == .none else {
            client.connections.send(request, version: version, over: connection, now: now) {
                [unowned self] result, times in
                switch result {
                case .success(let response): answered(response, to: batches, on: connection, times)
                case .failure(let failure): noteFailed(batches, failure, connection)
                }
            }
            return
        }
        client.connections.sendUnanswered(request, version: version, over: connection, now: now) {
            [unowned self] result, times in
            switch result {
            case .success:
                for batch in batches { outcomes.confirm(batch, at: connection.address, now: times.endedAt) }
            case .failure(let failure): noteFailed(batches, failure, connection)
            }
        }
    }

    /// Another version would do something else with the transaction.
    private func refuse(
        _ batches: [ProducerBatch],
        lackingVersionsOf transactionProtocol: TransactionProtocol,
        _ connection: BrokerConnection,
        now: NIODeadline
    ) {
        let versions = transactionProtocol.versions(of: .produce)
        let answer = BatchAnswer(
            error: .unsupportedVersion,
            message: "the cluster's transactions need Produce in a version from \(versions.lowerBound) to "
                + "\(versions.upperBound), which the broker does not speak"
        )
        for batch in batches { outcomes.complete(batch, answer, from: connection.address, now: now) }
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
                let id = client.cluster.topics[name]?.id ?? .zero
                topics.append(ProduceRequest.TopicData(name: name, topicID: id, partitionData: []))
                topics[place].partitionData.reserveCapacity(place == 0 ? batches.count : 1)
            }
            topics[place].partitionData.append(
                ProduceRequest.PartitionData(index: batch.queue.partition, records: batch.sealed?.buffer)
            )
        }
        return topics
    }

    /// The highest common version, if there is one; 13 only if every topic's id is known, since it names topics by id alone.
    private func produceVersion(on connection: BrokerConnection, topics: [ProduceRequest.TopicData]) -> Int16? {
        let limits = transactions?.transactionProtocol.versions(of: .produce)
        guard let version = connection.version(of: .produce, upTo: limits?.upperBound ?? .max),
            version >= limits?.lowerBound ?? 0
        else { return nil }
        return version >= 13 && topics.contains { $0.topicID == .zero } ? 12 : version
    }

    // MARK: answers

    private func answered(
        _ response: ProduceResponse,
        to batches: [ProducerBatch],
        on connection: BrokerConnection,
        _ times: RequestTimes
    ) {
        let now = times.endedAt
        metrics.counts.produceAnswered(by: connection.node, after: times.roundTrip, now: now)
        let answers = ProduceAnswers(response, to: batches.map(\.queue), topicNames: client.cluster.topicNames)
        adoptLeaders(of: batches, from: answers)
        var isAnyRefused = false
        for (place, batch) in batches.enumerated() {
            let answer = answers.answer(at: place)
            if answer.error != .none { isAnyRefused = true }
            if answer.error.invalidatesMetadata { client.requestUpdate() }
            if configuration.acks == .none, isOnlyPossiblyStored(batch, answer, on: connection, now: now) { continue }
            outcomes.complete(batch, answer, from: connection.address, now: now)
        }
        // The next answer may have come in the same read: it must find the epoch that this one has made necessary.
        if isAnyRefused {
            hasRefusals = true
            ids.resolveSequences()
        }
    }

    /// Takes in the leaders that the response names beside its errors (KIP-951).
    private func adoptLeaders(of batches: [ProducerBatch], from answers: ProduceAnswers) {
        for (place, batch) in batches.enumerated() {
            // The leader of a topic that is no more says nothing of the one that has its name.
            guard !table[batch.queue].isRetired, let (leader, endpoint) = answers.newLeader(at: place) else {
                continue
            }
            client.adopt(
                leader: leader.leaderID,
                epoch: leader.leaderEpoch,
                endpoint: endpoint,
                topic: batch.queue.topic,
                partition: batch.queue.partition
            )
        }
        table.refreshLeaders(from: client)
    }

    // MARK: requests that were not answered

    private func noteFailed(_ batches: [ProducerBatch], _ failure: RequestFailure, _ connection: BrokerConnection) {
        failed.append(Failed(batches: batches, failure: failure, broker: connection.address))
    }

    /// One and the same end for all batches of requests that were not answered, in the order of sending.
    ///
    /// Those that fail for good are reported in that order. What is tried again goes to the front of its queue, the last one
    /// first. So all requests of a connection that ended must be there before the first is settled.
    func settleFailures(now: NIODeadline) {
        hasRefusals = false
        guard !failed.isEmpty else { return }
        var open: [(batch: ProducerBatch, request: Failed)] = []
        for request in failed {
            for batch in request.batches {
                // With acks=0 nothing is stored twice: what the broker may have is not sent again.
                if configuration.acks == .none, request.failure.wasWritten {
                    outcomes.loseTrack(of: batch, reason: request.failure.reason, at: request.broker, now: now)
                } else {
                    open.append((batch, request))
                }
            }
        }
        failed = []
        if open.contains(where: { $0.request.failure.code.invalidatesMetadata }) { client.requestUpdate() }
        for (batch, request) in open where !outcomes.mayRetry(batch, now: now) { settle(batch, request, now: now) }
        for (batch, request) in open.reversed() { settle(batch, request, now: now) }
    }

    private func settle(_ batch: ProducerBatch, _ request: Failed, now: NIODeadline) {
        let answer = BatchAnswer(error: request.failure.code, message: request.failure.reason)
        outcomes.complete(batch, answer, from: request.broker, now: now)
    }

    // MARK: acks=0

    /// Whether these batches are to be answered though `acks=0` asks for no answers: the first of a partition on a
    /// connection, and after each change of its leader.
    ///
    /// A topic that was just made, and a broker that was just started, have leaders that do not know it yet. They refuse the
    /// batch, which without an answer could not be known from one that is stored. With an answer it is sent again.
    private func asksWhetherItLeads(_ batches: [ProducerBatch], _ connection: BrokerConnection) -> Bool {
        configuration.acks == .none
            && batches.contains { table[$0.queue].provenLeader != connection.id }
    }

    /// Takes in the answer to a batch that was sent to find out whether the broker leads its partition.
    ///
    /// - Returns: whether the answer leaves open whether the batch is stored: its end is reported then, and it is not sent
    ///   again.
    private func isOnlyPossiblyStored(
        _ batch: ProducerBatch,
        _ answer: BatchAnswer,
        on connection: BrokerConnection,
        now: NIODeadline
    ) -> Bool {
        switch answer.error {
        case .none:
            table.prove(connection.id, for: batch.queue)
            return false
        case .requestTimedOut, .notEnoughReplicasAfterAppend, .networkException:
            let reason = answer.message ?? answer.error.name
            outcomes.loseTrack(of: batch, reason: reason, at: connection.address, now: now)
            return true
        default:
            return false
        }
    }
}
