// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// Bytes as the vectors write them.

extension [UInt8] {
    /// The bytes that pairs of hexadecimal digits stand for; white space between digits is passed over.
    public init(hex: String) {
        self = []
        var high: UInt8?
        for digit in hex.utf8 where digit > 0x20 {
            let number = digit < 0x3A ? digit - 0x30 : (digit | 0x20) - 0x57
            if let first = high { append(first << 4 | number) }
            high = high == nil ? number : nil
        }
    }
}

extension ByteBuffer {
    /// The readable bytes as hexadecimal digits.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * readableBytes)
        for byte in readableBytesView {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
