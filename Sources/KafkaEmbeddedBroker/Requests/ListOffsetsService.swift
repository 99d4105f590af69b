// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers ListOffsets: where a log begins and ends, and from which offset on its records have a given timestamp.
struct ListOffsetsService {
    let cluster: Cluster

    /// Timestamps that stand for a place in the log (KIP-734, KIP-405, KIP-1005, KIP-1023).
    private enum Place {
        static let latest: Int64 = -1
        static let earliest: Int64 = -2
        static let maxTimestamp: Int64 = -3
        static let earliestLocal: Int64 = -4
        static let latestTiered: Int64 = -5
        static let earliestPendingUpload: Int64 = -6
    }

    func serve(_ request: ListOffsetsRequest, _ context: RequestContext) -> Answer {
        let topics = request.topics.map { wanted in
            ListOffsetsResponse.Topic(
                name: wanted.name,
                partitions: wanted.partitions.map { partition in
                    guard cluster.authorizer.allows(context.principal, .describe, .topic, wanted.name) else {
                        return ListOffsetsResponse.Partition(
                            partitionIndex: partition.partitionIndex,
                            errorCode: .topicAuthorizationFailed
                        )
                    }
                    return find(
                        partition,
                        in: cluster.topics[wanted.name],
                        isCommitted: request.isolationLevel == Self.readCommitted,
                        context
                    )
                }
            )
        }
        return context.answer(ListOffsetsResponse(topics: topics))
    }

    /// The isolation level of a reader of committed records.
    private static let readCommitted: Int8 = 1

    private func find(
        _ wanted: ListOffsetsRequest.Partition,
        in topic: Topic?,
        isCommitted: Bool,
        _ context: RequestContext
    ) -> ListOffsetsResponse.Partition {
        var response = ListOffsetsResponse.Partition(partitionIndex: wanted.partitionIndex)
        guard let partition = topic?.partition(wanted.partitionIndex) else {
            response.errorCode = .unknownTopicOrPartition
            return response
        }
        if let error = partition.objection(toReadingFrom: context.nodeID, leaderEpoch: wanted.currentLeaderEpoch) {
            response.errorCode = error
            return response
        }
        do throws(StorageError) {
            let log = partition.log
            let end = isCommitted ? log.lastStableOffset : log.highWatermark
            guard var found = try position(of: wanted.timestamp, in: log, end: end) else {
                response.errorCode = .unsupportedVersion
                return response
            }
            // What has a timestamp and is beyond that is not there for the reader.
            if found.timestamp >= 0, found.offset >= end { found = (-1, -1) }
            response.offset = found.offset
            response.timestamp = found.timestamp
            if found.offset >= 0, context.version >= 4 { response.leaderEpoch = partition.leaderEpoch }
        } catch {
            cluster.logger.error("log cannot be read", metadata: ["error": "\(error)"])
            response.errorCode = .kafkaStorageError
        }
        return response
    }

    /// Offset and timestamp, -1 each when there is none; nil for a place that this broker does not know.
    private func position(
        of timestamp: Int64,
        in log: PartitionLog,
        end: Int64
    ) throws(StorageError) -> (offset: Int64, timestamp: Int64)? {
        switch timestamp {
        case Place.latest: return (end, -1)
        case Place.earliest, Place.earliestLocal: return (log.logStartOffset, -1)
        case Place.latestTiered, Place.earliestPendingUpload: return (-1, -1)
        case Place.maxTimestamp: return try log.firstRecord(fromTimestamp: log.maxTimestamp) ?? (-1, -1)
        case 0...: return try log.firstRecord(fromTimestamp: timestamp) ?? (-1, -1)
        default: return nil
        }
    }
}
