// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// The batch of a partition that records are appended to now.
struct OpenBatch: ~Copyable, Sendable {
    /// Counts up over all batches of a producer; flushing waits for those below a mark.
    let id: UInt64
    let createdAt: NIODeadline
    var builder: RecordBatchBuilder
    var tags: RecordTags
    var completions: [PendingCompletion] = []
    /// Which of the records name their partition.
    var named = NamedPartitions()
    /// Key, value and header bytes.
    private(set) var byteCount = 0
    /// Bytes of `buffer.memory` that the batch holds.
    private(set) var reservedBytes: Int
    /// The size, uncompressed, at which the batch waits for no more records: `batch.size`.
    let readySize: Int
    /// How large the batch may become, uncompressed, while it cannot be sent.
    let writeLimit: Int
    /// Whether the batch has reached its ready size. The sender may take it at any time, and until then it may grow.
    private(set) var isReady = false
    /// The size at which a ready batch is news for the sender.
    private var newsSize = 0
    /// Expected compressed bytes per byte; 1 without compression.
    let expectedRatio: Double

    init(
        id: UInt64,
        createdAt: NIODeadline,
        buffer: consuming ByteBuffer,
        tags: consuming RecordTags = RecordTags(),
        reservedBytes: Int,
        readySize: Int,
        writeLimit: Int,
        expectedRatio: Double
    ) {
        self.id = id
        self.createdAt = createdAt
        self.reservedBytes = reservedBytes
        self.readySize = readySize
        self.writeLimit = max(readySize, writeLimit)
        self.expectedRatio = expectedRatio
        // Handed on, not lent: a buffer that two hold is not cleared but replaced.
        builder = RecordBatchBuilder(reusing: consume buffer, limit: min(readySize, reservedBytes))
        self.tags = tags
    }

    var isEmpty: Bool { builder.recordCount == 0 }

    /// Lets `body` change the batch where it lies: one that is moved out of its queue and back costs more than its record.
    @inline(__always)
    mutating func withAccess<Result>(_ body: (inout OpenBatch) -> Result) -> Result { body(&self) }

    /// What the batch is expected to take on the wire.
    var estimatedSize: Int { Int(Double(builder.size) * expectedRatio) }

    /// Appends a record if it fits into what is reserved.
    mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        headers: EncodedHeaders,
        timestamp: Int64,
        tag: RecordTag?
    ) -> Bool {
        if let tag, !tags.accepts(tag) { return false }
        guard builder.append(key: key, value: value, headers: headers, timestamp: timestamp) else { return false }
        if let tag { tags.append(tag) }
        byteCount &+= (key?.count ?? 0) &+ (value?.count ?? 0) &+ headers.payloadSize
        return true
    }

    /// Lets `body` append records under one reservation.
    ///
    /// - Parameters:
    ///   - timestamp: milliseconds since 1970, for all records of the run.
    ///   - headers: the headers of all records of the run.
    ///   - size: the bytes of a record that must find room, if the batch's limit allows it.
    ///   - sizeLimit: how large a record may be.
    ///   - body: appends to the run until that says ``RecordRun/Outcome/endOfRun``, or until its input ends.
    /// - Returns: why the run ended before its input did.
    mutating func appendRun(
        timestamp: Int64,
        headers: EncodedHeaders,
        reserving size: Int,
        sizeLimit: RecordSizeLimit,
        _ body: (inout RecordRun, inout OutputRawSpan) -> Void
    ) -> RecordRun.End? {
        var end: RecordRun.End?
        // Moved there and back: a copy that is appended to would copy all that is in it.
        var tags = RecordTags()
        swap(&tags, &self.tags)
        var byteCount = byteCount
        builder.appendRun(timestamp: timestamp, headers: headers, reserving: size) { records, output in
            var run = RecordRun(records: records, headers: headers, sizeLimit: sizeLimit)
            swap(&run.tags, &tags)
            body(&run, &output)
            swap(&run.tags, &tags)
            records = run.records
            end = run.end
            byteCount &+= run.byteCount
        }
        swap(&tags, &self.tags)
        self.byteCount = byteCount
        return end
    }

    /// What came of making room.
    enum Growth {
        /// Appending may be tried again.
        case grown
        /// The batch has just reached its ready size: it waits for no more records, but may take more.
        case becameReady
        /// The batch takes no more.
        case full
        /// There is no memory to grow with.
        case noMemory
    }

    /// Makes room for a record that did not fit: the first record of a batch always may, and a batch grows in steps that
    /// double until it has its ready size, and further while nobody takes it.
    ///
    /// - Parameters:
    ///   - size: The size of a batch of this record alone.
    ///   - reserve: Takes so many more bytes, or says that there are none.
    /// - Returns: What came of it.
    mutating func grow(forRecordOf size: Int, reserve: (Int) -> Bool) -> Growth {
        let needed = builder.size + size - RecordBatchHeader.size
        if isEmpty {
            guard reserved(needed, reserve) else { return .noMemory }
            builder.limit = max(builder.limit, needed)
            return .grown
        }
        if needed <= readySize {
            guard reserved(min(readySize, 2 * reservedBytes), orAtLeast: needed, reserve) else { return .noMemory }
            builder.limit = min(readySize, reservedBytes)
            return .grown
        }
        guard isReady else {
            isReady = true
            return writeLimit > readySize ? .becameReady : .full
        }
        guard needed <= writeLimit else { return .full }
        if needed > reservedBytes {
            guard reserved(min(writeLimit, 2 * reservedBytes), orAtLeast: needed, reserve) else { return .noMemory }
        }
        builder.limit = min(writeLimit, reservedBytes, max(needed, builder.size + Self.quantum))
        return .grown
    }

    /// Whether the batch has become ready, or twice as large since this was last asked.
    mutating func takeHasGrown() -> Bool {
        guard isReady, builder.size >= newsSize else { return false }
        newsSize = 2 * builder.size
        return true
    }

    /// How much a ready batch takes in at a time, at most: the sender does not wait longer than that for it.
    private static let quantum = 32 << 10

    /// Reserves what is missing to `size` bytes; where that is too much, what is missing to `least` bytes.
    private mutating func reserved(_ size: Int, orAtLeast least: Int, _ reserve: (Int) -> Bool) -> Bool {
        size > least && reserved(size, reserve) || reserved(least, reserve)
    }

    /// Reserves what is missing to `size` bytes.
    private mutating func reserved(_ size: Int, _ reserve: (Int) -> Bool) -> Bool {
        let missing = size - reservedBytes
        guard missing > 0 else { return true }
        guard reserve(missing) else { return false }
        reservedBytes += missing
        return true
    }
}

extension OpenBatch {
    /// Ends the batch, handing its records over.
    consuming func finish() -> RecordBatchContents { builder.finish() }
}

/// A record whose sender waits for this record's own end.
struct PendingCompletion: Sendable {
    /// The record's index within its batch.
    var index: Int
    /// The record's own timestamp.
    let timestamp: Int64
    let complete: RecordCompletion
}
