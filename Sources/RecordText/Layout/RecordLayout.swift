// SPDX-License-Identifier: Apache-2.0

/// How a record is laid out in bytes: rpk's format language for producing.
///
/// A layout is all sized, with the size of a text before it (`%V{big32}%v`), or all delimited, with a literal after each text
/// (`%k\t%v\n`).
public struct RecordLayout: Equatable, Sendable {
    /// A part of a record that is text.
    public enum TextPart: Equatable, Sendable {
        case topic, key, value
    }

    /// A part of a record that is a number.
    public enum NumberPart: Equatable, Sendable {
        case partition
        /// Milliseconds since 1970.
        case timestamp
        /// What only a record that was read has.
        case offset
        /// An epoch or a producer's id, which nobody asks for.
        case passed
    }

    /// How a number is written.
    public enum Number: Equatable, Sendable {
        /// Decimal digits, up to the first byte that is none.
        case digits
        /// So many hexadecimal digits.
        case hexadecimal(Int)
        /// So many bytes, the first the highest.
        case big(Int)
        /// So many bytes, the first the lowest.
        case little(Int)
        /// `true` or `false`, which are 1 and 0.
        case bool
        /// Not written: always this.
        case fixed(Int64)
    }

    /// What a text has to be, or is made of.
    public enum TextForm: Equatable, Sendable {
        case plain, base64, hexadecimal
        /// One value of JSON, which says itself where it ends.
        case json
        /// What a regular expression matches.
        case expression(TextExpression)
    }

    /// One piece of the layout.
    public indirect enum Piece: Equatable, Sendable {
        case literal([UInt8])
        case size(TextPart, Number)
        case text(TextPart, TextForm)
        case headerCount(Number)
        /// The pieces of one header, as often as there are headers; its name counts as a key.
        case headers([Piece])
        case number(NumberPart, Number)
    }

    /// The pieces, in their order.
    public let pieces: [Piece]
    /// Whether all texts have their sizes before them.
    public let isSized: Bool
    /// The bytes that every record ends with, empty for none.
    public let ending: [UInt8]

    /// Whether records have a topic of their own.
    public var hasTopic: Bool {
        pieces.contains { piece in
            if case .text(.topic, _) = piece { true } else { false }
        }
    }

    /// Whether records have a time of their own.
    public var hasTimestamp: Bool {
        pieces.contains { piece in
            if case .number(.timestamp, _) = piece { true } else { false }
        }
    }

    /// Reads a layout.
    public init(_ text: String) throws(RecordLayoutFault) {
        var parser = RecordLayoutParser(text)
        pieces = try parser.pieces(isHeader: false)
        isSized = try RecordLayoutCheck(pieces).isSized
        if case .literal(let bytes)? = pieces.last { ending = bytes } else { ending = [] }
    }
}

/// What is wrong with a layout, as the end of a sentence about it.
public struct RecordLayoutFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    public let description: String

    init(_ description: String) { self.description = description }
}
