// SPDX-License-Identifier: Apache-2.0

/// Finds where values of JSON begin and end that follow one another, or are the elements of one array, in bytes that arrive
/// piece by piece: by quotes and nesting alone, whatever the values are.
///
/// Of what is broken no more than that value is lost, if lines show where the next one begins: a line break within a string
/// ends the value, and so does an object at the beginning of a line where the one before it cannot hold it.
public struct JSONFramer: Sendable {
    private enum Outside {
        /// Nothing was passed yet: the bytes may go on within an array.
        case beginning
        case between
        case inArray
    }

    private var outside = Outside.beginning
    private var isInside = false
    private var nesting = JSONNesting()
    /// Steps beyond the deepest nesting that is kept.
    private var beyond = 0
    private var isInString = false
    /// Whether the value is none that brackets or quotes end, so that its line does.
    private var isWord = false
    /// The last byte outside of strings that is no blank.
    private var last: UInt8 = 0
    private var hasNewline = false

    /// A framer at the beginning of an input, or at the end of a value in it.
    public init() {}

    /// Where the value ends that comes next, or goes on.
    ///
    /// - Parameters:
    ///   - bytes: the bytes so far.
    ///   - start: where the value begins; what stands between values is passed.
    ///   - searched: everything before it was looked at already; where to go on with more bytes.
    /// - Returns: The end of the value; nil when that is not among the bytes, or when there is none.
    public mutating func end(in bytes: Span<UInt8>, start: inout Int, searched: inout Int) -> Int? {
        if !isInside {
            guard passSeparators(in: bytes, &start) else {
                searched = start
                return nil
            }
            begin(bytes[start])
            searched = start
        }
        guard let end = isWord ? endOfWord(in: bytes, &searched) : endOfValue(in: bytes, &searched) else { return nil }
        isInside = false
        // What has shown the end is a part of what was looked at.
        searched = end < bytes.count && bytes[end] == 0x0A ? end + 1 : end
        return end
    }

    /// Passes what stands between values; false when nothing else is there.
    private mutating func passSeparators(in bytes: Span<UInt8>, _ place: inout Int) -> Bool {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: break
            // A byte order mark, or its beginning.
            case 0xEF where outside == .beginning && bytes.count - place < 3: return false
            case 0xEF where outside == .beginning && bytes.hasText("\u{FEFF}", at: place): place += 2
            case UInt8(ascii: "[") where outside != .inArray: outside = .inArray
            case UInt8(ascii: "]") where outside != .between: outside = .between
            case UInt8(ascii: ",") where outside != .between: outside = .inArray
            default: return true
            }
            place += 1
        }
        return false
    }

    private mutating func begin(_ first: UInt8) {
        isInside = true
        if outside == .beginning { outside = .between }
        isWord = first != UInt8(ascii: "{") && first != UInt8(ascii: "[") && first != UInt8(ascii: "\"")
        (nesting, beyond, isInString, last, hasNewline) = (JSONNesting(), 0, false, 0, false)
    }

    private func endOfWord(in bytes: Span<UInt8>, _ place: inout Int) -> Int? {
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x0A { return place }
            if outside == .inArray, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") { return place }
            place += 1
        }
        return nil
    }

    private mutating func endOfValue(in bytes: Span<UInt8>, _ place: inout Int) -> Int? {
        while place < bytes.count {
            if isInString {
                guard let isEnd = passString(in: bytes, &place) else { return nil }
                if isEnd { return place }
                continue
            }
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if hasNewline, !mayOpen { return place }
                enter(isObject: byte == UInt8(ascii: "{"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                leave()
                if nesting.depth == 0, beyond == 0 {
                    place += 1
                    return place
                }
            case 0x0A:
                hasNewline = true
                place += 1
                continue
            case 0x20, 0x09, 0x0D:
                place += 1
                continue
            default: break
            }
            (last, hasNewline) = (byte, false)
            place += 1
        }
        return nil
    }

    /// Passes a string's content and its quote. Nil when it goes on beyond the bytes; true when the value ends there.
    private mutating func passString(in bytes: Span<UInt8>, _ place: inout Int) -> Bool? {
        while true {
            place = bytes.endOfPlainString(from: place, to: bytes.count)
            guard place < bytes.count else { return nil }
            switch bytes[place] {
            case UInt8(ascii: "\""):
                isInString = false
                place += 1
                return nesting.depth == 0 && beyond == 0
            case UInt8(ascii: "\\"):
                // Its second byte may not be there yet.
                guard place + 1 < bytes.count else { return nil }
                place += bytes[place + 1] == 0x0A ? 1 : 2
            case 0x0A:
                return true
            default:
                place += 1
            }
        }
    }

    /// Whether an object or an array may stand here, by what stands before it.
    private var mayOpen: Bool {
        if beyond > 0 || nesting.depth == 0 { return true }
        if nesting.isInObject { return last == UInt8(ascii: ":") }
        return last == UInt8(ascii: "[") || last == UInt8(ascii: ",")
    }

    private mutating func enter(isObject: Bool) {
        if beyond > 0 || !nesting.enter(isObject: isObject) { beyond += 1 }
    }

    private mutating func leave() {
        if beyond > 0 { beyond -= 1 } else { nesting.leave() }
    }
}
