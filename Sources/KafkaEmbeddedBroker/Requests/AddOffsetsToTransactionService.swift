// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers AddOffsetsToTxn: adds the offsets of a group to a producer's transaction.
struct AddOffsetsToTransactionService {
    let cluster: Cluster
    let transactions: TransactionCoordinator

    /// The first version that knows PRODUCER_FENCED (KIP-588).
    private static let firstFencedVersion: Int16 = 2

    func serve(_ request: AddOffsetsToTransactionRequest, _ context: RequestContext) -> Answer {
        var response = AddOffsetsToTransactionResponse()
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            try context.checkTransactionalID(request.transactionalID, cluster)
            guard cluster.authorizer.allows(context.principal, .read, .group, request.groupID) else {
                throw TransactionRefusal(.groupAuthorizationFailed)
            }
            try transactions.add(
                [TransactionPartition(offsetsOf: request.groupID)],
                to: request.transactionalID,
                by: ProducerIdentity(request.producerID, request.producerEpoch),
                as: .first
            )
        } catch {
            response.errorCode = error.code(fencedSince: Self.firstFencedVersion, context.version)
        }
        return context.answer(response)
    }
}
