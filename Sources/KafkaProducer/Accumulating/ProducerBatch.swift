// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization

/// A closed batch until its end: sealed by a worker, sent by the event loop, answered by a broker.
///
/// `@unchecked Sendable` since one stage owns it at a time: the thread that closes it hands it to the sealer, whose release
/// of `isSealed` hands it to the event loop; nothing but `isSealed` is touched by two threads at once.
final class ProducerBatch: @unchecked Sendable {
    let id: UInt64
    private(set) var queue: PartitionQueue
    let recordCount: Int
    let byteCount: Int
    /// The batch's size before compression.
    let plainSize: Int
    let createdAt: NIODeadline
    private(set) var tags: RecordTags
    var completions: [PendingCompletion]
    /// Which of the records name their partition.
    let named: NamedPartitions
    /// Bytes of `buffer.memory` that the batch holds.
    var reservedBytes: Int

    /// The records, until they are sealed.
    private(set) var contents: RecordBatchContents?
    private(set) var sealed: SealedRecordBatch?
    private(set) var sealingError: CompressionError?
    private let sealedFlag = Atomic<Bool>(false)

    // MARK: the sender's part

    /// How often it was sent.
    var attempts = 0
    /// Not to be sent again before this time, unless the leader changed.
    var retryAt: NIODeadline?
    /// Why the last attempt failed.
    var lastError: ErrorCode?
    /// The leader epoch at the last attempt.
    var lastLeaderEpoch: Int32?
    /// Names it among the numbered batches of its partition, once it was drained for the first time.
    var ticket: PartitionSequences.Ticket?

    init(closing open: consuming OpenBatch, queue: PartitionQueue) {
        id = open.id
        self.queue = queue
        createdAt = open.createdAt
        recordCount = Int(open.builder.recordCount)
        byteCount = open.byteCount
        plainSize = open.builder.size
        tags = open.tags
        completions = open.completions
        named = open.named
        reservedBytes = open.reservedBytes
        contents = open.finish()
    }

    /// Whether the batch's bytes are final, so that it may be sent.
    var isSealed: Bool { sealedFlag.load(ordering: .acquiring) }

    /// The batch's size as sent, or its uncompressed size until it is sealed.
    var wireSize: Int { sealed?.buffer.readableBytes ?? contents?.buffer.readableBytes ?? 0 }

    /// Called by the sealer, with the batch's final bytes or with what went wrong.
    func becameSealed(_ result: Result<SealedRecordBatch, CompressionError>) {
        switch result {
        case .success(let batch): sealed = batch
        case .failure(let error): sealingError = error
        }
        sealedFlag.store(true, ordering: .releasing)
    }

    /// Called by the sealer for a batch that is not to be sent, with its uncompressed bytes: dead letters are read from them.
    func couldNotBeCompressed(_ error: CompressionError, _ batch: SealedRecordBatch) {
        sealed = batch
        becameSealed(.failure(error))
    }

    /// Takes the records away to be sealed, so that sealing them in place copies nothing.
    func takeContents() -> RecordBatchContents? {
        contents.take()
    }

    /// Writes producer id, epoch and sequence into the header of a batch that is about to be sent, unless they are
    /// there already.
    func stamp(_ sequence: BatchSequence, isTransactional: Bool = false) {
        guard let header = sealed?.header else { return }
        let written = BatchSequence(
            producerID: header.producerID,
            producerEpoch: header.producerEpoch,
            baseSequence: header.baseSequence
        )
        guard written != sequence else { return }
        sealed?.stamp(
            producerID: sequence.producerID,
            producerEpoch: sequence.producerEpoch,
            baseSequence: sequence.baseSequence,
            isTransactional: isTransactional
        )
    }

    /// Makes it a batch of another partition, where it has no number yet. It must be sealed, and in no queue.
    func move(to queue: PartitionQueue) {
        self.queue = queue
        ticket = nil
        lastLeaderEpoch = nil
        retryAt = nil
    }

    /// Gives the memory of the batch's tags away, for reuse.
    func takeTags() -> RecordTags {
        var taken = RecordTags()
        swap(&taken, &tags)
        return taken
    }

    /// Gives the batch's memory away, for reuse.
    func takeBuffer() -> ByteBuffer? {
        sealed.take()?.buffer
    }
}
