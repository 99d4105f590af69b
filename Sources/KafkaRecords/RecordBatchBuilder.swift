// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// Encodes the records of one partition straight into the bytes of a v2 record batch, room for its header in front.
///
/// Each record is measured first and written in one go, so that a batch of which an append returned false is as it was
/// before.
public struct RecordBatchBuilder: ~Copyable, Sendable {
    /// Attributes, and timestamp delta, offset delta, length, key length and value length at their longest: what a
    /// record without headers takes at most beside its key and value.
    private static let recordOverheadUpperBound = 21
    /// Largest batch whose length its header can say.
    private static let maximumLimit = Int(Int32.max)
    /// Largest part of the limit that is reserved at once.
    private static let largestReservation = 64 << 20

    private var buffer: ByteBuffer
    private var clampedLimit: Int
    private var encoder = RecordEncoder()

    /// An empty batch that writes into `buffer`, whose memory is used again when nothing else holds it.
    ///
    /// - Parameters:
    ///   - buffer: Memory to write into; what it holds is dropped.
    ///   - limit: Bytes that the batch may grow to, its header included. Reserved at once, up to 64 MiB.
    public init(reusing buffer: consuming ByteBuffer, limit: Int) {
        clampedLimit = min(limit, Self.maximumLimit)
        RecordBatchHeader.reserve(in: &buffer, minimumCapacity: min(clampedLimit, Self.largestReservation))
        self.buffer = buffer
    }

    /// Bytes that the batch may grow to, its header included; at most 2^31 - 1. A batch may already be larger than a
    /// limit that was lowered: then nothing more fits.
    public var limit: Int {
        get { clampedLimit }
        set { clampedLimit = min(newValue, Self.maximumLimit) }
    }

    /// Records appended so far.
    public var recordCount: Int32 { encoder.recordCount }

    /// Timestamp of the first record in milliseconds since 1970, -1 before there is one. Deltas count from it.
    public var baseTimestamp: Int64 { encoder.baseTimestamp }

    /// Largest timestamp so far in milliseconds since 1970, -1 before there is a record.
    public var maxTimestamp: Int64 { encoder.maxTimestamp }

    /// Bytes of the batch so far, its header included and nothing compressed.
    public var size: Int { buffer.readableBytes }

    /// Whether the batch must have more memory before it can be as large as its limit.
    public var lacksMemory: Bool { buffer.storageCapacity < clampedLimit }

    /// Moves the batch into memory that was used before, and gives back the memory that it was in.
    ///
    /// - Parameter memory: A buffer that nothing else holds. What it holds is dropped.
    public mutating func move(into memory: inout ByteBuffer) {
        memory.clear(minimumCapacity: buffer.readableBytes)
        memory.writeImmutableBuffer(buffer)
        swap(&memory, &buffer)
    }

    /// Whether no record was appended yet.
    public var isEmpty: Bool { recordCount == 0 }

    /// Bytes that a batch of one such record takes at most, as the Java producer estimates it to compare a record with
    /// `max.request.size` and to size its memory.
    ///
    /// - Parameters:
    ///   - keyCount: Bytes of the key, 0 for null.
    ///   - valueCount: Bytes of the value, 0 for null.
    ///   - headersSize: Bytes of the encoded headers (`EncodedHeaders.size`).
    /// - Returns: The bytes, header of the batch included.
    public static func sizeUpperBound(keyCount: Int, valueCount: Int, headersSize: Int) -> Int {
        RecordBatchHeader.size + recordOverheadUpperBound + keyCount + valueCount + headersSize
    }

    /// Bytes by which the batch would grow with such a record.
    ///
    /// - Parameters:
    ///   - keyCount: Bytes of the key, nil for null.
    ///   - valueCount: Bytes of the value, nil for null.
    ///   - headersSize: Bytes of the encoded headers (`EncodedHeaders.size`).
    ///   - timestamp: Milliseconds since 1970.
    /// - Returns: The bytes of the record.
    public func sizeOfNextRecord(keyCount: Int?, valueCount: Int?, headersSize: Int = 1, timestamp: Int64) -> Int {
        let body = encoder.bodySize(
            keyCount: keyCount ?? -1,
            valueCount: valueCount ?? -1,
            headersSize: headersSize,
            timestampDelta: encoder.timestampDelta(timestamp)
        )
        return RecordEncoder.size(body: body)
    }

    /// Appends a record with headers, or changes nothing and returns false when the batch would grow beyond its limit.
    ///
    /// - Parameters:
    ///   - key: The key, nil for null.
    ///   - value: The value, nil for null.
    ///   - headers: The record's headers.
    ///   - timestamp: Milliseconds since 1970; may be before those of earlier records.
    /// - Returns: Whether the record is in the batch now.
    public mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        headers: borrowing EncodedHeaders,
        timestamp: Int64
    ) -> Bool {
        append(key: key, value: value, encodedHeaders: headers.bytes, timestamp: timestamp)
    }

    /// Appends a record without headers, or changes nothing and returns false when the batch would grow beyond its
    /// limit.
    ///
    /// - Parameters:
    ///   - key: The key, nil for null.
    ///   - value: The value, nil for null.
    ///   - timestamp: Milliseconds since 1970; may be before those of earlier records.
    /// - Returns: Whether the record is in the batch now.
    public mutating func append(key: Span<UInt8>?, value: Span<UInt8>?, timestamp: Int64) -> Bool {
        append(key: key, value: value, encodedHeaders: EncodedHeaders.none.bytes, timestamp: timestamp)
    }

    /// Lets `body` append records one after another into bytes that are reserved once for all of them.
    ///
    /// - Parameters:
    ///   - timestamp: Milliseconds since 1970, for all of them; may be before those of earlier records.
    ///   - headers: The headers that all of them get.
    ///   - size: Bytes to reserve at least, as far as the limit allows; what is left up to the limit, but no more than
    ///     64 MiB, is reserved in any case.
    ///   - body: Appends to the run, until that has no room.
    public mutating func appendRun(
        timestamp: Int64,
        headers: EncodedHeaders,
        reserving size: Int = 0,
        _ body: (inout RecordBatchRun, inout OutputRawSpan) -> Void
    ) {
        let room = max(0, min(clampedLimit - buffer.readableBytes, max(size, Self.largestReservation)))
        var run = RecordBatchRun(encoder: encoder, timestamp: timestamp, headers: headers, room: room)
        buffer.writeWithOutputRawSpan(minimumWritableBytes: room) { output in body(&run, &output) }
        var ran = run.encoder
        ran.counted(timestamp: timestamp, since: encoder)
        encoder = ran
    }

    /// Ends the batch and hands over its bytes.
    public consuming func finish() -> RecordBatchContents {
        RecordBatchContents(
            buffer: buffer,
            recordCount: recordCount,
            baseTimestamp: baseTimestamp,
            maxTimestamp: maxTimestamp
        )
    }

    @inline(__always)
    private mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        encodedHeaders: [UInt8],
        timestamp: Int64
    ) -> Bool {
        let keyCount = if let key { key.count } else { -1 }
        let valueCount = if let value { value.count } else { -1 }
        let timestampDelta = encoder.timestampDelta(timestamp)
        let body = encoder.bodySize(
            keyCount: keyCount,
            valueCount: valueCount,
            headersSize: encodedHeaders.count,
            timestampDelta: timestampDelta
        )
        let size = RecordEncoder.size(body: body)
        guard buffer.readableBytes &+ size <= clampedLimit else { return false }
        // The closure must not reach into `self` while its buffer is written.
        var encoder = encoder
        buffer.writeWithOutputRawSpan(minimumWritableBytes: size) { output in
            encoder.append(
                key: key,
                value: value,
                headers: encodedHeaders,
                timestampDelta: timestampDelta,
                bodySize: body,
                into: &output
            )
        }
        encoder.counted(timestamp: timestamp, since: self.encoder)
        self.encoder = encoder
        return true
    }
}
