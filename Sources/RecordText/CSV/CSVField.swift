// SPDX-License-Identifier: Apache-2.0

/// A field of CSV, by the place of its content: what stands between its quotes, if it has them.
public struct CSVField: Equatable, Sendable {
    /// The bytes of the content.
    public let content: Range<Int>
    /// Whether two quotes in it stand for one.
    public let hasEscapes: Bool

    /// Appends the text that the field stands for.
    public func append(from bytes: Span<UInt8>, to text: inout [UInt8]) {
        guard hasEscapes else { return text.append(copying: bytes, content) }
        var place = content.lowerBound
        while place < content.upperBound {
            text.append(bytes[place])
            place += bytes[place] == UInt8(ascii: "\"") ? 2 : 1
        }
    }
}

/// Why a record is not CSV (RFC 4180), and at which byte.
public struct CSVFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Kind: Equatable, Sendable {
        /// A quoted field has no quote at its end.
        case openQuote
        /// Something follows the quote at the end of a field.
        case textBehindQuote
    }

    /// What is wrong.
    public let kind: Kind
    /// The index of the byte at which that was noticed.
    public let offset: Int

    /// What is wrong, in words.
    public var description: String {
        switch kind {
        case .openQuote: "a quoted field has no quote at its end"
        case .textBehindQuote: "something follows the quote at the end of a field"
        }
    }
}
