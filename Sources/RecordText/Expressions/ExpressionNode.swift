// SPDX-License-Identifier: Apache-2.0

/// A part of a regular expression.
indirect enum ExpressionNode: Equatable {
    case nothing
    /// One byte of these.
    case byte(ByteSet)
    case sequence([ExpressionNode])
    /// The first of these that leads on.
    case choice([ExpressionNode])
    /// So many of it; nil for no bound. As many as can be, or as few.
    case repeated(ExpressionNode, least: Int, most: Int?, isGreedy: Bool)

    /// One character that is none of these ASCII ones: any other of ASCII, any of UTF-8, or else a byte that is no UTF-8.
    static func character(otherThan set: ByteSet) -> Self {
        let next = Self.byte(ByteSet(0x80...0xBF))
        return .choice([
            .byte(set.otherASCII),
            .sequence([.byte(ByteSet(0xC2...0xDF)), next]),
            .sequence([.byte(ByteSet(0xE0...0xEF)), next, next]),
            .sequence([.byte(ByteSet(0xF0...0xF4)), next, next, next]),
            .byte(ByteSet(0x80...0xFF)),
        ])
    }
}
