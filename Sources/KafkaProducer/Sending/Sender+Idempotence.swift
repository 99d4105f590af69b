// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The producer's id and epoch, and sequences that must begin again.
extension Sender {
    func nextIdentityRequest(now: NIODeadline) -> NIODeadline? {
        guard identity.state == .needed else { return nil }
        guard identityRetryAt <= now else { return identityRetryAt }
        return nextNodeRetry(now: now)
    }

    /// Asks for an id when there is none, so that the first batch need not wait for it.
    func maintainIdentity(now: NIODeadline) {
        guard identity.state == .needed, identityRetryAt <= now, let connection = leastLoadedNode(now: now),
            connect(connection, now: now)
        else { return }
        guard let version = connection.machine.versions?.version(of: .initProducerID) else { return }
        identity.requestSent()
        let request = InitProducerIDRequest(transactionalID: nil, transactionTimeoutMs: .max)
        submit(request, version: version, purpose: .initProducerID, to: connection, now: now)
    }

    func identityRequestFailed(now: NIODeadline) {
        identity.requestFailed()
        identityRetryAt = now + TimeAmount(retryBackoff.wait(afterFailures: identityFailures))
        identityFailures += 1
    }

    func handle(_ response: InitProducerIDResponse, on connection: BrokerConnection, now: NIODeadline) {
        guard response.errorCode == .none else {
            identityRequestFailed(now: now)
            guard !response.errorCode.isRetriable else { return }
            let error = response.errorCode
            return failEverything(
                ProducerError(
                    .broker(error),
                    broker: connection.address,
                    message: "no producer id: \(error.name): \(advice(on: error))"
                )
            )
        }
        identityFailures = 0
        identity.received(id: response.producerID, epoch: response.producerEpoch)
        tell(.producerIDAssigned(id: response.producerID, epoch: response.producerEpoch))
        restartSequences()
    }

    /// Bumps the epoch if a partition needs it, and settles what expiry had left open.
    func resolveSequences() {
        guard identity.isEnabled else { return }
        var needsBump = false
        for index in partitions.indices {
            if partitions[index].sequences.resolve() == .needsEpochBump { partitions[index].needsEpochBump = true }
            needsBump = needsBump || partitions[index].needsEpochBump
        }
        guard needsBump else { return }
        identity.bumpEpoch()
        if case .assigned(let id, let epoch) = identity.state { tell(.producerIDAssigned(id: id, epoch: epoch)) }
        restartSequences()
    }

    /// Numbers the batches of those partitions anew that asked for the new epoch; the others keep the old one until
    /// what they have sent is answered.
    private func restartSequences() {
        guard case .assigned(let id, let epoch) = identity.state else { return }
        for index in partitions.indices where partitions[index].needsEpochBump {
            partitions[index].needsEpochBump = false
            for (batch, sequence) in partitions[index].sequences.restart(id: id, epoch: epoch) {
                batch.sequence = sequence
            }
        }
    }
}
