// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// A stretch of a partition's log: whole batches one after the other, in a file of Kafka's own form or in memory.
final class LogSegment {
    /// Bytes of a batch's header.
    private static let headerSize = RecordBatchHeader.size
    /// Bytes that are read at once when batches are looked through.
    private static let window = SparseIndex.interval

    /// Offset from which on the segment holds records; its file is named after it.
    let baseOffset: Int64
    /// Offset that the next batch gets.
    private(set) var nextOffset: Int64
    /// Bytes of all batches.
    private(set) var size = 0
    /// Largest timestamp of all batches in milliseconds since 1970, -1 before there is one.
    private(set) var maxTimestamp: Int64 = -1
    /// The last offset of the first batch that has that timestamp.
    private var maxTimestampOffset: Int64
    /// Largest timestamp of the first batch; nil before there is one.
    private(set) var firstTimestamp: Int64?

    private let file: File?
    private var memory = MemorySegment()
    private var index = SparseIndex()

    /// - Parameters:
    ///   - baseOffset: Offset of the first record.
    ///   - file: Where the batches are kept; nil for memory.
    init(baseOffset: Int64, file: File?) {
        self.baseOffset = baseOffset
        nextOffset = baseOffset
        maxTimestampOffset = baseOffset
        self.file = file
    }

    /// A segment as it was when the broker was stopped.
    init(_ former: LogSnapshot.Segment, file: File) {
        baseOffset = former.baseOffset
        nextOffset = former.nextOffset
        size = former.size
        maxTimestamp = former.maxTimestamp
        maxTimestampOffset = former.maxTimestampOffset
        firstTimestamp = former.firstTimestamp
        index = SparseIndex(entries: former.index)
        self.file = file
    }

    /// What it remembers.
    var snapshot: LogSnapshot.Segment {
        LogSnapshot.Segment(
            baseOffset: baseOffset,
            size: size,
            nextOffset: nextOffset,
            maxTimestamp: maxTimestamp,
            maxTimestampOffset: maxTimestampOffset,
            firstTimestamp: firstTimestamp,
            index: index.entries
        )
    }

    /// What was known of producers and transactions where the segment begins; nil when it must be read from those before.
    var beginning: LogMemory?

    /// Writes a batch, given in two pieces, at the end, and flushes it if it is to be. When that fails the segment is as it was
    /// before.
    func append(
        _ head: RawSpan,
        _ tail: RawSpan,
        outline: BatchOutline,
        flushes: Bool = false
    ) throws(StorageError) {
        if let file {
            do throws(StorageError) {
                try file.write(head, tail, at: size)
                if flushes { try file.flush() }
            } catch {
                // What was half written stands behind the end and is written over by the next batch; cutting it off only
                // keeps a later start from finding it, and may fail on the same full disk.
                try? file.truncate(to: size)
                throw error
            }
        } else {
            memory.append(head, tail)
        }
        note(outline)
    }

    /// Takes a batch that is in the file already into account.
    func note(_ outline: BatchOutline) {
        let earlierMaxTimestamp = maxTimestamp
        if outline.maxTimestamp > maxTimestamp {
            maxTimestamp = outline.maxTimestamp
            maxTimestampOffset = outline.lastOffset
        }
        if firstTimestamp == nil { firstTimestamp = outline.maxTimestamp }
        index.note(
            SparseIndex.Entry(
                baseOffset: outline.baseOffset,
                lastOffset: outline.lastOffset,
                position: size,
                earlierMaxTimestamp: earlierMaxTimestamp,
                maxTimestamp: maxTimestamp,
                maxTimestampOffset: maxTimestampOffset
            )
        )
        size += outline.size
        nextOffset = outline.lastOffset + 1
    }

    /// Has the system put on the disk what was written.
    func flush() throws(StorageError) {
        try file?.flush()
    }

    /// Cuts off the batches that have an offset or later ones. What is read for it is what the index says nothing of.
    func truncate(to offset: Int64) throws(StorageError) {
        let entries = index.entries.prefix { $0.lastOffset < offset }
        var kept: [BatchOutline] = []
        var position = entries.last?.position ?? 0
        while position < size, let outline = BatchOutline(in: try read(Self.headerSize, at: position), at: 0),
            outline.lastOffset < offset
        {
            kept.append(outline)
            position += outline.size
        }
        if let file { try file.truncate(to: position) } else { memory.truncate(to: position) }
        guard let last = entries.last, let first = kept.first else { return begin(again: kept) }
        index = SparseIndex(entries: Array(entries))
        size = last.position + first.size
        nextOffset = last.lastOffset + 1
        maxTimestamp = last.maxTimestamp
        maxTimestampOffset = last.maxTimestampOffset
        for outline in kept.dropFirst() { note(outline) }
    }

    private func begin(again kept: [BatchOutline]) {
        size = 0
        nextOffset = baseOffset
        maxTimestamp = -1
        maxTimestampOffset = baseOffset
        firstTimestamp = nil
        index = SparseIndex()
        for outline in kept { note(outline) }
    }

    /// Writes the files that Kafka keeps beside the batches: where offsets and timestamps are, and which transactions that end
    /// here were aborted.
    func writeIndexes(in directory: String, aborted: [LogTransactions.Aborted]) throws(StorageError) {
        func path(_ kind: SegmentName.Kind) -> String {
            directory + "/" + SegmentName.name(ofBaseOffset: baseOffset, kind)
        }
        try Directory.overwrite(path(.index), with: index.offsetFile(baseOffset: baseOffset))
        let times = index.timeFile(
            baseOffset: baseOffset,
            maxTimestamp: maxTimestamp,
            maxTimestampOffset: maxTimestampOffset
        )
        try Directory.overwrite(path(.timeIndex), with: times)
        let ended = aborted.filter { $0.lastOffset >= baseOffset && $0.lastOffset < nextOffset }
        if ended.isEmpty { return Directory.removeFile(path(.transactionIndex)) }
        try Directory.overwrite(path(.transactionIndex), with: LogTransactions.file(of: ended))
    }

    /// Reads batches in their order, so many bytes of them at once: whole ones from a position on.
    func batches(at position: Int, maximumBytes: Int) throws(StorageError) -> ByteBuffer {
        guard position < size else { return ByteBuffer() }
        var buffer = try read(min(maximumBytes, size - position), at: position)
        Self.dropPartialBatch(from: &buffer)
        guard buffer.readableBytes == 0, let outline = BatchOutline(in: try read(Self.headerSize, at: position), at: 0)
        else { return buffer }
        return try read(min(outline.size, size - position), at: position)
    }

    /// Whole batches from the one that holds `offset` on (or the first after it), `maximumBytes` of them at most; the
    /// first one even if it alone is larger than that, when there must be `atLeastOne`.
    func batches(from offset: Int64, maximumBytes: Int, atLeastOne: Bool) throws(StorageError) -> ByteBuffer {
        let start = index.position(atOrBefore: offset)
        guard let (position, first) = try firstBatch(from: start, where: { $0.lastOffset >= offset }) else {
            return ByteBuffer()
        }
        if first.size > maximumBytes { return atLeastOne ? try read(first.size, at: position) : ByteBuffer() }
        var buffer = try read(min(maximumBytes, size - position), at: position)
        Self.dropPartialBatch(from: &buffer)
        return buffer
    }

    /// The first batch that has a timestamp of at least `timestamp`, its bytes whole.
    func batch(fromTimestamp timestamp: Int64) throws(StorageError) -> ByteBuffer? {
        guard maxTimestamp >= timestamp else { return nil }
        let start = index.position(beforeTimestamp: timestamp)
        guard let (position, found) = try firstBatch(from: start, where: { $0.maxTimestamp >= timestamp }) else {
            return nil
        }
        return try read(found.size, at: position)
    }

    private func firstBatch(
        from start: Int,
        where matches: (BatchOutline) -> Bool
    ) throws(StorageError) -> (position: Int, BatchOutline)? {
        var position = start
        var window = ByteBuffer()
        while position < size {
            guard let outline = BatchOutline(in: window, at: window.readerIndex) else {
                let fresh = try read(min(Self.window, size - position), at: position)
                guard BatchOutline(in: fresh, at: 0) != nil else { return nil }
                window = fresh
                continue
            }
            if matches(outline) { return (position, outline) }
            position += outline.size
            window.moveReaderIndex(forwardBy: min(outline.size, window.readableBytes))
        }
        return nil
    }

    private func read(_ count: Int, at position: Int) throws(StorageError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        if let file {
            try file.read(count, at: position, into: &buffer)
        } else {
            memory.read(count, at: position, into: &buffer)
        }
        return buffer
    }

    private static func dropPartialBatch(from buffer: inout ByteBuffer) {
        var index = buffer.readerIndex
        while let outline = BatchOutline(in: buffer, at: index), index + outline.size <= buffer.writerIndex {
            index += outline.size
        }
        buffer.moveWriterIndex(to: index)
    }
}
