// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore
import Platform

/// How a log becomes the same as that of the replica that leads.
extension PartitionLog {
    /// Bytes of batches that are read at once.
    private static let readSize = 1 << 20

    /// Appends a batch as another replica has it, with its offsets and its leader's epoch.
    func append(copying batch: RecordBatchReader, _ bytes: ByteBuffer) throws(StorageError) {
        let span = bytes.readableBytesSpan
        let segment = try activeSegment(for: batch.header, size: span.byteCount)
        let outline = BatchOutline(
            size: span.byteCount,
            baseOffset: batch.header.baseOffset,
            lastOffset: batch.header.lastOffset,
            maxTimestamp: batch.header.maxTimestamp
        )
        try segment.append(
            span.extracting(0..<BatchPlacement.size),
            span.extracting(droppingFirst: BatchPlacement.size),
            outline: outline
        )
        note(batch)
    }

    /// Cuts off the batches that have an offset or later ones, and forgets what they said of producers and transactions.
    func truncate(to offset: Int64) throws(StorageError) {
        guard offset < logEndOffset else { return }
        guard offset > segments[0].baseOffset else { return try restart(at: offset) }
        let kept = segments.prefix { $0.baseOffset < offset }.count
        remove(segments[kept...])
        segments.removeLast(segments.count - kept)
        try segments[kept - 1].truncate(to: offset)
        if let directory { SegmentName.removeIndexes(in: directory, baseOffset: segments[kept - 1].baseOffset) }
        compacted.end = min(compacted.end, offset)
        logStartOffset = min(logStartOffset, logEndOffset)
        try remember()
    }

    /// Drops everything and goes on at an offset.
    func restart(at offset: Int64) throws(StorageError) {
        remove(segments[...])
        let file: File? =
            if let directory { try SegmentName.open(in: directory, baseOffset: offset) } else { nil }
        segments = [LogSegment(baseOffset: offset, file: file)]
        logStartOffset = offset
        compacted = CompactionMark()
        try remember()
    }

    private func remove(_ segments: ArraySlice<LogSegment>) {
        guard let directory else { return }
        for segment in segments { SegmentName.remove(in: directory, baseOffset: segment.baseOffset) }
    }

    /// Reads all batches for what they say of producers and transactions.
    private func remember() throws(StorageError) {
        let refuses = producers.refusesUnknownProducers
        producers = ProducerStateTable()
        producers.refusesUnknownProducers = refuses
        transactions = LogTransactions()
        for segment in segments {
            var position = 0
            while position < segment.size {
                let bytes = try segment.batches(at: position, maximumBytes: Self.readSize)
                guard bytes.readableBytes > 0 else { break }
                position += bytes.readableBytes
                try Self.forEachBatch(in: bytes, of: self) { batch, _ throws(StorageError) in note(batch) }
            }
        }
        transactions.forgetAborted(endedBefore: logStartOffset)
    }

    private func note(_ batch: RecordBatchReader) {
        producers.note(batch.header, baseOffset: batch.header.baseOffset)
        transactions.appended(batch.header, baseOffset: batch.header.baseOffset)
        if let marker = ControlBatch(batch) { transactions.ended(marker, at: batch.header.baseOffset) }
    }

    /// Gives each batch, and its bytes, to `body`.
    static func forEachBatch(
        in bytes: ByteBuffer,
        of log: PartitionLog,
        _ body: (RecordBatchReader, ByteBuffer) throws(StorageError) -> Void
    ) throws(StorageError) {
        var splitter = RecordBatchSplitter(bytes)
        while true {
            let next: (RecordBatchReader, ByteBuffer)?
            do throws(RecordBatchError) {
                next = try splitter.nextBytes().map { bytes throws(RecordBatchError) in
                    (try RecordBatchReader(bytes), bytes)
                }
            } catch {
                throw StorageError(operation: "decode", path: log.directory ?? "memory", code: EIO)
            }
            guard let (batch, bytes) = next else { return }
            try body(batch, bytes)
        }
    }
}
