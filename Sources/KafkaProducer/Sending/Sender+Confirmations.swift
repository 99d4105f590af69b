// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What stands for answers with `acks=0`.
///
/// A broker does the requests of a connection one after the other, and closes it on a Produce that it must refuse without an
/// answer. So the answer to any later request proves that it took all Produce requests before it. One small question a
/// round trip confirms all that was written meanwhile; nothing waits for it but the account.
extension Sender {
    /// Asks something, whatever it is, if something was written that nothing under way is going to confirm.
    func askForConfirmation(on connection: BrokerConnection, now: NIODeadline) {
        guard connection.machine.wantsConfirmation else { return }
        // Every broker answers version 0.
        let version = connection.machine.versions?.version(of: .apiVersions) ?? 0
        submit(versionsQuestion, version: version, purpose: .confirmation, to: connection, now: now)
    }

    /// An answer came: what was sent before it is stored.
    func confirmed(by answered: InFlightRequest, on connection: BrokerConnection) {
        for request in connection.machine.takeConfirmed(by: answered) {
            guard case .produce(let batches) = request.purpose else { continue }
            for batch in batches where leaveFlight(batch) {
                succeed(batch, baseOffset: nil, logAppendTime: nil, on: connection)
            }
        }
    }

    /// Whether these batches are to be answered though `acks=0` asks for no answers: the first of a partition on a
    /// connection, and after each change of its leader.
    ///
    /// A topic that was just made, and a broker that was just started, have leaders that do not know it yet. They refuse the
    /// batch, which without an answer nobody could tell from one that is stored. With an answer it is sent again.
    func asksWhetherItLeads(_ batches: [ProducerBatch], _ connection: BrokerConnection) -> Bool {
        configuration.acks == .none
            && batches.contains { partitions[$0.queue.index].provenLeader != connection.id }
    }

    /// Takes in the answer to a batch that was sent to find out whether the broker leads its partition.
    ///
    /// - Returns: whether the answer leaves open whether the batch is stored: its end is told then, and it is not sent again.
    func isOnlyPossiblyStored(_ batch: ProducerBatch, _ answer: BatchAnswer, on connection: BrokerConnection) -> Bool {
        switch answer.error {
        case .none:
            partitions[batch.queue.index].provenLeader = connection.id
            return false
        case .requestTimedOut, .notEnoughReplicasAfterAppend, .networkException:
            loseTrack(of: [batch], reason: answer.message ?? answer.error.name, on: connection)
            return true
        default:
            return false
        }
    }

    /// Ends batches that were written and that nothing will confirm any more.
    func loseTrack(of batches: [ProducerBatch], reason: String, on connection: BrokerConnection) {
        for batch in batches where leaveFlight(batch) {
            fail(batch, unknownEnd(of: batch, "\(connection.address): \(reason)"), broker: connection.address)
        }
    }

    /// What becomes of a batch that may be stored or not.
    func unknownEnd(of batch: ProducerBatch, _ reason: String) -> ProducerError {
        ProducerError(
            .sentUnknown,
            topic: batch.queue.topic,
            partition: batch.queue.partition,
            message: "sent with acks=0, and not confirmed: it may be stored or not (\(reason))"
        )
    }
}
