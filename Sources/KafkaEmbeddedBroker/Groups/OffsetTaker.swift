// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Checks offsets that a client commits, with or without a transaction, and keeps those that are right.
struct OffsetTaker {
    let cluster: Cluster
    let context: RequestContext

    /// An offset as the client has it.
    struct Wanted {
        var partition: TransactionPartition
        var offset: Int64
        var leaderEpoch: Int32
        var metadata: String?
    }

    /// What is wrong with an offset, or nil.
    func objection(to wanted: Wanted) -> ErrorCode? {
        let place = wanted.partition
        if let code = context.faults?.error(topic: place.topic, partition: place.index) { return code }
        guard cluster.authorizer.allows(context.principal, .read, .topic, place.topic) else {
            return .topicAuthorizationFailed
        }
        guard cluster.topics[place.topic]?.partition(place.index) != nil else { return .unknownTopicOrPartition }
        let most = cluster.configuration.transactions.offsetMetadataMaximum
        guard (wanted.metadata ?? "").utf16.count <= most else { return .offsetMetadataTooLarge }
        return nil
    }

    /// Keeps offsets, all of them or none.
    ///
    /// - Parameters:
    ///   - offsets: Those that are right.
    ///   - group: Whose they are.
    ///   - producerID: The producer of the transaction that they wait for; nil to commit them now.
    /// - Throws: When they cannot be written down.
    func keep(_ offsets: [Wanted], of group: String, producerID: Int64?) throws(TransactionRefusal) {
        let state = cluster.coordination
        var order = state.offsets.nextOrder
        let changes = offsets.map { wanted in
            defer { order += 1 }
            return GroupOffsets.Change(
                place: GroupOffset.Place(group: group, partition: wanted.partition),
                producerID: producerID,
                offset: GroupOffset(
                    offset: wanted.offset,
                    leaderEpoch: wanted.leaderEpoch,
                    metadata: wanted.metadata ?? "",
                    time: state.now,
                    order: order
                )
            )
        }
        do throws(StorageError) {
            try state.apply(changes)
        } catch {
            cluster.logger.error("offsets were not written", metadata: ["error": "\(error)"])
            cluster.storageFailed(error)
            throw TransactionRefusal(.coordinatorNotAvailable)
        }
    }
}

extension [PartitionError] {
    /// Answers for those partitions with an error that have none yet.
    mutating func failOthers(_ code: ErrorCode) {
        for index in indices where self[index].errorCode == .none { self[index].errorCode = code }
    }
}
