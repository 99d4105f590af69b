// SPDX-License-Identifier: Apache-2.0

/// Writers for code that measured its output first and fills the reserved bytes in one go.
extension OutputRawSpan {
    /// Appends `value` as a zig-zag varint. There must be room for `Varint.size(value)` bytes.
    @inline(__always)
    public mutating func append(varint value: Int64) {
        append(unsignedVarint: Varint.zigZag(value))
    }

    /// Appends `value` as an unsigned varint. There must be room for `Varint.unsignedSize(value)` bytes.
    @inline(__always)
    public mutating func append(unsignedVarint value: UInt64) {
        // Most are of one byte or two: these are worth their place in the caller.
        if value < 0x80 {
            append(UInt8(truncatingIfNeeded: value))
        } else if value < 0x4000 {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            append(UInt8(truncatingIfNeeded: value &>> 7))
        } else {
            append(longVarint: value)
        }
    }

    @inline(never)
    private mutating func append(longVarint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends `bytes` with one `memcpy`. There must be room for all of them.
    public mutating func append(copying bytes: Span<UInt8>) {
        append(copying: unsafe bytes.bytes)  // bytes have no padding to expose
    }

    /// Appends `bytes` with one `memcpy`. There must be room for all of them.
    public mutating func append(copying bytes: RawSpan) {
        precondition(bytes.byteCount <= freeCapacity, "the reservation is too small")
        unsafe withUnsafeMutableBytes { destination, initialized in
            unsafe bytes.withUnsafeBytes { source in
                guard let base = source.baseAddress, let start = destination.baseAddress else { return }
                unsafe (start + initialized).copyMemory(from: base, byteCount: source.count)
            }
            initialized &+= bytes.byteCount
        }
    }
}
