// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Answers Fetch: batches from the logs, as many as the client wants, and if there are too few when it is willing to
/// wait, later. There are no fetch sessions: each request names all its partitions, as the protocol allows (KIP-227).
struct FetchService {
    let cluster: Cluster
    let eventLoop: any EventLoop

    private static let firstTopicIDVersion: Int16 = 13
    private static let firstLeaderHintVersion: Int16 = 12
    private static let firstEndpointVersion: Int16 = 16
    private static let fullFetchEpochs: Set<Int32> = [0, -1]
    /// The isolation level of a reader of committed records.
    private static let readCommitted: Int8 = 1
    /// Bytes of records in an answer, whatever the client asks for. The default of a broker's `fetch.max.bytes`.
    private static let mostBytes = 55 << 20

    func serve(_ request: FetchRequest, _ context: RequestContext) -> Answer {
        guard Self.fullFetchEpochs.contains(request.sessionEpoch) else {
            return context.answer(FetchResponse(errorCode: .fetchSessionIDNotFound))
        }
        let reading = read(request, context)
        let missing = Int(request.minBytes) - reading.byteCount
        if missing <= 0 || request.maxWaitMs <= 0 || reading.hasErrors || reading.partitions.isEmpty {
            return context.answer(reading.response)
        }
        let deferred = DeferredAnswer()
        let wait = FetchWait(
            for: missing,
            in: Array(reading.partitions.values),
            wantsCommitted: request.isolationLevel == Self.readCommitted,
            atMost: .milliseconds(Int64(request.maxWaitMs)),
            on: eventLoop
        ) {
            deferred.complete(context.answer(read(request, context).response))
        }
        deferred.onCancel { wait.cancel() }
        return .later(deferred)
    }

    /// What one pass over the partitions found.
    private struct Reading {
        var response = FetchResponse()
        var byteCount = 0
        var hasErrors = false
        /// The partitions that were read, each once however often the request names it.
        var partitions: [ObjectIdentifier: Partition] = [:]
        var leaders: Set<Int32> = []
    }

    private func read(_ request: FetchRequest, _ context: RequestContext) -> Reading {
        var reading = Reading()
        for wanted in request.topics {
            let isByID = context.version >= Self.firstTopicIDVersion
            let topic = isByID ? cluster.topic(id: wanted.topicID) : cluster.topics[wanted.topic]
            var response = FetchResponse.TopicResponse(topic: wanted.topic, topicID: wanted.topicID)
            for partition in wanted.partitions {
                response.partitions.append(
                    read(
                        partition,
                        of: topic.map(Result.success)
                            ?? .failure(TopicRefusal(isByID ? .unknownTopicID : .unknownTopicOrPartition, nil)),
                        request,
                        context,
                        &reading
                    )
                )
            }
            reading.response.responses.append(response)
        }
        if context.version >= Self.firstEndpointVersion, !reading.leaders.isEmpty {
            reading.response.nodeEndpoints = cluster.endpoints(
                of: reading.leaders,
                for: context.connection.listener
            )
        }
        return reading
    }

    private func read(
        _ wanted: FetchRequest.Partition,
        of topic: Result<Topic, TopicRefusal>,
        _ request: FetchRequest,
        _ context: RequestContext,
        _ reading: inout Reading
    ) -> FetchResponse.PartitionData {
        var data = FetchResponse.PartitionData(
            partitionIndex: wanted.partition,
            highWatermark: -1,
            abortedTransactions: request.isolationLevel == Self.readCommitted ? [] : nil,
            records: ByteBuffer()
        )
        do throws(TopicRefusal) {
            guard let partition = try topic.get().partition(wanted.partition) else {
                throw TopicRefusal(.unknownTopicOrPartition, nil)
            }
            let name = try topic.get().name
            guard cluster.authorizer.allows(context.principal, .read, .topic, name) else {
                throw TopicRefusal(.topicAuthorizationFailed, nil)
            }
            if let error = partition.objection(toReadingFrom: context.nodeID, leaderEpoch: wanted.currentLeaderEpoch) {
                data.currentLeader = LeaderAndEpoch(partition, sinceVersion: Self.firstLeaderHintVersion, context)
                reading.leaders.insert(partition.leader)
                throw TopicRefusal(error, nil)
            }
            let isCommitted = request.isolationLevel == Self.readCommitted
            let records = try records(
                wanted,
                of: partition,
                before: isCommitted ? partition.log.lastStableOffset : partition.log.confirmedEnd ?? .max,
                maxBytes: min(Int(request.maxBytes), Self.mostBytes, cluster.answers.room),
                &reading
            )
            data.records = records
            if isCommitted { data.abortedTransactions = aborted(records, wanted, partition.log) }
            data.highWatermark = partition.log.highWatermark
            data.lastStableOffset = partition.log.lastStableOffset
            data.logStartOffset = partition.log.logStartOffset
            reading.partitions[ObjectIdentifier(partition)] = partition
        } catch {
            data.errorCode = error.code
            reading.hasErrors = true
        }
        return data
    }

    /// The aborted transactions that a reader of committed records must know of to read these.
    private func aborted(
        _ records: ByteBuffer,
        _ wanted: FetchRequest.Partition,
        _ log: PartitionLog
    ) -> [FetchResponse.AbortedTransaction] {
        var end = wanted.fetchOffset
        var index = records.readerIndex
        while let outline = BatchOutline(in: records, at: index) {
            end = outline.lastOffset + 1
            index += outline.size
        }
        return log.transactions.aborted(from: wanted.fetchOffset, to: end).map {
            FetchResponse.AbortedTransaction(producerID: $0.producerID, firstOffset: $0.firstOffset)
        }
    }

    private func records(
        _ wanted: FetchRequest.Partition,
        of partition: Partition,
        before limit: Int64,
        maxBytes: Int,
        _ reading: inout Reading
    ) throws(TopicRefusal) -> ByteBuffer {
        let log = partition.log
        guard wanted.fetchOffset >= log.logStartOffset, wanted.fetchOffset <= log.logEndOffset else {
            throw TopicRefusal(.offsetOutOfRange, nil)
        }
        do throws(StorageError) {
            let records = try log.batches(
                from: wanted.fetchOffset,
                before: limit,
                maximumBytes: min(Int(wanted.partitionMaxBytes), maxBytes - reading.byteCount),
                atLeastOne: reading.byteCount == 0
            )
            reading.byteCount += records.readableBytes
            return records
        } catch {
            cluster.logger.error("log cannot be read", metadata: ["error": "\(error)"])
            throw TopicRefusal(.kafkaStorageError, nil)
        }
    }
}
