// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import Logging
import NIOCore

/// The log of one partition: its segments, the offsets that it gives out, and what it remembers of its producers.
final class PartitionLog {
    /// Where a log keeps its batches and when it begins a new segment.
    struct Options {
        /// The partition's folder; nil for memory.
        var directory: String?
        /// Bytes after which a new segment begins. Kafka's `log.segment.bytes`.
        var segmentBytes: Int
    }

    /// Offsets beyond this one stand in files that were damaged: the checksum of a batch does not cover its offset. There is
    /// room behind it for whatever a log can take.
    static let largestBaseOffset: Int64 = 1 << 62

    /// Offset of the first record that is there. It is above 0 only when older segments were taken away.
    let logStartOffset: Int64
    /// What was appended by whom.
    var producers = ProducerStateTable()
    /// Which transactions are open, and which were aborted.
    private(set) var transactions = LogTransactions()

    private let options: Options
    private var segments: [LogSegment]

    /// Opens what is in the log's folder. A torn tail is cut back to the last whole batch.
    init(options: Options, logger: Logger) throws(EmbeddedBrokerError) {
        self.options = options
        guard let directory = options.directory else {
            segments = [LogSegment(baseOffset: 0, file: nil)]
            logStartOffset = 0
            return
        }
        var recovered = RecoveredLog()
        try recovered.load(directory, logger: logger)
        segments = recovered.segments
        producers = recovered.producers
        transactions = recovered.transactions
        logStartOffset = segments[0].baseOffset
    }

    /// Offset that the next record gets.
    var logEndOffset: Int64 { segments[segments.count - 1].nextOffset }

    /// The offset that readers of committed records do not reach: that of the first record of the first open transaction,
    /// or the log's end. Kafka's last stable offset.
    var lastStableOffset: Int64 { transactions.stableOffset(end: logEndOffset) }

    /// Bytes of all batches.
    var size: Int { segments.reduce(0) { $0 + $1.size } }

    /// Appends a batch that was found to be right, giving it the next offsets and the leader's epoch.
    ///
    /// - Returns: The offset of its first record.
    func append(_ batch: CheckedBatch, leaderEpoch: Int32) throws(StorageError) -> Int64 {
        let bytes = batch.bytes.readableBytesSpan
        let segment = try activeSegment(forBatchOf: bytes.byteCount)
        let baseOffset = segment.nextOffset
        let placement = BatchPlacement(
            baseOffset: baseOffset,
            batchLength: Int32(bytes.byteCount - RecordBatchHeader.lengthOverhead),
            leaderEpoch: leaderEpoch
        )
        let outline = BatchOutline(
            size: bytes.byteCount,
            baseOffset: baseOffset,
            lastOffset: baseOffset + Int64(batch.header.lastOffsetDelta),
            maxTimestamp: batch.header.maxTimestamp
        )
        let head = placement.encoded
        try segment.append(
            head.readableBytesSpan,
            bytes.extracting(droppingFirst: BatchPlacement.size),
            outline: outline
        )
        producers.note(batch.header, baseOffset: baseOffset)
        transactions.appended(batch.header, baseOffset: baseOffset)
        return baseOffset
    }

    /// Ends a producer's transaction, whether it has written anything here or not.
    ///
    /// - Returns: The offset of the marker.
    @discardableResult
    func append(_ marker: ControlBatch, leaderEpoch: Int32) throws(StorageError) -> Int64 {
        let offset = try append(marker.batch, leaderEpoch: leaderEpoch)
        transactions.ended(marker, at: offset)
        return offset
    }

    /// Whole batches of one segment from `offset` on, which lies between start and end of the log, `maximumBytes` of
    /// them at most; the first one even if it alone is larger than that, when there must be `atLeastOne`. Empty when the
    /// log ends there, or when there is nothing before `limit`.
    func batches(
        from offset: Int64,
        before limit: Int64 = .max,
        maximumBytes: Int,
        atLeastOne: Bool
    ) throws(StorageError) -> ByteBuffer {
        for segment in segments[segmentIndex(of: offset)...] where segment.baseOffset < limit {
            var found = try segment.batches(from: offset, maximumBytes: maximumBytes, atLeastOne: atLeastOne)
            if limit < segment.nextOffset { found = Self.batches(in: found, before: limit) }
            if found.readableBytes > 0 || segment.nextOffset > offset { return found }
        }
        return ByteBuffer()
    }

    /// The batches that begin before an offset, at which no batch is divided.
    private static func batches(in buffer: ByteBuffer, before limit: Int64) -> ByteBuffer {
        var index = buffer.readerIndex
        while let outline = BatchOutline(in: buffer, at: index), outline.baseOffset < limit { index += outline.size }
        return buffer.getSlice(at: buffer.readerIndex, length: index - buffer.readerIndex) ?? buffer
    }

    /// The first batch with a timestamp of at least `timestamp`.
    func batch(fromTimestamp timestamp: Int64) throws(StorageError) -> ByteBuffer? {
        for segment in segments {
            if let batch = try segment.batch(fromTimestamp: timestamp) { return batch }
        }
        return nil
    }

    /// Offset and timestamp of the first record whose timestamp is at least `timestamp`. A batch that cannot be decoded
    /// is answered for by its first record.
    func firstRecord(fromTimestamp timestamp: Int64) throws(StorageError) -> (offset: Int64, timestamp: Int64)? {
        guard let bytes = try batch(fromTimestamp: timestamp) else { return nil }
        guard let outline = BatchOutline(in: bytes, at: bytes.readerIndex) else { return nil }
        do {
            let batch = try RecordBatchReader(bytes)
            for record in try batch.decompressedRecords() {
                let found = batch.header.timestamp(of: record)
                if found >= timestamp { return (batch.header.offset(of: record), found) }
            }
        } catch {
            return (outline.baseOffset, outline.maxTimestamp)
        }
        return (outline.baseOffset, outline.maxTimestamp)
    }

    /// The largest timestamp of all batches, -1 when there is none.
    var maxTimestamp: Int64 { segments.reduce(-1) { max($0, $1.maxTimestamp) } }

    private func segmentIndex(of offset: Int64) -> Int {
        (segments.lastIndex { $0.baseOffset <= offset }) ?? 0
    }

    private func activeSegment(forBatchOf size: Int) throws(StorageError) -> LogSegment {
        let last = segments[segments.count - 1]
        guard last.size > 0, last.size + size > options.segmentBytes else { return last }
        let file: File? =
            if let directory = options.directory {
                try SegmentName.open(in: directory, baseOffset: last.nextOffset)
            } else { nil }
        let segment = LogSegment(baseOffset: last.nextOffset, file: file)
        segments.append(segment)
        return segment
    }
}

extension ProducerStateTable {
    /// Remembers a batch of an idempotent producer, and the epoch of a marker; of others there is nothing to remember.
    mutating func note(_ header: RecordBatchHeader, baseOffset: Int64) {
        guard header.hasProducerID else { return }
        guard !header.isControl else { return marked(producerID: header.producerID, epoch: header.producerEpoch) }
        appended(Sequence(header), baseOffset: baseOffset, timestamp: header.maxTimestamp)
    }
}

extension ProducerStateTable.Sequence {
    /// Who sent the batch of this header.
    init(_ header: RecordBatchHeader) {
        self.init(
            producerID: header.producerID,
            epoch: header.producerEpoch,
            first: header.baseSequence,
            last: header.lastSequence
        )
    }
}
