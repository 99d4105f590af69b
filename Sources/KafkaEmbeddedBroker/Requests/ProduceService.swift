// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import Logging
import NIOCore

/// Answers Produce: checks the batch of each partition, appends it, and says where it is or why not.
struct ProduceService {
    let cluster: Cluster
    let transactions: TransactionCoordinator
    let eventLoop: any EventLoop
    let quota: ProduceQuota

    /// How often a request is tried whose producer's last transaction is not over, and after how long. Kafka's
    /// `add.partitions.to.txn.retry.backoff.max.ms` and `add.partitions.to.txn.retry.backoff.ms`.
    private static let transactionAttempts = 5
    private static let transactionBackoff = TimeAmount.milliseconds(20)
    /// The first version that names topics by their ids.
    private static let firstTopicIDVersion: Int16 = 13
    /// The first version whose errors say who leads now (KIP-951).
    private static let firstLeaderHintVersion: Int16 = 10

    func serve(_ request: ProduceRequest, _ context: RequestContext) -> Answer {
        guard TransactionAdmission.concerns(request) else { return append(request, refusals: [:], context) }
        return admit(request, context, attempts: Self.transactionAttempts)
    }

    /// Appends what belongs to the producer's transaction, as soon as its last one is over.
    private func admit(_ request: ProduceRequest, _ context: RequestContext, attempts: Int) -> Answer {
        let admission = TransactionAdmission(cluster: cluster, transactions: transactions, context: context)
        switch admission.decide(request) {
        case .decided(let refusals): return append(request, refusals: refusals, context)
        case .busy where attempts == 0: return append(request, refusals: admission.refuseBusy(request), context)
        case .busy: break
        }
        let deferred = DeferredAnswer()
        let incarnation = cluster.nodes[id: context.nodeID]?.incarnation
        eventLoop.assumeIsolated().scheduleTask(in: Self.transactionBackoff) {
            // What a broker had in its queue is lost when it goes down.
            guard cluster.nodes[id: context.nodeID]?.incarnation == incarnation else {
                return deferred.complete(.close(reason: "the broker went down"))
            }
            switch admit(request, context, attempts: attempts - 1) {
            case .later(let next): next.whenComplete { deferred.complete($0) }
            case let answer: deferred.complete(answer)
            }
        }
        return .later(deferred)
    }

    private func append(
        _ request: ProduceRequest,
        refusals: [TransactionPartition: BatchRefusal],
        _ context: RequestContext
    ) -> Answer {
        var response = ProduceResponse()
        var unconfirmed: [UnconfirmedBatch] = []
        response.responses.reserveCapacity(request.topicData.count)
        for (topic, data) in request.topicData.enumerated() {
            let found = find(data, context)
            response.responses.append(
                ProduceResponse.TopicResponse(
                    name: data.name,
                    topicID: data.topicID,
                    partitionResponses: data.partitionData.enumerated().map { place, partition in
                        let found = admitted(found, partition.index, refusals)
                        let appended = append(partition, to: found, acks: request.acks, context)
                        if var batch = appended.unconfirmed {
                            (batch.topic, batch.place) = (topic, place)
                            unconfirmed.append(batch)
                        }
                        return appended.response
                    }
                )
            )
        }
        response.throttleTimeMs = throttleTime(request, context)
        let time = response.throttleTimeMs
        guard request.acks != 0 else { return quota.hold(answerNothing(response), for: time, context) }
        guard unconfirmed.isEmpty else {
            return confirm(unconfirmed, of: response, within: request.timeoutMs, context)
        }
        addLeaders(to: &response, context)
        return quota.hold(context.answer(response), for: time, context)
    }

    /// Answers when the replicas in sync have the batches, or it takes too long.
    private func confirm(
        _ batches: [UnconfirmedBatch],
        of response: ProduceResponse,
        within milliseconds: Int32,
        _ context: RequestContext
    ) -> Answer {
        let deferred = DeferredAnswer()
        let wait = ReplicationWait(for: batches, atMost: .milliseconds(Int64(max(0, milliseconds))), on: eventLoop) {
            failures in
            var response = response
            for (batch, code) in failures {
                response.responses[batch.topic].partitionResponses[batch.place].errorCode = code
                guard code == .notLeaderOrFollower else { continue }
                response.responses[batch.topic].partitionResponses[batch.place].currentLeader = LeaderAndEpoch(
                    batch.partition,
                    sinceVersion: Self.firstLeaderHintVersion,
                    context
                )
            }
            addLeaders(to: &response, context)
            switch quota.hold(context.answer(response), for: response.throttleTimeMs, context) {
            case .later(let rest): rest.whenComplete { deferred.complete($0) }
            case let answer: deferred.complete(answer)
            }
        }
        deferred.onCancel { wait.cancel() }
        return .later(deferred)
    }

    /// How long the client is to wait because of all that it sent.
    private func throttleTime(_ request: ProduceRequest, _ context: RequestContext) -> Int32 {
        guard !cluster.coordination.quotas.rates.isEmpty else { return 0 }
        let bytes = request.topicData.reduce(0) { bytes, topic in
            topic.partitionData.reduce(bytes) { $0 + ($1.records?.readableBytes ?? 0) }
        }
        return quota.charge(bytes, context)
    }

    /// What Kafka says where the right to write is missing; a topic that is not there is not told either.
    private static let unauthorized = BatchRefusal(.topicAuthorizationFailed, "Not authorized to write to this topic.")

    private func isAllowed(_ topic: String, _ context: RequestContext) -> Bool {
        cluster.authorizer.allowsEverything || cluster.authorizer.allows(context.principal, .write, .topic, topic)
    }

    private func find(_ data: ProduceRequest.TopicData, _ context: RequestContext) -> Result<Topic, BatchRefusal> {
        if context.version >= Self.firstTopicIDVersion {
            guard let topic = cluster.topic(id: data.topicID) else {
                return .failure(BatchRefusal(.unknownTopicID, "there is no topic with the id \(data.topicID)"))
            }
            return .success(topic)
        }
        guard isAllowed(data.name, context) else { return .failure(Self.unauthorized) }
        guard let topic = cluster.topics[data.name] else {
            return .failure(BatchRefusal(.unknownTopicOrPartition, "there is no topic '\(data.name)'"))
        }
        return .success(topic)
    }

    /// The topic, unless a partition's batch does not belong to the transaction that it says it does.
    private func admitted(
        _ found: Result<Topic, BatchRefusal>,
        _ index: Int32,
        _ refusals: [TransactionPartition: BatchRefusal]
    ) -> Result<Topic, BatchRefusal> {
        guard !refusals.isEmpty, case .success(let topic) = found,
            let refusal = refusals[TransactionPartition(topic.name, index)]
        else { return found }
        return .failure(refusal)
    }

    private func append(
        _ data: ProduceRequest.PartitionData,
        to found: Result<Topic, BatchRefusal>,
        acks: Int16,
        _ context: RequestContext
    ) -> (response: ProduceResponse.PartitionResponse, unconfirmed: UnconfirmedBatch?) {
        var response = ProduceResponse.PartitionResponse(index: data.index, baseOffset: -1)
        var unconfirmed: UnconfirmedBatch?
        do throws(BatchRefusal) {
            guard (-1...1).contains(acks) else {
                throw BatchRefusal(.invalidRequiredAcks, "acks is \(acks) and must be 0, 1 or -1")
            }
            let topic = try found.get()
            guard isAllowed(topic.name, context) else { throw Self.unauthorized }
            guard let partition = topic.partition(data.index) else {
                throw BatchRefusal(.unknownTopicOrPartition, "topic '\(topic.name)' has no partition \(data.index)")
            }
            if let code = context.faults?.error(topic: topic.name, partition: data.index) {
                throw BatchRefusal(code, "a fault wants it")
            }
            guard partition.leader == context.nodeID else {
                response.currentLeader = LeaderAndEpoch(partition, sinceVersion: Self.firstLeaderHintVersion, context)
                throw BatchRefusal(.notLeaderOrFollower, "node \(context.nodeID) does not lead this partition")
            }
            if acks == -1 { try checkInSync(partition, of: topic) }
            let end = try append(data, topic, partition, context, &response)
            if acks == -1, let replicas = partition.replicaSet, replicas.state.highWatermark < end {
                unconfirmed = UnconfirmedBatch(partition: partition, replicas: replicas, end: end)
            }
        } catch {
            report(error, data, context)
            response.errorCode = error.code
            response.errorMessage = error.message
            response.recordErrors = error.records.map { record in
                ProduceResponse.RecordError(batchIndex: Int32(record), batchIndexErrorMessage: error.recordMessage)
            }
        }
        return (response, unconfirmed)
    }

    /// Refuses acks=all when there are too few replicas. The leader itself is one.
    private func checkInSync(_ partition: Partition, of topic: Topic) throws(BatchRefusal) {
        guard topic.minInSyncReplicas > 1 else { return }
        let count = cluster.inSync(partition).count
        guard count < topic.minInSyncReplicas else { return }
        throw BatchRefusal(
            .notEnoughReplicas,
            "\(count) replicas are in sync and min.insync.replicas is \(topic.minInSyncReplicas)"
        )
    }

    /// Appends a batch, unless it is there already.
    ///
    /// - Returns: The offset behind it.
    private func append(
        _ data: ProduceRequest.PartitionData,
        _ topic: Topic,
        _ partition: Partition,
        _ context: RequestContext,
        _ response: inout ProduceResponse.PartitionResponse
    ) throws(BatchRefusal) -> Int64 {
        let validator = BatchValidator(
            version: context.version,
            maxMessageBytes: topic.maxMessageBytes,
            segmentBytes: topic.logSettings.segmentBytes,
            requiresKeys: topic.logSettings.compacts,
            checksCompressedRecords: cluster.configuration.checksCompressedRecords
        )
        var batch = try validator.check(data.records)
        if let faults = context.faults {
            for text in faults.refusedTexts(topic: topic.name, partition: data.index) {
                try RecordFilter(text).check(batch)
            }
        }
        response.logStartOffset = partition.log.logStartOffset
        if let earlier = try duplicate(batch.header, in: partition, context) {
            response.baseOffset = earlier.baseOffset
            response.logAppendTimeMs = earlier.timestamp
            return earlier.baseOffset + Int64(batch.header.lastOffsetDelta) + 1
        }
        if topic.logSettings.compression != nil || topic.logSettings.timestampType == .logAppendTime {
            batch = try batch.stored(by: topic.logSettings, now: cluster.coordination.now)
            if batch.header.timestampType == .logAppendTime { response.logAppendTimeMs = batch.header.maxTimestamp }
        }
        do throws(StorageError) {
            response.baseOffset = try partition.log.append(batch, leaderEpoch: partition.leaderEpoch)
        } catch {
            cluster.storageFailed(error)
            throw BatchRefusal(.kafkaStorageError, "\(error)")
        }
        cluster.storageWorks()
        partition.appended(bytes: batch.bytes.readableBytes)
        return response.baseOffset + Int64(batch.header.lastOffsetDelta) + 1
    }

    /// Where an idempotent producer's batch is already, or nil when it is the next one.
    private func duplicate(
        _ header: RecordBatchHeader,
        in partition: Partition,
        _ context: RequestContext
    ) throws(BatchRefusal) -> (baseOffset: Int64, timestamp: Int64)? {
        guard header.hasProducerID else { return nil }
        try checkTransaction(header, in: partition, context)
        let sender = "producer \(header.producerID) with epoch \(header.producerEpoch)"
        switch partition.log.producers.verdict(on: ProducerStateTable.Sequence(header)) {
        case .append: return nil
        case .duplicate(let baseOffset, let timestamp): return (baseOffset, timestamp)
        case .writtenBefore:
            throw BatchRefusal(
                .duplicateSequenceNumber,
                "\(sender): the batch from sequence \(header.baseSequence) on was written before"
            )
        case .unknownProducer:
            throw BatchRefusal(
                .unknownProducerID,
                "\(sender) is not known here and begins at sequence \(header.baseSequence)"
            )
        case .staleEpoch(let current):
            throw BatchRefusal(.invalidProducerEpoch, "\(sender): epoch \(current) was seen since")
        case .outOfOrder(let expected):
            throw BatchRefusal(
                .outOfOrderSequenceNumber,
                "\(sender): sequence \(header.baseSequence) where \(expected) must follow"
            )
        }
    }

    /// Refuses a batch without a transaction within one, and a first one of a transaction whose producer lost what came
    /// before it (KAFKA-18202).
    private func checkTransaction(
        _ header: RecordBatchHeader,
        in partition: Partition,
        _ context: RequestContext
    ) throws(BatchRefusal) {
        let log = partition.log
        guard header.isTransactional else {
            guard log.transactions.isOpen(producerID: header.producerID) else { return }
            throw BatchRefusal(.invalidTransactionState, "producer \(header.producerID) has an open transaction")
        }
        guard context.version >= TransactionAdmission.firstAddingVersion, header.baseSequence != 0,
            log.producers.isUnknown(header.producerID)
        else { return }
        throw BatchRefusal(
            .outOfOrderSequenceNumber,
            "producer \(header.producerID) is not known here and begins at sequence \(header.baseSequence)"
        )
    }

    /// With acks=0 nothing is answered. An error closes the connection, since the producer learns of it in no other way.
    private func answerNothing(_ response: ProduceResponse) -> Answer {
        for topic in response.responses {
            for partition in topic.partitionResponses where partition.errorCode != .none {
                return .close(reason: "Produce with acks=0 failed: \(partition.errorCode)")
            }
        }
        return .silence
    }

    private func addLeaders(to response: inout ProduceResponse, _ context: RequestContext) {
        guard context.version >= Self.firstLeaderHintVersion else { return }
        var leaders: Set<Int32> = []
        for topic in response.responses {
            for partition in topic.partitionResponses where partition.errorCode == .notLeaderOrFollower {
                leaders.insert(partition.currentLeader.leaderID)
            }
        }
        guard !leaders.isEmpty else { return }
        response.nodeEndpoints = cluster.endpoints(of: leaders, for: context.connection.listener)
    }

    private func report(_ refusal: BatchRefusal, _ data: ProduceRequest.PartitionData, _ context: RequestContext) {
        let level: Logger.Level =
            switch refusal.code {
            case .kafkaStorageError, .notLeaderOrFollower: .debug
            default: .info
            }
        cluster.logger.log(
            level: level,
            "batch refused",
            metadata: context.connection.metadata.merging([
                "partition": "\(data.index)", "error": "\(refusal.code)", "reason": "\(refusal.message)",
            ]) { $1 }
        )
    }
}
