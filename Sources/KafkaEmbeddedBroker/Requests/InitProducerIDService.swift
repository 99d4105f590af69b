// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers InitProducerId: gives an idempotent producer an id of its own, with epoch 0, and a transactional one the id of its
/// transactional id, with the next epoch.
struct InitProducerIDService {
    let cluster: Cluster
    let transactions: TransactionCoordinator

    /// The first version that knows PRODUCER_FENCED (KIP-588).
    private static let firstFencedVersion: Int16 = 4

    func serve(_ request: InitProducerIDRequest, _ context: RequestContext) -> Answer {
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            let producer =
                if let id = request.transactionalID {
                    try initialize(id, request, context)
                } else {
                    try idempotent(context)
                }
            return context.answer(InitProducerIDResponse(producerID: producer.id, producerEpoch: producer.epoch))
        } catch {
            let code = error.code(fencedSince: Self.firstFencedVersion, context.version)
            return context.answer(InitProducerIDResponse(errorCode: code, producerEpoch: -1))
        }
    }

    private func idempotent(_ context: RequestContext) throws(TransactionRefusal) -> ProducerIdentity {
        let authorizer = cluster.authorizer
        guard
            authorizer.allows(context.principal, .idempotentWrite, .cluster)
                || authorizer.allowsAny(context.principal, .write, .topic)
        else { throw TransactionRefusal(.clusterAuthorizationFailed) }
        do throws(StorageError) {
            return ProducerIdentity(try cluster.takeProducerID(), 0)
        } catch {
            cluster.logger.error("no producer id could be reserved", metadata: ["error": "\(error)"])
            throw TransactionRefusal(.kafkaStorageError)
        }
    }

    private func initialize(
        _ id: String,
        _ request: InitProducerIDRequest,
        _ context: RequestContext
    ) throws(TransactionRefusal) -> ProducerIdentity {
        try context.checkTransactionalID(id, cluster)
        // An outside coordinator, by which transactions have no timeout (KIP-939), has no place here.
        guard !request.enable2Pc, !request.keepPreparedTxn else { throw TransactionRefusal(.unsupportedVersion) }
        let maximum = cluster.configuration.transactions.maximumTimeout.milliseconds
        guard request.transactionTimeoutMs > 0, Int64(request.transactionTimeoutMs) <= maximum else {
            throw TransactionRefusal(.invalidTransactionTimeout)
        }
        let expected = ProducerIdentity(request.producerID, request.producerEpoch)
        guard (expected.id == ProducerIdentity.noID) == (expected.epoch == ProducerIdentity.noEpoch) else {
            throw TransactionRefusal(.invalidRequest)
        }
        return try transactions.initialize(
            id,
            expected == .none ? nil : expected,
            timeout: request.transactionTimeoutMs,
            markerDelay: context.faults?.markerDelay
        )
    }
}
