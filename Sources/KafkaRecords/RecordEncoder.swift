// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Encodes the records of one batch, one after another, into bytes that were reserved for them.
///
/// A record is: length varint · attributes 1 · timestamp delta varint · offset delta varint · key length varint (-1 for
/// null) · key · value length varint (-1 for null) · value · headers. Each record is measured first; then it is written
/// in one go, checked once for its room and not at every byte.
struct RecordEncoder: Sendable {
    /// Records encoded so far.
    private(set) var recordCount: Int32 = 0
    /// Timestamp of the first record in milliseconds since 1970, -1 before there is one. Deltas count from it.
    private(set) var baseTimestamp: Int64 = -1
    /// Largest timestamp so far in milliseconds since 1970, -1 before there is a record.
    private(set) var maxTimestamp: Int64 = -1

    /// What a record says of its timestamp, zig-zag mapped.
    @inline(__always)
    func timestampDelta(_ timestamp: Int64) -> UInt64 {
        recordCount == 0 ? 0 : Varint.zigZag(timestamp &- baseTimestamp)
    }

    /// Bytes of the next record after its length; counts of -1 stand for null.
    @inline(__always)
    func bodySize(keyCount: Int, valueCount: Int, headersSize: Int, timestampDelta: UInt64) -> Int {
        1 &+ Varint.unsignedSize(timestampDelta) &+ Varint.unsignedSize(offsetDelta) &+ Self.fieldSize(keyCount)
            &+ Self.fieldSize(valueCount) &+ headersSize
    }

    /// Bytes of a record, from those after its length.
    @inline(__always)
    static func size(body: Int) -> Int { Varint.unsignedSize(mapped(body)) &+ body }

    /// Writes a record whose body has `bodySize` bytes. There must be room for it. Its timestamp is to be told by
    /// ``counted(timestamp:since:)``.
    @inline(__always)
    mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        headers: [UInt8],
        timestampDelta: UInt64,
        bodySize: Int,
        into output: inout OutputRawSpan
    ) {
        let size = Self.size(body: bodySize)
        let offsetDelta = offsetDelta
        precondition(size <= output.freeCapacity, "the reservation is too small")
        unsafe output.withUnsafeMutableBytes { bytes, initialized in
            guard let start = bytes.baseAddress else { return }
            var at = unsafe start + initialized
            unsafe at = at.put(varint: Self.mapped(bodySize))
            unsafe at = at.put(byte: 0)  // attributes: none are defined
            unsafe at = at.put(varint: timestampDelta)
            unsafe at = at.put(varint: offsetDelta)
            if let key { unsafe at = at.put(field: key) } else { unsafe at = at.put(byte: 1) }
            if let value { unsafe at = at.put(field: value) } else { unsafe at = at.put(byte: 1) }
            // Most have none, whose count is a byte, zero.
            if headers.count == 1 { unsafe at = at.put(byte: 0) } else { unsafe at = at.put(copying: headers.span) }
            unsafe assert(at == start + (initialized + size), "a record was measured wrongly")
            initialized &+= size
        }
        recordCount &+= 1
    }

    /// Takes in the timestamp of the records that were appended since `earlier`, one for all of them.
    mutating func counted(timestamp: Int64, since earlier: RecordEncoder) {
        guard recordCount != earlier.recordCount else { return }
        if earlier.recordCount == 0 { baseTimestamp = timestamp }
        maxTimestamp = earlier.recordCount == 0 ? timestamp : max(maxTimestamp, timestamp)
    }

    @inline(__always)
    private var offsetDelta: UInt64 { Self.mapped(Int(recordCount)) }

    /// Bytes of a length and what follows it.
    @inline(__always)
    private static func fieldSize(_ count: Int) -> Int {
        count < 0 ? 1 : Varint.unsignedSize(mapped(count)) &+ count
    }

    /// The zig-zag mapped form of what is not negative.
    @inline(__always)
    fileprivate static func mapped(_ count: Int) -> UInt64 { UInt64(truncatingIfNeeded: count) &<< 1 }
}

/// Writers of the parts of a measured record; each returns where the next one goes. They check nothing: whoever calls
/// them has made room.
extension UnsafeMutableRawPointer {
    @inline(__always)
    fileprivate func put(byte: UInt8) -> UnsafeMutableRawPointer {
        unsafe storeBytes(of: byte, as: UInt8.self)
        return unsafe self + 1
    }

    /// An unsigned varint, or one that is zig-zag mapped already.
    @inline(__always)
    fileprivate func put(varint value: UInt64) -> UnsafeMutableRawPointer {
        // Most are of one byte or two: these are worth their place in the caller.
        if value < 0x80 { return unsafe put(byte: UInt8(truncatingIfNeeded: value)) }
        guard value < 0x4000 else { return unsafe put(longVarint: value) }
        let bytes = UInt16(truncatingIfNeeded: value & 0x7F | 0x80 | (value &>> 7) &<< 8)
        unsafe storeBytes(of: bytes.littleEndian, as: UInt16.self)
        return unsafe self + 2
    }

    @inline(never)
    private func put(longVarint value: UInt64) -> UnsafeMutableRawPointer {
        var at = unsafe self
        var rest = value
        while rest >= 0x80 {
            unsafe at = at.put(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        return unsafe at.put(byte: UInt8(truncatingIfNeeded: rest))
    }

    /// A length and its bytes.
    @inline(__always)
    fileprivate func put(field: Span<UInt8>) -> UnsafeMutableRawPointer {
        unsafe put(varint: RecordEncoder.mapped(field.count)).put(copying: field)
    }

    @inline(__always)
    fileprivate func put(copying bytes: Span<UInt8>) -> UnsafeMutableRawPointer {
        unsafe bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            // Keys are short for the most part: two moves that overlap are a fraction of a call.
            if 8...16 ~= source.count {
                let last = source.count &- 8
                unsafe storeBytes(of: base.loadUnaligned(as: UInt64.self), as: UInt64.self)
                let tail = unsafe base.loadUnaligned(fromByteOffset: last, as: UInt64.self)
                unsafe storeBytes(of: tail, toByteOffset: last, as: UInt64.self)
                return
            }
            unsafe copyMemory(from: base, byteCount: source.count)
        }
        return unsafe self + bytes.count
    }
}
