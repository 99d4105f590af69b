// SPDX-License-Identifier: Apache-2.0

/// Appends records of one timestamp and with the same headers to a batch, one after another, into bytes that were
/// reserved for all of them: see ``RecordBatchBuilder/appendRun(timestamp:headers:reserving:_:)``.
public struct RecordBatchRun: Sendable {
    private(set) var encoder: RecordEncoder
    /// Bytes that the batch may still grow by in this run.
    private var room: Int
    private let timestampDelta: UInt64
    private let headersSize: Int
    private let headers: [UInt8]

    init(encoder: RecordEncoder, timestamp: Int64, headers: EncodedHeaders, room: Int) {
        self.encoder = encoder
        self.room = room
        self.headers = headers.bytes
        headersSize = headers.size
        // After the first record, this is what it has always been.
        timestampDelta = encoder.timestampDelta(timestamp)
    }

    /// Appends a record without a key, or changes nothing and returns false when the batch would grow beyond its limit
    /// or beyond what was reserved.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - output: The bytes that were reserved.
    /// - Returns: Whether the record is in the batch now.
    public mutating func append(value: Span<UInt8>, into output: inout OutputRawSpan) -> Bool {
        append(nil, value, &output)
    }

    /// Appends a record, or changes nothing and returns false when the batch would grow beyond its limit or beyond what
    /// was reserved.
    ///
    /// - Parameters:
    ///   - key: The key, nil for null.
    ///   - value: The value, nil for null.
    ///   - output: The bytes that were reserved.
    /// - Returns: Whether the record is in the batch now.
    public mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        into output: inout OutputRawSpan
    ) -> Bool {
        append(key, value, &output)
    }

    @inline(__always)
    private mutating func append(_ key: Span<UInt8>?, _ value: Span<UInt8>?, _ output: inout OutputRawSpan) -> Bool {
        let keyCount = if let key { key.count } else { -1 }
        let valueCount = if let value { value.count } else { -1 }
        let body = encoder.bodySize(
            keyCount: keyCount,
            valueCount: valueCount,
            headersSize: headersSize,
            timestampDelta: timestampDelta
        )
        let size = RecordEncoder.size(body: body)
        guard size <= room else { return false }
        room &-= size
        encoder.append(
            key: key,
            value: value,
            headers: headers,
            timestampDelta: timestampDelta,
            bodySize: body,
            into: &output
        )
        return true
    }
}
