// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// Encodes the records of one partition straight into the bytes of a v2 record batch, room for its header in front.
///
/// A record is: length varint · attributes 1 · timestamp delta varint · offset delta varint · key length varint (-1 for
/// null) · key · value length varint (-1 for null) · value · headers. Each record is measured first and written in one
/// go, so that a batch of which an append returned false is as it was before.
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
    /// Records appended so far.
    public private(set) var recordCount: Int32 = 0
    /// Timestamp of the first record in milliseconds since 1970, -1 before there is one. Deltas count from it.
    public private(set) var baseTimestamp: Int64 = -1
    /// Largest timestamp so far in milliseconds since 1970, -1 before there is a record.
    public private(set) var maxTimestamp: Int64 = -1

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

    /// Bytes of the batch so far, its header included and nothing compressed.
    public var size: Int { buffer.readableBytes }

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
        let body = bodySize(
            keyCount: keyCount ?? -1,
            valueCount: valueCount ?? -1,
            headersSize: headersSize,
            timestampDelta: timestampDelta(timestamp)
        )
        return Varint.size(Int64(body)) &+ body
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
        append(key: key, value: value, headers: headers.bytes.span, timestamp: timestamp)
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
        append(key: key, value: value, headers: nil, timestamp: timestamp)
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

    private func timestampDelta(_ timestamp: Int64) -> Int64 {
        recordCount == 0 ? 0 : timestamp &- baseTimestamp
    }

    /// Bytes of a record after its length; counts of -1 stand for null.
    private func bodySize(keyCount: Int, valueCount: Int, headersSize: Int, timestampDelta: Int64) -> Int {
        1 &+ Varint.size(timestampDelta) &+ Varint.size(Int64(recordCount)) &+ Varint.size(Int64(keyCount))
            &+ max(keyCount, 0) &+ Varint.size(Int64(valueCount)) &+ max(valueCount, 0) &+ headersSize
    }

    @inline(__always)
    private mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        headers: Span<UInt8>?,
        timestamp: Int64
    ) -> Bool {
        let timestampDelta = timestampDelta(timestamp)
        let keyCount = if let key { key.count } else { -1 }
        let valueCount = if let value { value.count } else { -1 }
        let headersSize = if let headers { headers.count } else { 1 }
        let body = bodySize(
            keyCount: keyCount,
            valueCount: valueCount,
            headersSize: headersSize,
            timestampDelta: timestampDelta
        )
        let size = Varint.size(Int64(body)) &+ body
        guard buffer.readableBytes &+ size <= clampedLimit else { return false }
        let offsetDelta = Int64(recordCount)
        buffer.writeWithOutputRawSpan(minimumWritableBytes: size) { output in
            output.append(varint: Int64(body))
            output.append(0)  // attributes: none are defined
            output.append(varint: timestampDelta)
            output.append(varint: offsetDelta)
            output.append(varint: Int64(keyCount))
            if let key { output.append(copying: key) }
            output.append(varint: Int64(valueCount))
            if let value { output.append(copying: value) }
            if let headers { output.append(copying: headers) } else { output.append(0) }
        }
        if recordCount == 0 {
            baseTimestamp = timestamp
            maxTimestamp = timestamp
        }
        recordCount &+= 1
        maxTimestamp = max(maxTimestamp, timestamp)
        return true
    }
}
