// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// Gets the producer's id and epoch from the cluster, and begins sequences again in the next epoch when a partition needs it.
final class ProducerIDs {
    private let client: ClusterClient
    private let table: PartitionTable
    private let outcomes: BatchOutcomes
    private let backoff: ExponentialBackoff
    private var identity: ProducerIdentity
    private var retryAt: NIODeadline = .uptimeNanoseconds(0)
    private var failures = 0
    /// Whether the cluster refused to give an id for a reason that stays; asked again when there is something to send.
    private var isRefused = false
    /// Whether a transaction's coordinator gives the id, and the epochs.
    private let isTransactional: Bool

    init(_ parts: SenderParts, outcomes: BatchOutcomes) {
        client = parts.client
        table = parts.table
        self.outcomes = outcomes
        isTransactional = parts.configuration.transactionalID != nil
        identity = ProducerIdentity(isEnabled: parts.configuration.isIdempotenceEnabled)
        backoff = ExponentialBackoff(
            initial: parts.configuration.retryBackoff,
            maximum: parts.configuration.retryBackoffMax
        )
    }

    /// The id and epoch that batches are stamped with.
    var state: ProducerIdentity.State { identity.state }

    /// Whether batches may be sent.
    var isUsable: Bool { identity.isUsable }

    /// Whether idempotence is on.
    var isEnabled: Bool { identity.isEnabled }

    // MARK: asking

    /// Whether to ask for an id: early, so that the first batch need not wait for it, but once the cluster has refused
    /// to give one only when there is something to send.
    private var isWanted: Bool {
        identity.state == .needed && !isTransactional && (!isRefused || !table.active.isEmpty)
    }

    /// When to ask, if nothing happens before.
    func nextRequest(now: NIODeadline) -> NIODeadline? {
        guard isWanted else { return nil }
        return retryAt > now ? retryAt : client.nextNodeRetry(now: now)
    }

    /// Asks for an id if one is wanted.
    func pass(now: NIODeadline) {
        guard isWanted, retryAt <= now, let connection = client.leastLoadedNode(now: now),
            client.connections.connect(connection, now: now)
        else { return }
        identity.requestSent()
        let request = InitProducerIDRequest(transactionalID: nil, transactionTimeoutMs: .max)
        let broker = connection.address
        client.connections.send(request, over: connection, now: now) { [unowned self] result, times in
            switch result {
            case .success(let response): received(response, from: broker, now: times.endedAt)
            case .failure(let failure) where failure.kind == .unsupportedVersion: unsupported(by: broker, now: now)
            case .failure: failed(now: times.endedAt)
            }
        }
    }

    private func unsupported(by broker: BrokerAddress, now: NIODeadline) {
        let message =
            "no producer id: the broker speaks no version of InitProducerId that this producer knows; set "
            + "enable.idempotence=false to do without"
        refused(ProducerError(.unsupportedVersion, broker: broker, message: message), now: now)
    }

    private func failed(now: NIODeadline) {
        identity.requestFailed()
        retryAt = now + TimeAmount(clamping: backoff.wait(afterFailures: failures))
        failures += 1
    }

    /// No id, for a reason that stays: what waits for one fails. What is in flight has an older one and may still pass.
    private func refused(_ error: ProducerError, now: NIODeadline) {
        failed(now: now)
        isRefused = true
        for place in table.active.places { outcomes.failQueued(place, error.at(table[place].queue), now: now) }
    }

    private func received(_ response: InitProducerIDResponse, from broker: BrokerAddress, now: NIODeadline) {
        let error = response.errorCode
        guard error == .none else {
            guard !error.isRetriable else { return failed(now: now) }
            let message = "no producer id: \(error.name): \(error.explanation)"
            return refused(ProducerError(.broker(error), broker: broker, message: message), now: now)
        }
        // Batches with negative numbers would be taken for those of a producer without idempotence.
        guard response.producerID >= 0, response.producerEpoch >= 0 else { return failed(now: now) }
        failures = 0
        isRefused = false
        identity.received(id: response.producerID, epoch: response.producerEpoch)
        begin()
    }

    /// A transaction's coordinator gave this id and epoch. Nothing is pending.
    func adopt(_ new: ProducerIDAndEpoch) {
        identity.adopt(id: new.id, epoch: new.epoch)
        table.forgetUnsettledSequences()
        begin()
    }

    // MARK: sequences

    /// Bumps the epoch if a partition needs it, and settles what expiry had left open.
    func resolveSequences() {
        // In a transaction a gap is not healed: the transaction fails, and what is in its end begins anew.
        guard identity.isEnabled, !isTransactional else { return }
        let needsBump = table.resolveSequences()
        guard needsBump, case .assigned = identity.state else { return }
        identity.bumpEpoch()
        begin()
    }

    /// Sequences begin again under the id and epoch that there are now, if there are any.
    private func begin() {
        guard case .assigned(let id, let epoch) = identity.state else { return }
        outcomes.report(.producerIDAssigned(id: id, epoch: epoch))
        table.restartSequences(id: id, epoch: epoch)
        // What may be sent depends on the id and the epoch.
        table.noteAll()
    }
}
