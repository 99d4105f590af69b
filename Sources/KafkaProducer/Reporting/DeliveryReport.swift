// SPDX-License-Identifier: Apache-2.0
public import KafkaClient
import NIOCore

/// How one batch ended: stored at an offset, or failed.
///
/// Lent for the time of ``ProducerObserver/delivered(_:)``, and cannot be kept: the batch's memory is reused afterwards. A failed
/// batch can be kept, see ``kept()``.
public struct DeliveryReport: ~Copyable {
    /// What became of the batch.
    public enum Outcome: Sendable, Equatable {
        /// Stored. `baseOffset` is the first record's offset, `nil` when the broker did not say (`acks=0`, or a
        /// batch it had already); `logAppendTime` is set if the topic stamps records with the time of appending.
        ///
        /// Within a transaction that means: written. ``ProducerEvent/transactionCommitted(number:records:)`` says when it
        /// counts, and ``ProducerEvent/transactionAborted(number:records:)`` that it never will.
        case delivered(baseOffset: Int64?, logAppendTime: Int64?)
        /// Not stored, or not known to be (``ProducerError/Code/sentUnknown``, or a wait that was too long).
        case failed(ProducerError)
    }

    /// What became of the batch.
    public let outcome: Outcome
    /// The broker that answered last, if one did.
    public let broker: BrokerAddress?
    let batch: ProducerBatch
    /// Errors of single records, by index within the batch (KIP-467).
    let recordErrors: [Int: ProducerError]
    /// When this was decided.
    let endedAt: NIODeadline

    /// The batch's topic.
    public var topic: String { batch.queue.topic }
    /// The batch's partition.
    public var partition: Int32 { batch.queue.partition }
    /// How many records the batch holds.
    public var recordCount: Int { batch.recordCount }
    /// Key, value and header bytes of its records.
    public var byteCount: Int { batch.byteCount }
    /// The batch's size as sent, after compression.
    public var wireByteCount: Int { batch.wireSize }
    /// How often the batch was sent.
    public var attempts: Int { batch.attempts }

    /// From the opening of the batch to its end.
    public var age: Duration { .nanoseconds((endedAt - batch.createdAt).nanoseconds) }

    /// Why the record at `index` was not delivered: its own error, or the batch's. `nil` if it was delivered.
    public func error(ofRecord index: Int) -> ProducerError? {
        guard case .failed(let error) = outcome else { return nil }
        return recordErrors[index] ?? error
    }

    /// Whether the broker has refused the record at `index` by itself (KIP-467), not just with its batch.
    public func hasOwnError(_ index: Int) -> Bool { recordErrors[index] != nil }

    /// Where the record at `index` came from, if its appender said.
    public func tag(ofRecord index: Int) -> RecordTag? { batch.tags[index] }

    /// Where the batch's records came from: for those who ask for every one of them.
    public var tags: RecordTags { batch.tags }

    /// The batch's records, read back out of its own bytes.
    ///
    /// - Throws: ``ProducerError`` when the bytes cannot be read, which means that memory was damaged.
    public func records() throws(ProducerError) -> [ProducerRecord] { try batch.readRecords() }
}
