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
        let head = span.extracting(0..<BatchPlacement.size)
        try write(head, span.extracting(droppingFirst: BatchPlacement.size), outline, to: segment)
        note(batch)
    }

    /// Cuts off the batches that have an offset or later ones, and forgets what they said of producers and transactions.
    func truncate(to offset: Int64) throws(StorageError) {
        guard offset < logEndOffset else { return }
        hasChanged = true
        guard offset > segments[0].baseOffset else { return try restart(at: offset) }
        let kept = segments.prefix { $0.baseOffset < offset }.count
        remove(segments[kept...])
        segments.removeLast(segments.count - kept)
        try segments[kept - 1].truncate(to: offset)
        if let directory { SegmentName.removeIndexes(in: directory, baseOffset: segments[kept - 1].baseOffset) }
        compacted.end = min(compacted.end, offset)
        logStartOffset = min(logStartOffset, logEndOffset)
        flushedEnd = min(flushedEnd, logEndOffset)
        try remember()
    }

    /// Drops everything and goes on at an offset.
    func restart(at offset: Int64) throws(StorageError) {
        hasChanged = true
        remove(segments[...])
        let file: File? =
            if let directory { try SegmentName.open(in: directory, baseOffset: offset, disk: disk) } else { nil }
        segments = [LogSegment(baseOffset: offset, file: file)]
        logStartOffset = offset
        flushedEnd = offset
        hasUnflushedFolder = true
        compacted = CompactionMark()
        try remember()
    }

    private func remove(_ segments: ArraySlice<LogSegment>) {
        guard let directory else { return }
        for segment in segments { SegmentName.remove(in: directory, baseOffset: segment.baseOffset) }
    }

    /// Reads batches for what they say of producers and transactions: those behind the last place at which that is known, which
    /// is the beginning of the last segment, unless the log was not read at the start.
    private func remember() throws(StorageError) {
        let refuses = producers.refusesUnknownProducers
        let known = segments.lastIndex { $0.beginning != nil }
        let beginning = known.flatMap { segments[$0].beginning }
        producers = beginning?.producers ?? ProducerStateTable()
        producers.refusesUnknownProducers = refuses
        transactions = beginning?.transactions ?? LogTransactions()
        for segment in segments[(known ?? 0)...] {
            segment.beginning = LogMemory(producers: producers, transactions: transactions)
            var position = 0
            while position < segment.size {
                let bytes = try segment.batches(at: position, maximumBytes: Self.readSize)
                guard bytes.readableBytes > 0 else { break }
                position += bytes.readableBytes
                try Self.forEachBatch(in: bytes, of: self) { batch, _ throws(StorageError) in note(batch) }
            }
        }
        transactions.confirm(before: highWatermark)
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
