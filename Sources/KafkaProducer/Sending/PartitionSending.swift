// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaClient

/// What the sender knows of one partition beside its queue. Changed by the ``PartitionTable`` alone.
struct PartitionSending {
    let queue: PartitionQueue
    /// The number of its topic in the table.
    let topicNumber: Int
    /// The leader by the cluster's last word, renewed with every change of metadata.
    var leader: Int32?
    var leaderEpoch: Int32 = -1
    /// With one request in flight and no idempotence, nothing may overtake the batch in flight.
    var isMuted = false
    /// The connection on which the leader has taken a batch and said so; asked for with `acks=0` alone.
    var provenLeader: BrokerConnection.ID?
    var sequences: PartitionSequences
    /// How many batches of `batch.size` waited in the queue when it was last looked at.
    var queueLength = 0
    /// Why nothing more of this partition is sent, under ``FailurePolicy/stopPartition``.
    var stopped: ProducerError?
    /// Sent and not answered.
    var inFlight: [ProducerBatch] = []
    /// Whether it had a leader when it was last looked at.
    var wasLed = false
    /// Whether it was reported that the leader is missing.
    var isLeaderMissReported = false
    /// Whether another topic has taken the name: what is here is sent no more, but put into the new topic's queues.
    var isRetired = false
    /// The transaction that it was to be added to last, by its number; 0 for none.
    var askedTransaction = 0
    /// The transaction that it is in, by its number; 0 for none.
    var joinedTransaction = 0
    /// Whether its sequences must begin again in the next epoch.
    var needsEpochBump = false

    /// Whether its sequences are open, or must begin again.
    var isUnsettled: Bool { sequences.isUnresolved || needsEpochBump }

    init(queue: PartitionQueue, topicNumber: Int, sequences: PartitionSequences) {
        self.queue = queue
        self.topicNumber = topicNumber
        self.sequences = sequences
    }

    /// The place among the queue's closed batches of the one whose turn it is, as the order of numbered batches has it.
    func turn(in closed: Deque<ProducerBatch>, as identity: ProducerIdentity.State) -> Int? {
        guard let first = closed.first, case .assigned(let id, let epoch) = identity else {
            return closed.isEmpty ? nil : 0
        }
        if sequences.mayDrain(first.ticket, id: id, epoch: epoch) { return 0 }
        guard first.ticket != nil, let next = sequences.nextAgain else { return nil }
        return closed.firstIndex { $0.ticket == next }
    }

    /// Whether the order of numbered batches lets a batch without a number go now.
    func mayDrainNew(as identity: ProducerIdentity.State) -> Bool {
        guard case .assigned(let id, let epoch) = identity else { return true }
        return sequences.mayDrainNew(id: id, epoch: epoch)
    }
}
