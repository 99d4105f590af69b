// SPDX-License-Identifier: Apache-2.0
import CCRC32C

/// The checksum of record batches, CRC-32C (Castagnoli, RFC 3720), computed by the processor's own instruction where
/// there is one.
public enum CRC32C {
    /// The checksum of `bytes`, or of everything that gave `continuing` followed by `bytes`.
    public static func checksum(of bytes: RawSpan, continuing: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe ccrc32c(continuing, buffer.baseAddress, buffer.count)
        }
    }

    /// The checksum of two pieces one after the other, from the checksum of each and the second one's length in bytes.
    ///
    /// Takes less than a microsecond whatever the length, so that a header can change without reading its records.
    public static func combine(_ first: UInt32, _ second: UInt32, secondLength: Int) -> UInt32 {
        combine(first, second, secondShift: Shift(over: secondLength))
    }

    /// The same for one length used many times, ten times as fast.
    public static func combine(_ first: UInt32, _ second: UInt32, secondShift: Shift) -> UInt32 {
        ccrc32c_combine(first, second, secondShift.factor)
    }

    /// What a number of bytes, whichever they are, does to the checksum of all that is in front of them.
    public struct Shift: Sendable, Hashable {
        fileprivate let factor: UInt32

        /// The shift over `length` bytes, which is not negative.
        public init(over length: Int) {
            precondition(length >= 0, "a length is not negative")
            factor = ccrc32c_shift(length)
        }
    }
}
