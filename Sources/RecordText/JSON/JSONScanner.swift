// SPDX-License-Identifier: Apache-2.0

/// Walks through JSON (RFC 8259) in bytes that someone else holds: each step checks what it passes, says where things are, and
/// allocates nothing. Nothing is recursive, so that no input can exhaust the stack.
///
/// Strings may hold any bytes from 0x80 on, as kcat writes them: whoever wants UTF-8 asks ``checkUTF8(_:in:)``. The same bytes
/// are to be given to every call.
public struct JSONScanner: Sendable {
    /// Values may hold values in so many steps.
    public static let mostDepth = 512

    /// The next byte to look at.
    public private(set) var position: Int
    /// Nothing from here on is looked at.
    public let end: Int

    /// A scanner of a part of some bytes.
    public init(_ part: Range<Int>) {
        position = part.lowerBound
        end = part.upperBound
    }

    /// Goes to a place that was seen before.
    public mutating func move(to place: Int) { position = place }

    /// Passes blanks, tabs and line breaks.
    @inline(__always)
    public mutating func skipBlanks(in bytes: Span<UInt8>) {
        while position < end {
            let byte = bytes[position]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position &+= 1
        }
    }

    /// The kind of the value that comes next.
    @inline(__always)
    public mutating func kind(in bytes: Span<UInt8>) throws(JSONFault) -> JSONKind {
        skipBlanks(in: bytes)
        guard position < end else { throw JSONFault(.unexpectedEnd, at: position) }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "-"), 0x30...0x39: return .number
        case let byte: throw JSONFault(.unexpectedByte(byte), at: position)
        }
    }

    /// Passes all that is left, which may be blanks alone.
    public mutating func expectEnd(in bytes: Span<UInt8>) throws(JSONFault) {
        skipBlanks(in: bytes)
        guard position < end else { return }
        throw JSONFault(.unexpectedByte(bytes[position]), at: position)
    }

    // MARK: objects and arrays

    /// Enters the object that comes next; returns the name of its first member, nil for an object without members, which is
    /// passed. The member's value comes next.
    public mutating func firstMember(in bytes: Span<UInt8>) throws(JSONFault) -> JSONString? {
        try take(UInt8(ascii: "{"), in: bytes)
        guard try !takes(UInt8(ascii: "}"), in: bytes) else { return nil }
        return try name(in: bytes)
    }

    /// The name of the member that follows the one that was passed; nil at the end of the object, which is passed.
    public mutating func nextMember(in bytes: Span<UInt8>) throws(JSONFault) -> JSONString? {
        guard try !takes(UInt8(ascii: ","), in: bytes) else { return try name(in: bytes) }
        try take(UInt8(ascii: "}"), in: bytes)
        return nil
    }

    /// Enters the array that comes next; whether it has a first element, which comes next. An empty array is passed.
    public mutating func firstElement(in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        try take(UInt8(ascii: "["), in: bytes)
        return try !takes(UInt8(ascii: "]"), in: bytes)
    }

    /// Whether another element follows the one that was passed; the end of the array is passed.
    public mutating func nextElement(in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        guard try !takes(UInt8(ascii: ","), in: bytes) else { return true }
        try take(UInt8(ascii: "]"), in: bytes)
        return false
    }

    /// Passes a name and its colon.
    @inline(__always)
    private mutating func name(in bytes: Span<UInt8>) throws(JSONFault) -> JSONString {
        skipBlanks(in: bytes)
        let name = try string(in: bytes)
        try take(UInt8(ascii: ":"), in: bytes)
        return name
    }

    @inline(__always)
    private mutating func take(_ expected: UInt8, in bytes: Span<UInt8>) throws(JSONFault) {
        guard try !takes(expected, in: bytes) else { return }
        throw JSONFault(.unexpectedByte(bytes[position]), at: position)
    }

    @inline(__always)
    private mutating func takes(_ expected: UInt8, in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        skipBlanks(in: bytes)
        guard position < end else { throw JSONFault(.unexpectedEnd, at: position) }
        guard bytes[position] == expected else { return false }
        position &+= 1
        return true
    }

    // MARK: strings

    /// Passes the string that comes next.
    public mutating func string(in bytes: Span<UInt8>) throws(JSONFault) -> JSONString {
        skipBlanks(in: bytes)
        guard position < end else { throw JSONFault(.unexpectedEnd, at: position) }
        guard bytes[position] == UInt8(ascii: "\"") else {
            throw JSONFault(.unexpectedByte(bytes[position]), at: position)
        }
        let start = position &+ 1
        var place = start
        var hasEscapes = false
        while true {
            place = bytes.endOfPlainString(from: place, to: end)
            guard place < end else { throw JSONFault(.unexpectedEnd, at: end) }
            switch bytes[place] {
            case UInt8(ascii: "\""):
                position = place &+ 1
                return JSONString(content: start..<place, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                place = try escapeEnd(at: place, in: bytes)
                hasEscapes = true
            case let byte:
                throw JSONFault(.controlCharacter(byte), at: place)
            }
        }
    }

    /// Where the escape at a place ends.
    private func escapeEnd(at place: Int, in bytes: Span<UInt8>) throws(JSONFault) -> Int {
        guard place &+ 1 < end else { throw JSONFault(.unexpectedEnd, at: end) }
        switch bytes[place &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return place &+ 2
        case UInt8(ascii: "u"): return try unicodeEscapeEnd(at: place, in: bytes)
        default: throw JSONFault(.invalidEscape, at: place)
        }
    }

    private func unicodeEscapeEnd(at place: Int, in bytes: Span<UInt8>) throws(JSONFault) -> Int {
        guard let unit = bytes.hexadecimalUnit(at: place + 2, end) else {
            throw JSONFault(place + 6 > end ? .unexpectedEnd : .invalidEscape, at: place)
        }
        guard unit & 0xF800 == 0xD800 else { return place + 6 }
        guard unit & 0xFC00 == 0xD800, place + 8 <= end, bytes[place + 6] == UInt8(ascii: "\\"),
            bytes[place + 7] == UInt8(ascii: "u"), let second = bytes.hexadecimalUnit(at: place + 8, end),
            second & 0xFC00 == 0xDC00
        else { throw JSONFault(.loneSurrogate, at: place) }
        return place + 12
    }

    /// Throws when the content of a string is not UTF-8.
    public static func checkUTF8(_ string: JSONString, in bytes: Span<UInt8>) throws(JSONFault) {
        guard let place = UTF8Text.firstFault(in: bytes, string.content) else { return }
        throw JSONFault(.invalidUTF8, at: place)
    }

    // MARK: other values

    /// Passes the number that comes next, whose bytes are returned.
    public mutating func number(in bytes: Span<UInt8>) throws(JSONFault) -> Range<Int> {
        skipBlanks(in: bytes)
        let start = position
        if position < end, bytes[position] == UInt8(ascii: "-") { position &+= 1 }
        let isZero = position < end && bytes[position] == UInt8(ascii: "0")
        let count = try digits(in: bytes)
        guard !isZero || count == 1 else { throw JSONFault(.invalidNumber, at: start) }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position &+= 1
            _ = try digits(in: bytes)
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position &+= 1
            }
            _ = try digits(in: bytes)
        }
        return start..<position
    }

    /// Passes the whole number that comes next, if it has at most 18 digits and a value follows or an end; for any other one
    /// nil, and nothing is passed.
    @inline(__always)
    mutating func shortNumber(in bytes: Span<UInt8>) -> Int64? {
        var place = position
        let isNegative = place < end && bytes[place] == UInt8(ascii: "-")
        if isNegative { place &+= 1 }
        let first = place
        var number: Int64 = 0
        while place < end, bytes[place] &- 0x30 <= 9 {
            number = number &* 10 &+ Int64(bytes[place] &- 0x30)
            place &+= 1
        }
        let count = place &- first
        guard count > 0, count <= 18, count == 1 || bytes[first] != UInt8(ascii: "0"), place < end else { return nil }
        switch bytes[place] {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0A, 0x0D, 0x09: break
        default: return nil
        }
        position = place
        return isNegative ? -number : number
    }

    /// Passes one digit or more; returns how many.
    private mutating func digits(in bytes: Span<UInt8>) throws(JSONFault) -> Int {
        let start = position
        while position < end, bytes[position] &- 0x30 <= 9 { position &+= 1 }
        guard position > start else {
            throw JSONFault(position < end ? .invalidNumber : .unexpectedEnd, at: position)
        }
        return position - start
    }

    /// Passes `true`, `false` or `null`, whose bytes are returned.
    public mutating func word(in bytes: Span<UInt8>) throws(JSONFault) -> Range<Int> {
        skipBlanks(in: bytes)
        guard position < end else { throw JSONFault(.unexpectedEnd, at: position) }
        switch bytes[position] {
        case UInt8(ascii: "t"): return try word("true", in: bytes)
        case UInt8(ascii: "f"): return try word("false", in: bytes)
        case UInt8(ascii: "n"): return try word("null", in: bytes)
        case let byte: throw JSONFault(.unexpectedByte(byte), at: position)
        }
    }

    private mutating func word(_ expected: StaticString, in bytes: Span<UInt8>) throws(JSONFault) -> Range<Int> {
        let start = position
        for index in 0..<expected.utf8CodeUnitCount {
            guard position < end else { throw JSONFault(.unexpectedEnd, at: end) }
            guard unsafe bytes[position] == expected.utf8Start[index] else {
                throw JSONFault(.unexpectedByte(bytes[position]), at: position)
            }
            position &+= 1
        }
        return start..<position
    }

    /// Passes the value that comes next, whatever it is, and checks all of it; its bytes are returned.
    public mutating func value(in bytes: Span<UInt8>) throws(JSONFault) -> Range<Int> {
        let kind = try kind(in: bytes)
        switch kind {
        case .string:
            let start = position
            _ = try string(in: bytes)
            return start..<position
        case .number: return try number(in: bytes)
        case .bool, .null: return try word(in: bytes)
        case .object, .array:
            let start = position
            var nesting = JSONNesting()
            try pass(&nesting, in: bytes)
            return start..<position
        }
    }

    /// Passes values until the one that began here has ended.
    private mutating func pass(_ nesting: inout JSONNesting, in bytes: Span<UInt8>) throws(JSONFault) {
        repeat {
            var isInside = false
            switch try kind(in: bytes) {
            case .string: _ = try string(in: bytes)
            case .number: _ = try number(in: bytes)
            case .bool, .null: _ = try word(in: bytes)
            case .object:
                let place = position
                isInside = try firstMember(in: bytes) != nil
                if isInside, !nesting.enter(isObject: true) { throw JSONFault(.tooDeep, at: place) }
            case .array:
                let place = position
                isInside = try firstElement(in: bytes)
                if isInside, !nesting.enter(isObject: false) { throw JSONFault(.tooDeep, at: place) }
            }
            while !isInside, nesting.depth > 0 {
                isInside = nesting.isInObject ? try nextMember(in: bytes) != nil : try nextElement(in: bytes)
                if !isInside { nesting.leave() }
            }
        } while nesting.depth > 0
    }
}
