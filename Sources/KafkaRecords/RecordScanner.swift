// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Where the parts of an encoded record lie, as ranges of the bytes that were scanned.
struct RecordLayout {
    struct Header {
        var name: Range<Int>
        var value: Range<Int>?
    }

    var timestampDelta: Int64
    var offsetDelta: Int32
    var key: Range<Int>?
    var value: Range<Int>?
    var headers: [Header] = []
}

/// Finds the parts of a record in bytes that may be anything; never reads past their end.
struct RecordScanner {
    typealias Defect = RecordBatchError.RecordDefect

    /// Index of the next byte to read.
    private(set) var position: Int
    /// Index after the last byte that belongs to the record.
    private var end: Int

    init(position: Int) {
        self.position = position
        end = position
    }

    /// Reads the record at `position` of `bytes`, and moves on behind it.
    mutating func scanRecord(in bytes: Span<UInt8>) throws(Defect) -> RecordLayout {
        try beginRecord(in: bytes)
        var layout = RecordLayout(
            timestampDelta: try scanInt64(in: bytes),
            offsetDelta: try scanInt32(in: bytes),
            key: try scanNullableRange(in: bytes),
            value: try scanNullableRange(in: bytes)
        )
        let headerCount = try scanInt32(in: bytes)
        guard headerCount >= 0, headerCount <= end - position else { throw .invalidLength }
        for _ in 0..<headerCount {
            guard let name = try scanNullableRange(in: bytes) else { throw .invalidLength }
            layout.headers.append(RecordLayout.Header(name: name, value: try scanNullableRange(in: bytes)))
        }
        guard position == end else { throw .lengthMismatch }
        return layout
    }

    /// Moves on behind the record at `position` of `bytes`, and returns its timestamp delta.
    mutating func skipRecord(in bytes: Span<UInt8>) throws(Defect) -> Int64 {
        try beginRecord(in: bytes)
        let timestampDelta = try scanInt64(in: bytes)
        position = end
        return timestampDelta
    }

    /// Reads a record's length, which bounds all that follows, and passes over its attributes.
    private mutating func beginRecord(in bytes: Span<UInt8>) throws(Defect) {
        end = bytes.count
        let length = try scanInt32(in: bytes)
        guard length >= 0 else { throw .invalidLength }
        guard length <= end - position else { throw .truncated }
        end = position + Int(length)
        guard position < end else { throw .truncated }
        position += 1  // attributes: none are defined
    }

    private mutating func scanNullableRange(in bytes: Span<UInt8>) throws(Defect) -> Range<Int>? {
        let length = Int(try scanInt32(in: bytes))
        guard length != -1 else { return nil }
        guard length >= 0, length <= end - position else { throw .invalidLength }
        defer { position += length }
        return position..<(position + length)
    }

    private mutating func scanInt32(in bytes: Span<UInt8>) throws(Defect) -> Int32 {
        guard let value = Int32(exactly: try scanInt64(in: bytes)) else { throw .varintTooLong }
        return value
    }

    @inline(__always)
    private mutating func scanInt64(in bytes: Span<UInt8>) throws(Defect) -> Int64 {
        // Most are of one byte or two: these are worth their place in the caller.
        if end &- position >= 2 {
            let (low, high) = (UInt64(bytes[position]), UInt64(bytes[position &+ 1]))
            if low < 0x80 {
                position &+= 1
                return Varint.unzigZag(low)
            }
            if high < 0x80 {
                position &+= 2
                return Varint.unzigZag(low & 0x7F | high &<< 7)
            }
        }
        return try scanLong(in: bytes)
    }

    private mutating func scanLong(in bytes: Span<UInt8>) throws(Defect) -> Int64 {
        var encoded: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for the 64th bit alone.
            guard shift < 63 || byte <= 1 else { throw .varintTooLong }
            encoded |= UInt64(byte & 0x7F) &<< shift
            guard byte & 0x80 != 0 else { return Varint.unzigZag(encoded) }
            shift += 7
        }
        throw .truncated
    }
}
