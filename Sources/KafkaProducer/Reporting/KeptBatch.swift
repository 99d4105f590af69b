// SPDX-License-Identifier: Apache-2.0
import KafkaRecords

/// A failed batch that outlives its report: what became of each record, and the records themselves. Its records are read
/// out of the batch's own bytes, at the time and on the thread that suits its keeper.
public struct KeptBatch: Sendable {
    /// The batch's topic.
    public let topic: String
    /// The batch's partition.
    public let partition: Int32
    /// How many records the batch holds.
    public let recordCount: Int
    /// How often the batch was sent.
    public let attempts: Int
    /// Why the batch failed.
    public let error: ProducerError
    /// How much memory it keeps, in bytes: its records as they were sent, and where they came from.
    public let keptBytes: Int
    private let recordErrors: [Int: ProducerError]
    private let tags: RecordTags
    private let named: NamedPartitions
    private let sealed: SealedRecordBatch?

    init(_ batch: ProducerBatch, _ error: ProducerError, recordErrors: [Int: ProducerError]) {
        topic = batch.queue.topic
        partition = batch.queue.partition
        recordCount = batch.recordCount
        attempts = batch.attempts
        self.error = error
        self.recordErrors = recordErrors
        tags = batch.tags
        named = batch.named
        // Held, not copied: memory that another owner holds is replaced, not written over, when it is used again.
        sealed = batch.sealed
        keptBytes = batch.wireSize + batch.tags.bytes
    }

    /// Why the record at `index` failed: its own error, or the batch's.
    public func error(ofRecord index: Int) -> ProducerError { recordErrors[index] ?? error }

    /// Where the record at `index` came from, if its appender said.
    public func tag(ofRecord index: Int) -> RecordTag? { tags[index] }

    /// Whether the record at `index` was sent to the partition by its number, and not by a partitioner's choice.
    public func isPartitionNamed(ofRecord index: Int) -> Bool { named.contains(index) }

    /// The batch's records; none when the batch has no bytes.
    ///
    /// - Throws: ``ProducerError`` when the bytes cannot be read, which means that memory was damaged.
    public func records() throws(ProducerError) -> [ProducerRecord] {
        try sealed?.producerRecords(topic: topic, partition: partition) ?? []
    }
}

extension DeliveryReport {
    /// A failed batch in a form that stays valid, for work that must not be done on the event loop; `nil` when the batch was
    /// delivered. Nothing is copied.
    public func kept() -> KeptBatch? {
        guard case .failed(let error) = outcome else { return nil }
        return KeptBatch(batch, error, recordErrors: recordErrors)
    }
}
