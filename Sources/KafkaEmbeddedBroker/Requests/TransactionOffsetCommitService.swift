// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers TxnOffsetCommit: keeps offsets of a group that hold when a producer's transaction is committed.
struct TransactionOffsetCommitService {
    let cluster: Cluster
    let transactions: TransactionCoordinator

    /// The first version by which the group is added to the transaction with it (KIP-890).
    private static let firstAddingVersion: Int16 = 5
    /// The first version that may be answered TRANSACTION_ABORTABLE.
    private static let firstAbortableVersion: Int16 = 4
    /// The first version that knows COORDINATOR_LOAD_IN_PROGRESS.
    private static let firstLoadingVersion: Int16 = 2

    func serve(_ request: TransactionOffsetCommitRequest, _ context: RequestContext) -> Answer {
        let taker = OffsetTaker(cluster: cluster, context: context)
        var response = TransactionOffsetCommitResponse()
        var taken: [OffsetTaker.Wanted] = []
        var refusal: ErrorCode?
        do throws(TransactionRefusal) { try check(request, context) } catch { refusal = error.code }
        for topic in request.topics {
            var result = TransactionOffsetCommitResponse.Topic(name: topic.name)
            for partition in topic.partitions {
                let wanted = OffsetTaker.Wanted(
                    partition: TransactionPartition(topic.name, partition.partitionIndex),
                    offset: partition.committedOffset,
                    leaderEpoch: partition.committedLeaderEpoch,
                    metadata: partition.committedMetadata
                )
                let code = refusal ?? taker.objection(to: wanted)
                if code == nil { taken.append(wanted) }
                result.partitions.append(.init(partitionIndex: partition.partitionIndex, errorCode: code ?? .none))
            }
            response.topics.append(result)
        }
        do throws(TransactionRefusal) {
            guard !taken.isEmpty else { return context.answer(response) }
            try join(request, context)
            try taker.keep(taken, of: request.groupID, producerID: request.producerID)
        } catch {
            for topic in response.topics.indices { response.topics[topic].partitions.failOthers(error.code) }
        }
        return context.answer(response)
    }

    private func check(
        _ request: TransactionOffsetCommitRequest,
        _ context: RequestContext
    ) throws(TransactionRefusal) {
        if let code = context.faults?.refusal { throw TransactionRefusal(code) }
        guard cluster.authorizer.allows(context.principal, .write, .transactionalID, request.transactionalID) else {
            throw TransactionRefusal(.transactionalIDAuthorizationFailed)
        }
        do throws(TransactionRefusal) {
            try context.checkGroup(request.groupID, .read, cluster)
        } catch {
            let isOld = context.version < Self.firstLoadingVersion
            let isLoading = error.code == .coordinatorLoadInProgress
            throw isOld && isLoading ? TransactionRefusal(.coordinatorNotAvailable) : error
        }
        let committer = ClassicGroup.Committer(
            memberID: request.memberID,
            instance: request.groupInstanceID,
            generation: request.generationID,
            isTransactional: true
        )
        do throws(GroupRefusal) {
            try cluster.coordination.checkCommit(committer, of: request.groupID)
        } catch {
            throw TransactionRefusal(error.code == .groupIDNotFound ? .illegalGeneration : error.code)
        }
    }

    /// Adds the group to the transaction, or sees to it that it was added.
    private func join(
        _ request: TransactionOffsetCommitRequest,
        _ context: RequestContext
    ) throws(TransactionRefusal) {
        let id = request.transactionalID
        let sender = ProducerIdentity(request.producerID, request.producerEpoch)
        let places: Set = [TransactionPartition(offsetsOf: request.groupID)]
        guard cluster.canAskCoordinator(of: CoordinatorKey(kind: .transaction, name: id)) else {
            throw TransactionRefusal(.coordinatorNotAvailable)
        }
        do throws(TransactionRefusal) {
            guard context.version < Self.firstAddingVersion else {
                return try transactions.add(places, to: id, by: sender, as: .second)
            }
            guard try transactions.missing(of: places, in: id, of: sender).isEmpty else {
                let isNew = context.version >= Self.firstAbortableVersion
                throw TransactionRefusal(isNew ? .transactionAbortable : .invalidTransactionState)
            }
        } catch {
            switch error.code {
            case .producerFenced: throw TransactionRefusal(.invalidProducerEpoch)
            case .concurrentTransactions where context.version < Self.firstAddingVersion:
                throw TransactionRefusal(.coordinatorNotAvailable)
            default: throw error
            }
        }
    }
}
