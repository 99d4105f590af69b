// SPDX-License-Identifier: Apache-2.0

/// Finds where the records of CSV end (RFC 4180): at a line break that is not within quotes. Lines without a byte are passed.
public struct CSVFramer: Sendable {
    private enum State {
        case fieldStart
        case field
        case quoted
    }

    /// What stands between two fields.
    private let separator: UInt8
    private var state = State.fieldStart

    /// A framer at the beginning of a record.
    public init(separator: UInt8) { self.separator = separator }

    /// Where the record ends that comes next, or goes on: at its line break.
    ///
    /// - Parameters:
    ///   - bytes: the bytes so far.
    ///   - start: where the record begins; empty lines before it are passed.
    ///   - searched: everything before it was looked at already; where to go on with more bytes.
    /// - Returns: The end of the record, at its line break, behind which `searched` is then; nil when it is not among the
    ///   bytes. The last byte before it may be a carriage return.
    public mutating func end(in bytes: Span<UInt8>, start: inout Int, searched: inout Int) -> Int? {
        if start == searched, state == .fieldStart {
            passEmptyLines(in: bytes, &start, &searched)
            // Half of a line break may be all that has come.
            guard start + 1 != bytes.count || bytes[start] != 0x0D else { return nil }
        }
        while searched < bytes.count {
            switch state {
            case .quoted:
                guard passQuoted(in: bytes, &searched) else { return nil }
            case .fieldStart where bytes[searched] == UInt8(ascii: "\""):
                state = .quoted
                searched += 1
            case .fieldStart, .field:
                if passField(in: bytes, &searched) {
                    state = .fieldStart
                    searched += 1
                    return searched - 1
                }
            }
        }
        return nil
    }

    private func passEmptyLines(in bytes: Span<UInt8>, _ start: inout Int, _ searched: inout Int) {
        while start < bytes.count {
            if bytes[start] == 0x0A {
                start += 1
            } else if start + 1 < bytes.count, bytes[start] == 0x0D, bytes[start + 1] == 0x0A {
                start += 2
            } else {
                break
            }
        }
        searched = start
    }

    /// Passes up to the next quote that begins a field, or the line break that ends the record, which is true.
    private mutating func passField(in bytes: Span<UInt8>, _ place: inout Int) -> Bool {
        let isAtStart = state == .fieldStart
        var previous: UInt8 = isAtStart ? separator : 0
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x0A { return true }
            if byte == UInt8(ascii: "\""), previous == separator {
                state = .fieldStart
                return false
            }
            previous = byte
            place += 1
        }
        state = previous == separator ? .fieldStart : .field
        return false
    }

    /// Passes to the end of a quoted part; false when it is not among the bytes.
    private mutating func passQuoted(in bytes: Span<UInt8>, _ place: inout Int) -> Bool {
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "\"") else {
                place += 1
                continue
            }
            // A second quote stands for one; it may not be there yet.
            guard place + 1 < bytes.count else { return false }
            guard bytes[place + 1] == UInt8(ascii: "\"") else {
                state = .field
                place += 1
                return true
            }
            place += 2
        }
        return false
    }
}
