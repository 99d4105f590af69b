// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// Decides, before anything of a Produce request is appended, which of its partitions belong to the producer's transaction
/// (KIP-890): from version 12 on the request adds them, before it must have been done.
struct TransactionAdmission {
    /// What becomes of the partitions whose batches belong to a transaction.
    enum Verdict {
        /// They may be written, but for these.
        case decided([TransactionPartition: BatchRefusal])
        /// The last transaction is not over: the broker itself tries again for a while.
        case busy
    }

    let cluster: Cluster
    let transactions: TransactionCoordinator
    let context: RequestContext

    /// The first version that adds partitions.
    static let firstAddingVersion: Int16 = 12
    private static let firstTopicIDVersion: Int16 = 13
    private static let firstAbortableVersion: Int16 = 11
    private static let attributesIndex = 21
    private static let transactionalBit: Int16 = 1 << 4

    /// Whether any batch belongs to a transaction.
    static func concerns(_ request: ProduceRequest) -> Bool {
        request.topicData.contains { $0.partitionData.contains { isTransactional($0.records) } }
    }

    private static func isTransactional(_ records: ByteBuffer?) -> Bool {
        guard let records else { return false }
        let attributes = records.getInteger(at: records.readerIndex + attributesIndex, as: Int16.self) ?? 0
        return attributes & transactionalBit != 0
    }

    /// What becomes of the request's partitions.
    func decide(_ request: ProduceRequest) -> Verdict {
        let batches = transactionalBatches(of: request)
        guard let id = request.transactionalID,
            cluster.authorizer.allows(context.principal, .write, .transactionalID, id)
        else {
            return refuse(
                batches,
                BatchRefusal(.transactionalIDAuthorizationFailed, "Not authorized: transactional id")
            )
        }
        let producers = Set(batches.values)
        guard let sender = producers.first else { return .decided([:]) }
        guard producers.count == 1 else {
            return refuse(batches, BatchRefusal(.invalidProducerIDMapping, "batches of several producers"))
        }
        let unopened = Set(batches.keys.filter { !isOpen($0, sender) })
        guard !unopened.isEmpty else { return .decided([:]) }
        guard cluster.canAskCoordinator(of: CoordinatorKey(kind: .transaction, name: id)) else {
            let message = "the coordinator of the transaction cannot be asked"
            return refuse(unopened, BatchRefusal(.notEnoughReplicas, message))
        }
        do throws(TransactionRefusal) {
            guard context.version < Self.firstAddingVersion else {
                try transactions.add(unopened, to: id, by: sender, as: .second)
                return .decided([:])
            }
            let missing = try transactions.missing(of: unopened, in: id, of: sender)
            let isNew = context.version >= Self.firstAbortableVersion
            let code: ErrorCode = isNew ? .transactionAbortable : .invalidTransactionState
            return refuse(missing, BatchRefusal(code, "the partition was not added to the transaction"))
        } catch {
            return verdict(on: error.code, unopened)
        }
    }

    private func verdict(on code: ErrorCode, _ partitions: Set<TransactionPartition>) -> Verdict {
        switch code {
        case .concurrentTransactions:
            guard context.version < Self.firstAddingVersion else { return .busy }
            return refuse(partitions, BatchRefusal(.notEnoughReplicas, "the last transaction is not over"))
        case .producerFenced:
            return refuse(partitions, BatchRefusal(.invalidProducerEpoch, "the producer has another epoch since"))
        case .coordinatorNotAvailable:
            return refuse(partitions, BatchRefusal(.notEnoughReplicas, "the coordinator cannot write its state"))
        default:
            return refuse(partitions, BatchRefusal(code, "the coordinator refuses: \(code)"))
        }
    }

    /// The refusal of a request whose last transaction was not over in time.
    func refuseBusy(_ request: ProduceRequest) -> [TransactionPartition: BatchRefusal] {
        let refusal = BatchRefusal(.concurrentTransactions, "the last transaction is not over")
        return transactionalBatches(of: request).mapValues { _ in refusal }
    }

    private func refuse(_ batches: [TransactionPartition: ProducerIdentity], _ refusal: BatchRefusal) -> Verdict {
        .decided(batches.mapValues { _ in refusal })
    }

    private func refuse(_ partitions: Set<TransactionPartition>, _ refusal: BatchRefusal) -> Verdict {
        .decided(Dictionary(uniqueKeysWithValues: partitions.map { ($0, refusal) }))
    }

    private func isOpen(_ place: TransactionPartition, _ sender: ProducerIdentity) -> Bool {
        cluster.topics[place.topic]?.partition(place.index)?.log.transactions
            .isOpen(producerID: sender.id, epoch: sender.epoch) ?? false
    }

    /// The partitions of this broker whose batches belong to a transaction, and who sent them.
    private func transactionalBatches(of request: ProduceRequest) -> [TransactionPartition: ProducerIdentity] {
        var batches: [TransactionPartition: ProducerIdentity] = [:]
        for data in request.topicData {
            let isByID = context.version >= Self.firstTopicIDVersion
            guard let topic = isByID ? cluster.topic(id: data.topicID) : cluster.topics[data.name] else { continue }
            for partition in data.partitionData where Self.isTransactional(partition.records) {
                guard let records = partition.records, let header = try? RecordBatchHeader(decoding: records),
                    topic.partition(partition.index)?.leader == context.nodeID,
                    context.faults?.error(topic: topic.name, partition: partition.index) == nil,
                    cluster.authorizer.allows(context.principal, .write, .topic, topic.name)
                else { continue }
                let place = TransactionPartition(topic.name, partition.index)
                batches[place] = ProducerIdentity(header.producerID, header.producerEpoch)
            }
        }
        return batches
    }
}
