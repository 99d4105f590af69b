// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// All that a log remembers besides its batches, as it was when the broker was stopped: with it a start need not read the log.
///
/// It counts only when the whole broker was stopped in order (`.kafka_cleanshutdown`), and when the segments have just the sizes
/// that it says; else the log is read.
struct LogSnapshot {
    /// What a segment remembers.
    struct Segment: Equatable {
        var baseOffset: Int64
        var size: Int
        var nextOffset: Int64
        var maxTimestamp: Int64
        var maxTimestampOffset: Int64
        /// nil for a segment without batches.
        var firstTimestamp: Int64?
        var index: [SparseIndex.Entry]
    }

    static let fileName = "log.snapshot"
    private static let version: Int32 = 1
    private static let none = Int64.min

    var segments: [Segment] = []
    var producers = ProducerStateTable()
    var transactions = LogTransactions()
    var compacted = CompactionMark()

    init() {}

    // MARK: Bytes

    /// A version and a checksum in four bytes each, and what the checksum is of.
    var bytes: ByteBuffer {
        var body = ByteBuffer()
        body.writeMultipleIntegers(compacted.end, compacted.nextHorizon ?? Self.none, Int32(segments.count))
        for segment in segments {
            body.writeMultipleIntegers(segment.baseOffset, Int64(segment.size), segment.nextOffset)
            body.writeMultipleIntegers(segment.maxTimestamp, segment.maxTimestampOffset)
            body.writeMultipleIntegers(segment.firstTimestamp ?? Self.none, Int32(segment.index.count))
            for entry in segment.index {
                body.writeMultipleIntegers(entry.baseOffset, entry.lastOffset, Int64(entry.position))
                body.writeMultipleIntegers(entry.earlierMaxTimestamp, entry.maxTimestamp, entry.maxTimestampOffset)
            }
        }
        producers.write(to: &body)
        transactions.write(to: &body)
        var file = ByteBuffer()
        file.writeMultipleIntegers(Self.version, CRC32C.checksum(of: body.readableBytesSpan))
        file.writeBuffer(&body)
        return file
    }

    /// Reads a file; nil when it is none, or was damaged.
    init?(bytes: ByteBuffer) {
        var rest = bytes
        guard let (version, checksum) = rest.readMultipleIntegers(as: (Int32, UInt32).self), version == Self.version,
            CRC32C.checksum(of: rest.readableBytesSpan) == checksum,
            let (end, horizon, count) = rest.readMultipleIntegers(as: (Int64, Int64, Int32).self)
        else { return nil }
        compacted = CompactionMark(end: end, nextHorizon: horizon == Self.none ? nil : horizon)
        for _ in 0..<max(0, count) {
            guard let segment = Self.segment(&rest) else { return nil }
            segments.append(segment)
        }
        guard let producers = ProducerStateTable(reading: &rest), let transactions = LogTransactions(reading: &rest),
            rest.readableBytes == 0
        else { return nil }
        self.producers = producers
        self.transactions = transactions
    }

    private static func segment(_ rest: inout ByteBuffer) -> Segment? {
        guard let (base, size, next) = rest.readMultipleIntegers(as: (Int64, Int64, Int64).self),
            let (time, timeOffset, first, count) = rest.readMultipleIntegers(as: (Int64, Int64, Int64, Int32).self)
        else { return nil }
        var segment = Segment(
            baseOffset: base,
            size: Int(size),
            nextOffset: next,
            maxTimestamp: time,
            maxTimestampOffset: timeOffset,
            firstTimestamp: first == none ? nil : first,
            index: []
        )
        for _ in 0..<max(0, count) {
            guard let (base, last, position) = rest.readMultipleIntegers(as: (Int64, Int64, Int64).self),
                let (earlier, largest, offset) = rest.readMultipleIntegers(as: (Int64, Int64, Int64).self)
            else { return nil }
            segment.index.append(
                SparseIndex.Entry(
                    baseOffset: base,
                    lastOffset: last,
                    position: Int(position),
                    earlierMaxTimestamp: earlier,
                    maxTimestamp: largest,
                    maxTimestampOffset: offset
                )
            )
        }
        return segment
    }

    // MARK: Files

    /// The snapshot of a log's folder; nil when there is none that fits the segments there.
    static func read(in directory: String) throws(StorageError) -> LogSnapshot? {
        guard let bytes = try Directory.bytes(of: directory + "/" + fileName), let snapshot = LogSnapshot(bytes: bytes)
        else { return nil }
        let offsets = try Directory.names(in: directory).compactMap(SegmentName.baseOffset(ofFile:)).sorted()
        guard !offsets.isEmpty, offsets == snapshot.segments.map(\.baseOffset) else { return nil }
        for segment in snapshot.segments {
            let file = directory + "/" + SegmentName.name(ofBaseOffset: segment.baseOffset)
            guard Directory.size(of: file) == segment.size else { return nil }
        }
        return snapshot
    }

    /// Puts the snapshot into a log's folder. When that fails there is none, rather than an older one.
    func write(in directory: String) throws(StorageError) {
        try Directory.overwrite(directory + "/" + Self.fileName, with: bytes)
    }
}
