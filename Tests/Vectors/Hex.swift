// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// Bytes as the vectors write them.

extension [UInt8] {
    /// The bytes that pairs of hexadecimal digits stand for; white space between digits is passed over.
    public init(hex: String) {
        let digits = hex.utf8.filter { $0 > 0x20 }.map { UInt8($0 < 0x3A ? $0 - 0x30 : ($0 | 0x20) - 0x57) }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension ByteBuffer {
    /// The readable bytes as hexadecimal digits.
    public var hex: String {
        readableBytesView.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}
