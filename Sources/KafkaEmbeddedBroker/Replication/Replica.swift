// SPDX-License-Identifier: Apache-2.0
import KafkaRecords

/// The copy of a partition that one broker has: its log, and from which offset on each leader epoch holds in it.
final class Replica {
    /// Bytes that a follower fetches at once. Kafka's `replica.fetch.max.bytes`.
    private static let fetchSize = 1 << 20

    let nodeID: Int32
    let log: PartitionLog
    private(set) var epochs: LeaderEpochs
    /// How many offsets were cut off since the leader did not have them.
    private(set) var cutOff: Int64 = 0
    /// The leader's epoch in which the log was compared with the leader's.
    private var comparedIn: Int32 = -1

    init(nodeID: Int32, log: PartitionLog, epochs: LeaderEpochs?) {
        self.nodeID = nodeID
        self.log = log
        self.epochs = epochs ?? LeaderEpochs()
    }

    /// Begins to lead.
    func lead(in epoch: Int32) {
        comparedIn = epoch
        epochs.begin(epoch, at: log.logEndOffset)
    }

    /// Copies the next batches of the leader, after what the leader does not have was cut off.
    ///
    /// - Parameters:
    ///   - leader: The replica that leads.
    ///   - epoch: Its epoch.
    /// - Throws: When the leader's log cannot be read, or this one not be written.
    func fetch(from leader: Replica, epoch: Int32) throws(StorageError) {
        if comparedIn != epoch {
            try cutWhatDiffers(from: leader)
            comparedIn = epoch
        }
        let start = leader.log.logStartOffset
        if log.logEndOffset < start {
            try log.restart(at: start)
            epochs.truncate(to: start)
        }
        if log.logStartOffset < start { try log.deleteRecords(before: start) }
        guard log.logEndOffset < leader.log.logEndOffset else { return }
        let batches = try leader.log.batches(
            from: log.logEndOffset,
            maximumBytes: Self.fetchSize,
            atLeastOne: true
        )
        try PartitionLog.forEachBatch(in: batches, of: leader.log) { batch, bytes throws(StorageError) in
            epochs.note(batch.header.partitionLeaderEpoch, at: batch.header.baseOffset)
            try log.append(copying: batch, bytes)
        }
    }

    /// Cuts off what the leader does not have, which is found by the epochs of both (KIP-101, KIP-279).
    private func cutWhatDiffers(from leader: Replica) throws(StorageError) {
        // Of an epoch in which nothing was written here nothing is known.
        epochs.truncate(to: log.logEndOffset)
        while let latest = epochs.latest, log.logEndOffset > log.logStartOffset {
            let theirs = leader.epochs.end(of: latest, logEndOffset: leader.log.logEndOffset)
            guard theirs.epoch >= 0 else { return try cut(to: min(log.highWatermark, leader.log.logEndOffset)) }
            guard theirs.epoch < latest else { return try cut(to: theirs.endOffset) }
            let own = epochs.end(of: theirs.epoch, logEndOffset: log.logEndOffset)
            try cut(to: min(theirs.endOffset, own.endOffset < 0 ? theirs.endOffset : own.endOffset))
            // Of the same epoch both have the same up to where the shorter one ends.
            if own.epoch == theirs.epoch || epochs.latest == latest { return }
        }
    }

    private func cut(to offset: Int64) throws(StorageError) {
        guard offset < log.logEndOffset else { return }
        let end = log.logEndOffset
        try log.truncate(to: offset)
        cutOff += end - log.logEndOffset
        epochs.truncate(to: log.logEndOffset)
    }
}
