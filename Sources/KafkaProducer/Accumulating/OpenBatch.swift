// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// The batch of a partition that records are appended to now.
struct OpenBatch: ~Copyable, Sendable {
    /// Counts up over all batches of a producer; flushing waits for those below a mark.
    let id: UInt64
    let createdAt: NIODeadline
    var builder: RecordBatchBuilder
    var positions: RecordPositions
    var completions: [PendingCompletion] = []
    /// Which of the records name their partition.
    var named = NamedPartitions()
    /// Key, value and header bytes.
    private(set) var byteCount = 0
    /// Bytes of `buffer.memory` that the batch holds.
    private(set) var reservedBytes: Int
    /// How large the batch may become, uncompressed.
    let writeLimit: Int
    /// Expected compressed bytes per byte; 1 without compression.
    let expectedRatio: Double

    init(
        id: UInt64,
        createdAt: NIODeadline,
        buffer: consuming ByteBuffer,
        positions: consuming RecordPositions = RecordPositions(),
        reservedBytes: Int,
        writeLimit: Int,
        expectedRatio: Double
    ) {
        self.id = id
        self.createdAt = createdAt
        self.reservedBytes = reservedBytes
        self.writeLimit = writeLimit
        self.expectedRatio = expectedRatio
        // Handed on, not lent: a buffer that two hold is not cleared but replaced.
        builder = RecordBatchBuilder(reusing: consume buffer, limit: min(writeLimit, reservedBytes))
        self.positions = positions
    }

    var isEmpty: Bool { builder.recordCount == 0 }

    /// What the batch is expected to take on the wire.
    var estimatedSize: Int { Int(Double(builder.size) * expectedRatio) }

    /// Appends a record if it fits into what is reserved.
    mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        headers: EncodedHeaders,
        timestamp: Int64,
        position: RecordPosition?
    ) -> Bool {
        if let position, !positions.accepts(position) { return false }
        guard builder.append(key: key, value: value, headers: headers, timestamp: timestamp) else { return false }
        if let position { positions.append(position) }
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
        var positions = RecordPositions()
        swap(&positions, &self.positions)
        var byteCount = byteCount
        builder.appendRun(timestamp: timestamp, headers: headers, reserving: size) { records, output in
            var run = RecordRun(records: records, headers: headers, sizeLimit: sizeLimit)
            swap(&run.positions, &positions)
            body(&run, &output)
            swap(&run.positions, &positions)
            records = run.records
            end = run.end
            byteCount &+= run.byteCount
        }
        swap(&positions, &self.positions)
        self.byteCount = byteCount
        return end
    }

    /// Makes room for a record that did not fit: the first record of a batch always may, and a compressed batch grows
    /// until it is expected to be full. `size` is that of a batch of this record alone.
    ///
    /// - Returns: whether appending may be tried again. If not, the batch is full, or memory is.
    mutating func grow(by step: Int, forRecordOf size: Int, reserve: (Int) -> Bool) -> Bool {
        let needed = builder.size + size - RecordBatchHeader.size
        if isEmpty {
            let missing = max(0, needed - reservedBytes)
            guard reserve(missing) else { return false }
            reservedBytes += missing
            builder.limit = max(builder.limit, needed)
            return true
        }
        guard needed <= writeLimit else { return false }
        let missing = max(needed - reservedBytes, min(step, writeLimit - reservedBytes))
        guard missing > 0, reserve(missing) else { return false }
        reservedBytes += missing
        builder.limit = min(writeLimit, reservedBytes)
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
