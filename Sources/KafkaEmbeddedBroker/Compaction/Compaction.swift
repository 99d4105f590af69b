// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// One compaction of a log: of each key the last record stays. It goes on in steps, so that clients are served in between; what
/// is appended meanwhile is not touched.
///
/// First the new part is read for the last offset of each key, and then all is read and written anew without the records that
/// have a later one. A record without a value (a tombstone) stays for `delete.retention.ms` after its first compaction, so
/// that readers see it (KIP-534). Records of aborted transactions go. A marker stays as long as there are records of its
/// transaction, and then as a tombstone does. A producer's last batch stays, if need be without records, for its sequence.
final class Compaction {
    /// Bytes that are read in a step.
    private static let stepSize = 1 << 20
    /// Keys that are remembered at once; when there are more the rest of the log waits for the next time.
    private static let mostKeys = 1 << 20

    private enum Phase {
        case reading
        case writing
        case done
    }

    private let log: PartitionLog
    private let former: [LogSegment]
    private let now: Int64
    private let start: Int64
    private var phase = Phase.reading
    private var segment = 0
    private var position = 0
    private var lastOffsets: [ByteBuffer: Int64] = [:]
    private var mark: CompactionMark
    private let aborted: [Int64: [LogTransactions.Aborted]]
    /// Producers of which records of the transaction under way stay.
    private var writers: Set<Int64> = []
    private var written: [LogSegment] = []

    /// - Parameters:
    ///   - log: The log.
    ///   - segments: What is compacted: the oldest segments, without the one that is appended to.
    ///   - start: Before this offset no key stands twice.
    ///   - now: Milliseconds since 1970.
    init(of log: PartitionLog, segments: [LogSegment], from start: Int64, now: Int64) {
        self.log = log
        self.start = start
        self.now = now
        former = segments
        mark = CompactionMark(end: segments.last?.nextOffset ?? start)
        aborted = Dictionary(grouping: log.transactions.aborted, by: \.producerID)
    }

    /// Goes on a little.
    ///
    /// - Returns: Whether there is more to do.
    func step() throws(StorageError) -> Bool {
        switch phase {
        case .reading: try readOn()
        case .writing: try writeOn()
        case .done: break
        }
        return phase != .done
    }

    /// Gives it up.
    func cancel() {
        phase = .done
        if let directory = log.directory { CompactedFiles(directory).discard() }
    }

    private func nextBatches() throws(StorageError) -> ByteBuffer? {
        while segment < former.count {
            let bytes = try former[segment].batches(at: position, maximumBytes: Self.stepSize)
            if bytes.readableBytes > 0 {
                position += bytes.readableBytes
                return bytes
            }
            segment += 1
            position = 0
            if segment < former.count, phase == .writing { try beginSegment() }
        }
        return nil
    }

    // MARK: Reading

    private func readOn() throws(StorageError) {
        while segment < former.count, former[segment].nextOffset <= start { segment += 1 }
        guard lastOffsets.count < Self.mostKeys, let bytes = try nextBatches() else { return beginWriting() }
        for batch in Self.batches(in: bytes) where batch.header.lastOffset >= start {
            guard !batch.header.isControl, !isAborted(batch.header) else { continue }
            for record in (try? batch.decompressedRecords()) ?? [] {
                if let key = record.key { lastOffsets[key] = batch.header.offset(of: record) }
            }
            if lastOffsets.count >= Self.mostKeys { mark.end = min(mark.end, batch.header.lastOffset + 1) }
        }
    }

    private func beginWriting() {
        phase = .writing
        (segment, position) = (0, 0)
    }

    /// The batches of what was read; what cannot be read ends them.
    private static func batches(in bytes: ByteBuffer) -> [RecordBatchReader] {
        var splitter = RecordBatchSplitter(bytes)
        var batches: [RecordBatchReader] = []
        while let batch = try? splitter.next() { batches.append(batch) }
        return batches
    }

    private func isAborted(_ header: RecordBatchHeader) -> Bool {
        guard header.isTransactional, let own = aborted[header.producerID] else { return false }
        return own.contains { $0.firstOffset <= header.baseOffset && header.baseOffset <= $0.lastOffset }
    }

    // MARK: Writing

    private func writeOn() throws(StorageError) {
        guard log.contains(former) else { return cancel() }
        if written.isEmpty { try beginSegment() }
        guard let bytes = try nextBatches() else { return try finish() }
        for batch in Self.batches(in: bytes) {
            let left: ByteBuffer?
            do throws(RecordBatchError) {
                left = try kept(of: batch)
            } catch {
                // What cannot be decoded is not ours to drop.
                left = batch.buffer
            }
            if let left { try append(left) }
        }
    }

    /// Goes on in the last new segment, or begins another one where what follows might not find room.
    private func beginSegment() throws(StorageError) {
        let next = former[segment]
        if let last = written.last, last.size + next.size <= log.settings.segmentBytes,
            next.nextOffset - last.baseOffset <= Int64(Int32.max)
        {
            return
        }
        let file: File? =
            if let directory = log.directory {
                try CompactedFiles(directory).open(baseOffset: next.baseOffset, log.disk)
            } else { nil }
        written.append(LogSegment(baseOffset: next.baseOffset, file: file))
    }

    private func append(_ batch: ByteBuffer) throws(StorageError) {
        guard let outline = BatchOutline(in: batch, at: batch.readerIndex), let last = written.last else { return }
        try last.append(batch.readableBytesSpan, ByteBuffer().readableBytesSpan, outline: outline)
    }

    /// What stays of a batch; nil for nothing.
    private func kept(of batch: RecordBatchReader) throws(RecordBatchError) -> ByteBuffer? {
        let header = batch.header
        let isLast =
            header.hasProducerID
            && log.producers.isLast(producerID: header.producerID, baseOffset: header.baseOffset)
        if header.isControl { return try keptMarker(batch) }
        let isPast = header.hasDeleteHorizon && header.baseTimestamp < now
        var (left, tombstones) = (0, 0)
        let isGone = isAborted(header)
        let stays = { (record: Record) in
            guard !isGone, let key = record.key else { return false }
            guard (self.lastOffsets[key] ?? .min) <= header.offset(of: record) else { return false }
            return record.value != nil || !isPast
        }
        let records = try batch.decompressedRecords()
        for record in records where stays(record) {
            left += 1
            if record.value == nil { tombstones += 1 }
        }
        if left > 0, header.isTransactional { writers.insert(header.producerID) }
        guard left > 0 || isLast else { return nil }
        var change = RecordBatchChange()
        if tombstones > 0 { noteHorizon(header, &change) }
        if left == records.count, change == RecordBatchChange() { return batch.buffer }
        return try change.apply(to: batch, keeping: stays)
    }

    private func keptMarker(_ batch: RecordBatchReader) throws(RecordBatchError) -> ByteBuffer? {
        if writers.remove(batch.header.producerID) != nil { return batch.buffer }
        guard !batch.header.hasDeleteHorizon || batch.header.baseTimestamp >= now else { return nil }
        var change = RecordBatchChange()
        noteHorizon(batch.header, &change)
        return change == RecordBatchChange() ? batch.buffer : try change.apply(to: batch)
    }

    /// Takes note of when a batch may go, and decides it at its first compaction.
    private func noteHorizon(_ header: RecordBatchHeader, _ change: inout RecordBatchChange) {
        var horizon = header.baseTimestamp
        if !header.hasDeleteHorizon {
            horizon =
                now.addingReportingOverflow(log.settings.deleteRetention).overflow
                ? .max : now + log.settings.deleteRetention
            change.deleteHorizon = horizon
        }
        mark.nextHorizon = min(mark.nextHorizon ?? .max, horizon)
    }

    private func finish() throws(StorageError) {
        phase = .done
        guard log.contains(former), let first = former.first, let end = former.last?.nextOffset else { return cancel() }
        // The first one stays, so that the log begins where it did; of others that are empty nothing is left.
        let left = written.enumerated().filter { $0.offset == 0 || $0.element.size > 0 }.map(\.element)
        if let directory = log.directory {
            let files = CompactedFiles(directory)
            for segment in written.dropFirst() where segment.size == 0 { files.discard(segment.baseOffset) }
            // What takes the place of what may have been on the disk must be there too.
            for segment in left { try segment.flush() }
            try files.swap(from: first.baseOffset, to: end)
        }
        log.replace(former, by: left, mark)
    }
}
