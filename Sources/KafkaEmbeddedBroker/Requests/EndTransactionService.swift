// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers EndTxn: decides a transaction. Its markers follow.
struct EndTransactionService {
    let cluster: Cluster
    let transactions: TransactionCoordinator

    /// The first version that knows PRODUCER_FENCED (KIP-588).
    private static let firstFencedVersion: Int16 = 2
    /// The first version by which each transaction has its own epoch (KIP-890).
    private static let firstBumpingVersion: Int16 = 5

    func serve(_ request: EndTransactionRequest, _ context: RequestContext) -> Answer {
        var response = EndTransactionResponse()
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            try context.checkTransactionalID(request.transactionalID, cluster)
            let isBumping = context.version >= Self.firstBumpingVersion
            let next = try transactions.end(
                request.transactionalID,
                commits: request.committed,
                by: ProducerIdentity(request.producerID, request.producerEpoch),
                as: isBumping ? .second : .first,
                markerDelay: context.faults?.markerDelay
            )
            response.producerID = next.id
            response.producerEpoch = next.epoch
        } catch {
            response.errorCode = error.code(fencedSince: Self.firstFencedVersion, context.version)
        }
        return context.answer(response)
    }
}
