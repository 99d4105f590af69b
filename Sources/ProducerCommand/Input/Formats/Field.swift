// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Where the bytes of a part of a record are, as they are sent.
enum Field: Equatable, Sendable {
    /// The part is null.
    case null
    /// In the input.
    case input(Range<Int>)
    /// In the parser's own memory.
    case scratch
}

/// Where a topic, or a header's name or value, is.
enum TextPlace: Equatable, Sendable {
    /// In the input.
    case input(Range<Int>)
    /// In the parser's own memory: in its `text`.
    case scratch(Range<Int>)
}

/// A header of a record.
struct HeaderField: Equatable, Sendable {
    var name: TextPlace
    /// Nil for null.
    var value: TextPlace?
}

/// A parser's memory for what is not in the input as it is sent. It is used again for each record.
struct RecordScratch: Sendable {
    var key: [UInt8] = []
    var value: [UInt8] = []
    /// Texts of any other kind, one behind the other.
    var text: [UInt8] = []
    /// The record's own headers, in their order.
    var headers: [HeaderField] = []
    /// Where the JSON of a record has its headers.
    var places: [HeaderPlace] = []

    /// Forgets texts and headers.
    mutating func removeTexts() {
        text.removeAll(keepingCapacity: true)
        headers.removeAll(keepingCapacity: true)
    }

    /// Keeps the text of a string of JSON, if it has escapes.
    mutating func place(of string: JSONString, in bytes: Span<UInt8>) -> TextPlace {
        guard string.hasEscapes else { return .input(string.content) }
        let start = text.count
        string.append(from: bytes, to: &text)
        return .scratch(start..<text.count)
    }

    /// The bytes of a text, where they are.
    @_lifetime(borrow self, copy bytes)
    func span(of place: TextPlace, in bytes: Span<UInt8>) -> Span<UInt8> {
        switch place {
        case .input(let range): bytes.extracting(range)
        case .scratch(let range): text.span.extracting(range)
        }
    }

    /// The bytes of a text.
    func bytes(of place: TextPlace, in bytes: Span<UInt8>) -> [UInt8] {
        switch place {
        case .input(let range): bytes.copy(range)
        case .scratch(let range): Array(text[range])
        }
    }
}
