// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Up to where a load is committed: what is stored in its group with the last transaction.
struct LoadPosition: Equatable, Sendable {
    /// The topic that the records are in. Another one may have its name by now.
    var topicID = TopicID.zero
    /// Stands for all options that decide what the records are.
    var options: UInt32 = 0
    /// How many inputs there were.
    var inputCount = 0
    /// CRC-32C of their names.
    var names: UInt32 = 0
    /// The input that is read, from 0.
    var input = 0
    /// How often the followed file has been replaced by another one of its name.
    var generation = 0
    /// Everything of that input before this byte is committed.
    var place: UInt64 = 0
    /// How many of its records that are.
    var recordsInInput: UInt64 = 0
    /// Shows whether it is the same input.
    var fingerprint = LoadFingerprint.file(hashedBytes: 0, hash: 0)
    /// Bytes of all inputs that are committed, or were left out: what is stored as the offset.
    var bytes: UInt64 = 0
    /// Their records.
    var records: UInt64 = 0
    /// How long the dead-letter file is; nil without one.
    var deadLetters: UInt64?
    /// How long the file of receipts is; nil without one.
    var receipts: UInt64?
    /// When this was committed, in milliseconds since 1970.
    var time: Int64 = 0
    /// Whether all inputs were read to their ends.
    var isDone = false
    /// The end of the path of the input that is read, for people.
    var path = ""

    /// Where the current input begins, over all inputs.
    var origin: CheckpointTracker.Mark {
        CheckpointTracker.Mark(record: records - recordsInInput, offset: bytes - place)
    }

    /// Where the load goes on, over all inputs.
    var mark: CheckpointTracker.Mark { CheckpointTracker.Mark(record: records, offset: bytes) }
}
