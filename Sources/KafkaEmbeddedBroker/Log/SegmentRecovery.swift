// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// Reads a segment file from its start, batch by batch, as far as every batch is whole and its checksum right.
struct SegmentRecovery {
    /// Bytes that are read at once.
    private static let window = 1024 * 1024

    /// How a scan ended.
    enum Ending: Equatable {
        /// At the end of the file.
        case complete
        /// Before it: what stands at this position is no batch, and why.
        case torn(position: Int, reason: String)
    }

    private let file: File
    private let fileSize: Int
    private var position = 0
    private var buffer = ByteBuffer()

    init(file: File) throws(StorageError) {
        self.file = file
        fileSize = try file.size()
    }

    /// Whether the file begins with a message of Kafka's formats before version 2.
    private(set) var isOldFormat = false

    /// Bytes of the file, all that was found in it.
    var size: Int { fileSize }

    /// Gives what is said of every whole batch whose bytes are right by their checksum to `body`, in their order. The
    /// first one has at least `firstOffset`.
    mutating func scan(
        from firstOffset: Int64,
        _ body: (BatchOutline, RecordBatchReader) -> Void
    ) throws(StorageError) -> Ending {
        var nextOffset = firstOffset
        while position < fileSize {
            switch try nextBatch(nextOffset) {
            case .objection(let reason): return .torn(position: position, reason: reason)
            case .batch(let outline, let batch):
                body(outline, batch)
                nextOffset = outline.lastOffset + 1
                position += outline.size
            }
        }
        return .complete
    }

    private enum Finding {
        case batch(BatchOutline, RecordBatchReader)
        case objection(String)
    }

    private mutating func nextBatch(_ nextOffset: Int64) throws(StorageError) -> Finding {
        try fill(RecordBatchHeader.size)
        guard buffer.readableBytes >= RecordBatchHeader.size else { return .objection("the file ends inside a header") }
        guard let outline = BatchOutline(in: buffer, at: buffer.readerIndex) else {
            let magic = buffer.getInteger(at: buffer.readerIndex + 16, as: Int8.self)
            isOldFormat = position == 0 && (magic == 0 || magic == 1)
            return .objection(isOldFormat ? "messages of an older format" : "no v2 batch begins here")
        }
        guard outline.size <= fileSize - position else { return .objection("the file ends inside a batch") }
        guard outline.baseOffset >= nextOffset else {
            return .objection("offset \(outline.baseOffset) where at least \(nextOffset) must follow")
        }
        guard outline.baseOffset <= PartitionLog.largestBaseOffset else {
            return .objection("offset \(outline.baseOffset), which no log reaches")
        }
        try fill(outline.size)
        guard let bytes = buffer.readSlice(length: outline.size) else {
            return .objection("the file ends inside a batch")
        }
        do throws(RecordBatchError) {
            return .batch(outline, try RecordBatchReader(bytes))
        } catch {
            return .objection(error.description)
        }
    }

    private mutating func fill(_ count: Int) throws(StorageError) {
        guard buffer.readableBytes < count else { return }
        let start = position + buffer.readableBytes
        let missing = max(count - buffer.readableBytes, Self.window)
        buffer.discardReadBytes()
        try file.read(min(missing, fileSize - start), at: start, into: &buffer)
    }
}
