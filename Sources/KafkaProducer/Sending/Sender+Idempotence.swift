// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The producer's id and epoch, and sequences that must begin again.
extension Sender {
    /// Whether to ask for an id: early, so that the first batch need not wait for it, but once the cluster has refused
    /// to give one only when there is something to send.
    private var wantsIdentity: Bool {
        identity.state == .needed && (!isIdentityRefused || !active.isEmpty)
    }

    func nextIdentityRequest(now: NIODeadline) -> NIODeadline? {
        guard wantsIdentity else { return nil }
        guard identityRetryAt <= now else { return identityRetryAt }
        return nextNodeRetry(now: now)
    }

    func maintainIdentity(now: NIODeadline) {
        guard wantsIdentity, identityRetryAt <= now, let connection = leastLoadedNode(now: now),
            connect(connection, now: now)
        else { return }
        guard let version = connection.machine.versions?.version(of: .initProducerID) else {
            return identityRefused(
                ProducerError(
                    .unsupportedVersion,
                    broker: connection.address,
                    message: "no producer id: the broker speaks no version of InitProducerId that this producer knows; "
                        + "set enable.idempotence=false to do without"
                ),
                now: now
            )
        }
        identity.requestSent()
        let request = InitProducerIDRequest(transactionalID: nil, transactionTimeoutMs: .max)
        submit(request, version: version, purpose: .initProducerID, to: connection, now: now)
    }

    func identityRequestFailed(now: NIODeadline) {
        identity.requestFailed()
        identityRetryAt = now + TimeAmount(retryBackoff.wait(afterFailures: identityFailures))
        identityFailures += 1
    }

    /// No id, for a reason that stays: what waits for one fails. What is in flight has an older one and may still pass.
    private func identityRefused(_ error: ProducerError, now: NIODeadline) {
        identityRequestFailed(now: now)
        isIdentityRefused = true
        for index in active { failQueued(index, error.at(partitions[index].queue)) }
    }

    func handle(_ response: InitProducerIDResponse, on connection: BrokerConnection, now: NIODeadline) {
        let error = response.errorCode
        guard error == .none else {
            guard !error.isRetriable else { return identityRequestFailed(now: now) }
            let message = "no producer id: \(error.name): \(advice(on: error))"
            return identityRefused(
                ProducerError(.broker(error), broker: connection.address, message: message),
                now: now
            )
        }
        // Batches with negative numbers would be taken for those of a producer without idempotence.
        guard response.producerID >= 0, response.producerEpoch >= 0 else { return identityRequestFailed(now: now) }
        identityFailures = 0
        isIdentityRefused = false
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
        guard needsBump, case .assigned = identity.state else { return }
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
