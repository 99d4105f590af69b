// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers InitProducerId: gives an idempotent producer an id of its own, with epoch 0.
///
/// This broker has no transactions: a transactional id gets UNSUPPORTED_VERSION, which no client retries.
struct InitProducerIDService {
    let cluster: Cluster

    func serve(_ request: InitProducerIDRequest, _ context: RequestContext) -> Answer {
        guard request.transactionalID == nil else {
            cluster.logger.info(
                "transactions are not supported",
                metadata: context.connection.metadata.merging(["transactionalID": "\(request.transactionalID ?? "")"]) {
                    $1
                }
            )
            return context.answer(InitProducerIDResponse(errorCode: .unsupportedVersion, producerEpoch: -1))
        }
        let authorizer = cluster.authorizer
        guard
            authorizer.allows(context.principal, .idempotentWrite, .cluster)
                || authorizer.allowsAny(context.principal, .write, .topic)
        else {
            return context.answer(InitProducerIDResponse(errorCode: .clusterAuthorizationFailed, producerEpoch: -1))
        }
        do throws(StorageError) {
            return context.answer(InitProducerIDResponse(producerID: try cluster.takeProducerID(), producerEpoch: 0))
        } catch {
            cluster.logger.error("no producer id could be reserved", metadata: ["error": "\(error)"])
            return context.answer(InitProducerIDResponse(errorCode: .kafkaStorageError, producerEpoch: -1))
        }
    }
}
