// SPDX-License-Identifier: Apache-2.0

/// Variable-length integers as Kafka writes them: seven bits a byte, least significant first, the high bit set on all
/// bytes but the last; signed values are zig-zag mapped first so that small negative numbers stay short.
public enum Varint {
    /// Bytes that the longest 64-bit value takes.
    public static let maximumSize = 10

    /// The unsigned number that stands for `value` on the wire: 0, -1, 1, -2 become 0, 1, 2, 3.
    public static func zigZag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value &<< 1) ^ (value &>> 63))
    }

    /// The signed value that `encoded` stands for, the reverse of `zigZag(_:)`.
    public static func unzigZag(_ encoded: UInt64) -> Int64 {
        Int64(bitPattern: encoded &>> 1) ^ (0 &- Int64(bitPattern: encoded & 1))
    }

    /// Bytes that the signed, zig-zag mapped `value` takes, 1 to 10.
    public static func size(_ value: Int64) -> Int {
        unsignedSize(zigZag(value))
    }

    /// Bytes that `value` takes as an unsigned varint, 1 to 10.
    public static func unsignedSize(_ value: UInt64) -> Int {
        // Seven bits a byte; times 9 and by 64 is exact for 1 to 64 bits, and cheaper than by 7.
        (64 &+ 9 &* (64 &- (value | 1).leadingZeroBitCount)) &>> 6
    }
}
