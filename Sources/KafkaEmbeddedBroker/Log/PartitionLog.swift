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
        /// What holds for the log.
        var settings: LogSettings
        /// Whether the broker was stopped in order, so that what the log remembered then still holds.
        var wasClosed = false
        /// What comes before each write; nothing but in tests.
        var disk = Disk()

        init(directory: String?, settings: LogSettings) {
            self.directory = directory
            self.settings = settings
        }

        /// With what Kafka's defaults say of all else.
        init(directory: String?, segmentBytes: Int) {
            var settings = LogSettings()
            settings.segmentBytes = segmentBytes
            self.init(directory: directory, settings: settings)
        }
    }

    /// Offsets beyond this one stand in files that were damaged: the checksum of a batch does not cover its offset. There is
    /// room behind it for whatever a log can take.
    static let largestBaseOffset: Int64 = 1 << 62

    /// Offset of the first record that is there. It is above 0 only when older ones were deleted.
    var logStartOffset: Int64
    /// What holds for the log.
    var settings: LogSettings
    /// What was appended by whom.
    var producers = ProducerStateTable()
    /// Which transactions are open, and which were aborted.
    var transactions = LogTransactions()
    /// Up to where the log was compacted, and when there is more to compact though nothing new has come.
    var compacted = CompactionMark()
    /// Whether it is being compacted.
    var isBeingCompacted = false
    /// Up to where all replicas in sync have the same; nil for a log that has no copies.
    var confirmedEnd: Int64? {
        didSet { transactions.confirm(before: highWatermark) }
    }

    /// The log's folder; nil for memory.
    let directory: String?
    let disk: Disk
    private let logger: Logger
    var segments: [LogSegment]
    /// Up to where the log was flushed to the disk by this process.
    var flushedEnd: Int64 = 0
    /// Whether it has not been flushed that there is a new segment.
    var hasUnflushedFolder = true
    /// Whether it has other batches than its files beside them say.
    var hasChanged = true
    /// Who flushes the log some time after a write.
    var flusher: LogFlusher?
    /// Whether that time runs.
    var waitsForFlush = false

    /// Opens what is in the log's folder. A torn tail is cut back to the last whole batch.
    init(options: Options, logger: Logger) throws(EmbeddedBrokerError) {
        directory = options.directory
        settings = options.settings
        disk = options.disk
        self.logger = logger
        guard let directory = options.directory else {
            segments = [LogSegment(baseOffset: 0, file: nil)]
            logStartOffset = 0
            return
        }
        if options.wasClosed, let snapshot = try Self.snapshot(in: directory, disk) {
            segments = snapshot.segments
            flushedEnd = segments[segments.count - 1].nextOffset
            producers = snapshot.former.producers
            transactions = snapshot.former.transactions
            compacted = snapshot.former.compacted
            hasChanged = false
            logStartOffset = segments[0].baseOffset
            return
        }
        var recovered = RecoveredLog()
        try recovered.load(directory, disk, logger: logger)
        segments = recovered.segments
        flushedEnd = segments[segments.count - 1].nextOffset
        producers = recovered.producers
        transactions = recovered.transactions
        logStartOffset = segments[0].baseOffset
        compacted.nextHorizon = recovered.nextHorizon
    }

    /// What the log's folder says of how it was closed; nil when it must be read.
    private static func snapshot(
        in directory: String,
        _ disk: Disk
    ) throws(EmbeddedBrokerError) -> (former: LogSnapshot, segments: [LogSegment])? {
        do throws(StorageError) {
            try CompactedFiles(directory).finish()
            guard let former = try LogSnapshot.read(in: directory) else { return nil }
            var segments: [LogSegment] = []
            for segment in former.segments {
                let file = try SegmentName.open(in: directory, baseOffset: segment.baseOffset, disk: disk)
                segments.append(LogSegment(segment, file: file))
            }
            return (former, segments)
        } catch {
            throw EmbeddedBrokerError(error)
        }
    }

    /// Offset that the next record gets.
    var logEndOffset: Int64 { segments[segments.count - 1].nextOffset }

    /// The offset that no reader reaches, since some replica in sync does not have what is there: Kafka's high watermark. The
    /// log's end where there are no copies.
    var highWatermark: Int64 {
        guard let confirmedEnd else { return logEndOffset }
        return min(confirmedEnd, logEndOffset)
    }

    /// The offset that readers of committed records do not reach: that of the first record of the first open transaction,
    /// or the high watermark. Kafka's last stable offset.
    var lastStableOffset: Int64 { transactions.stableOffset(end: highWatermark) }

    /// Bytes of all batches.
    var size: Int { segments.reduce(0) { $0 + $1.size } }

    /// Appends a batch that was found to be right, giving it the next offsets and the leader's epoch.
    ///
    /// - Returns: The offset of its first record.
    func append(_ batch: CheckedBatch, leaderEpoch: Int32) throws(StorageError) -> Int64 {
        let bytes = batch.bytes.readableBytesSpan
        let segment = try activeSegment(for: batch.header, size: bytes.byteCount)
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
        try write(head.readableBytesSpan, bytes.extracting(droppingFirst: BatchPlacement.size), outline, to: segment)
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
        transactions.confirm(before: highWatermark)
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

    func activeSegment(for header: RecordBatchHeader, size: Int) throws(StorageError) -> LogSegment {
        let last = segments[segments.count - 1]
        guard last.size > 0 else { return last }
        let isOld = last.firstTimestamp.map {
            $0 >= 0 && header.maxTimestamp.subtractingReportingOverflow($0).partialValue > settings.segmentMilliseconds
        }
        let offsets = last.nextOffset - last.baseOffset + Int64(header.lastOffsetDelta)
        guard last.size + size > settings.segmentBytes || isOld == true || offsets > Int64(Int32.max) else {
            return last
        }
        return try roll()
    }

    /// Ends the last segment, if there is anything in it, and begins another one.
    @discardableResult
    func roll() throws(StorageError) -> LogSegment {
        let last = segments[segments.count - 1]
        guard last.size > 0 else { return last }
        let file: File? =
            if let directory { try SegmentName.open(in: directory, baseOffset: last.nextOffset, disk: disk) } else {
                nil
            }
        let segment = LogSegment(baseOffset: last.nextOffset, file: file)
        segment.beginning = LogMemory(producers: producers, transactions: transactions)
        segments.append(segment)
        hasUnflushedFolder = true
        hasChanged = true
        writeIndexes(of: last)
        return segment
    }

    /// Writes down where what is in the last segment, as a broker does that is stopped; a log that is as it was found has that.
    func close() {
        guard hasChanged else { return }
        flushAtEnd()
        writeIndexes(of: segments[segments.count - 1])
        guard let directory else { return }
        var snapshot = LogSnapshot()
        snapshot.segments = segments.map(\.snapshot)
        snapshot.producers = producers
        snapshot.transactions = transactions
        snapshot.compacted = compacted
        do throws(StorageError) {
            try snapshot.write(in: directory)
        } catch {
            logger.error("a log will be read at the next start", metadata: ["error": "\(error)"])
        }
    }

    private func flushAtEnd() {
        guard settings.flushes else { return }
        do throws(StorageError) { try flush() } catch {
            logger.error("a log was not flushed", metadata: ["error": "\(error)"])
        }
    }

    /// A log without these files can be read all the same.
    func writeIndexes(of segment: LogSegment) {
        guard let directory else { return }
        do throws(StorageError) {
            try segment.writeIndexes(in: directory, aborted: transactions.aborted)
        } catch {
            logger.error("the index of a segment was not written", metadata: ["error": "\(error)"])
        }
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
