// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers AddPartitionsToTxn: adds partitions to a producer's transaction, all of them or none.
///
/// From version 4 on the request is for brokers alone, and so needs the right to act as one.
struct AddPartitionsToTransactionService {
    let cluster: Cluster
    let transactions: TransactionCoordinator

    typealias Request = AddPartitionsToTransactionRequest
    typealias Response = AddPartitionsToTransactionResponse

    /// The first version that brokers use among themselves (KIP-890).
    private static let firstBrokerVersion: Int16 = 4
    /// The first version that knows PRODUCER_FENCED (KIP-588).
    private static let firstFencedVersion: Int16 = 2
    /// The first version whose partitions may be answered TRANSACTION_ABORTABLE.
    private static let firstAbortableVersion: Int16 = 5

    func serve(_ request: Request, _ context: RequestContext) -> Answer {
        guard context.version >= Self.firstBrokerVersion else {
            let transaction = Request.Transaction(
                transactionalID: request.transactionalID,
                producerID: request.producerID,
                producerEpoch: request.producerEpoch,
                topics: request.topics
            )
            return context.answer(Response(topics: outcome(of: transaction, context)))
        }
        guard cluster.authorizer.allows(context.principal, .clusterAction, .cluster) else {
            return context.answer(Response(errorCode: .clusterAuthorizationFailed))
        }
        let results = request.transactions.map { transaction in
            Response.TransactionResult(
                transactionalID: transaction.transactionalID,
                topics: outcome(of: transaction, context)
            )
        }
        return context.answer(Response(resultsByTransaction: results))
    }

    private func outcome(of transaction: Request.Transaction, _ context: RequestContext) -> [Response.TopicResult] {
        var codes: [TransactionPartition: ErrorCode] = [:]
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            try context.checkTransactionalID(transaction.transactionalID, cluster)
            codes = objections(to: transaction, context)
            if codes.isEmpty { codes = try add(transaction, context) } else { fillUp(&codes, transaction) }
        } catch {
            let code = error.code(fencedSince: Self.firstFencedVersion, context.version)
            for partition in partitions(of: transaction) { codes[partition] = code }
        }
        return transaction.topics.map { topic in
            Response.TopicResult(
                name: topic.name,
                partitions: topic.partitions.map { index in
                    let code = codes[TransactionPartition(topic.name, index)] ?? .none
                    return Response.PartitionResult(partitionIndex: index, errorCode: code)
                }
            )
        }
    }

    private func partitions(of transaction: Request.Transaction) -> Set<TransactionPartition> {
        Set(transaction.topics.flatMap { topic in topic.partitions.map { TransactionPartition(topic.name, $0) } })
    }

    private func add(
        _ transaction: Request.Transaction,
        _ context: RequestContext
    ) throws(TransactionRefusal) -> [TransactionPartition: ErrorCode] {
        let sender = ProducerIdentity(transaction.producerID, transaction.producerEpoch)
        let wanted = partitions(of: transaction)
        let id = transaction.transactionalID
        guard transaction.verifyOnly else {
            let isBroker = context.version >= Self.firstBrokerVersion
            try transactions.add(wanted, to: id, by: sender, as: isBroker ? .second : .first)
            return [:]
        }
        let code: ErrorCode =
            context.version >= Self.firstAbortableVersion ? .transactionAbortable : .invalidTransactionState
        let missing = try transactions.missing(of: wanted, in: id, of: sender)
        return Dictionary(uniqueKeysWithValues: missing.map { ($0, code) })
    }

    /// What is wrong with single partitions.
    private func objections(
        to transaction: Request.Transaction,
        _ context: RequestContext
    ) -> [TransactionPartition: ErrorCode] {
        var codes: [TransactionPartition: ErrorCode] = [:]
        for place in partitions(of: transaction) {
            if let code = context.faults?.error(topic: place.topic, partition: place.index) {
                codes[place] = code
            } else if !cluster.authorizer.allows(context.principal, .write, .topic, place.topic) {
                codes[place] = .topicAuthorizationFailed
            } else if cluster.topics[place.topic]?.partition(place.index) == nil {
                codes[place] = .unknownTopicOrPartition
            }
        }
        return codes
    }

    /// One that is wrong keeps the others out.
    private func fillUp(_ codes: inout [TransactionPartition: ErrorCode], _ transaction: Request.Transaction) {
        for place in partitions(of: transaction) where codes[place] == nil { codes[place] = .operationNotAttempted }
    }
}
