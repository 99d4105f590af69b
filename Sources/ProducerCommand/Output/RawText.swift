// SPDX-License-Identifier: Apache-2.0

/// Writers of text into memory that has room for it; each returns where the next one goes. Whole words are written, so that
/// up to `slack` bytes behind what is returned are overwritten.
enum RawText {
    /// Bytes that a writer may write, or read, behind its text.
    static let slack = 16
    /// The most bytes that a number takes.
    static let largestNumber = 20

    /// Copies a text, `slack` bytes behind which can be read.
    @inline(__always)
    static func put(
        _ text: UnsafeRawPointer,
        _ count: Int,
        at start: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var place = 0
        while place < count {
            let piece = unsafe text.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
            unsafe start.storeBytes(of: piece, toByteOffset: place, as: SIMD16<UInt8>.self)
            place &+= 16
        }
        return unsafe start + count
    }

    /// Copies bytes, and nothing that is behind them.
    @inline(__always)
    static func put(_ bytes: Span<UInt8>, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        unsafe bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            unsafe start.copyMemory(from: base, byteCount: source.count)
        }
        return unsafe start + bytes.count
    }

    /// Writes the decimal digits of a number.
    @inline(__always)
    static func put(_ value: Int64, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        guard value < 0 else { return unsafe put(UInt64(value), at: start) }
        unsafe start.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
        return unsafe put(value.magnitude, at: start + 1)
    }

    /// Writes the decimal digits of a number.
    @inline(__always)
    static func put(_ value: UInt64, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        guard value >= 100_000_000 else { return unsafe put(upToEightDigits: value, at: start) }
        return unsafe put(long: value, at: start)
    }

    @inline(never)
    private static func put(long value: UInt64, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let (high, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
        let place = unsafe put(high, at: start)
        unsafe place.storeBytes(of: (digits(of: low) | zeros).littleEndian, as: UInt64.self)
        return unsafe place + 8
    }

    @inline(__always)
    private static func put(
        upToEightDigits value: UInt64,
        at start: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        let digits = digits(of: value)
        // One digit is left of a zero.
        let leading = min(digits.trailingZeroBitCount &>> 3, 7)
        unsafe start.storeBytes(of: ((digits | zeros) &>> UInt64(leading &* 8)).littleEndian, as: UInt64.self)
        return unsafe start + (8 &- leading)
    }

    /// The digits `0`, one a byte.
    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// The eight digits of a number below 10^8, one a byte, the first in the lowest.
    ///
    /// The number is divided into two of four digits, these at once into two of two digits each, and those into digits; the
    /// divisions are multiplications by a reciprocal that is exact for such numbers.
    @inline(__always)
    private static func digits(of value: UInt64) -> UInt64 {
        let (high, low) = value.quotientAndRemainder(dividingBy: 10_000)
        let fours = high | low &<< 32
        let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let twos = hundreds | (fours &- hundreds &* 100) &<< 16
        let tens = (twos &* 103) &>> 10 & 0x000F_000F_000F_000F
        return tens | (twos &- tens &* 10) &<< 8
    }
}
