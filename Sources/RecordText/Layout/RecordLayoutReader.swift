// SPDX-License-Identifier: Apache-2.0

/// Reads records that are laid out in one way: where each ends, and where its parts are.
public struct RecordLayoutReader: Sendable {
    /// How reading a record went.
    public enum Outcome: Equatable, Sendable {
        /// It ends before this byte.
        case record(end: Int)
        /// It goes on beyond the bytes.
        case incomplete
        /// It is not laid out so: what is wrong, and where that was noticed.
        case malformed(Fault, at: Int)
    }

    /// What is wrong with a record.
    public enum Fault: Equatable, Sendable {
        /// A number is not written as the layout has it.
        case number
        /// A number is too large for what it says.
        case tooLarge
        /// Something else stands where the layout has its literal.
        case literal
        /// A value is not JSON.
        case json
        /// A text does not match its regular expression.
        case expression
    }

    /// What a text is made of.
    public enum Form: Equatable, Sendable {
        case plain, base64, hexadecimal, json
        /// What the regular expression of this number matches.
        case expression(Int)
    }

    /// A text, by its place.
    public struct Text: Equatable, Sendable {
        /// Its bytes; nil for null, whose size is -1.
        public let range: Range<Int>?
        /// What they are made of.
        public let form: Form
    }

    /// A header.
    public struct Header: Equatable, Sendable {
        /// Its name.
        public var name: Text
        /// Its value; nil when the layout has none.
        public var value: Text?
    }

    /// The layout.
    public let layout: RecordLayout
    /// The topic of the last record, if it has one.
    public private(set) var topic: Text?
    /// The key of the last record, if it has one.
    public private(set) var key: Text?
    /// The value of the last record, if it has one.
    public private(set) var value: Text?
    /// The headers of the last record.
    public private(set) var headers: [Header] = []
    /// The partition of the last record, if it has one that is not below zero.
    public private(set) var partition: Int64?
    /// Its time, if it has one that is not below zero.
    public private(set) var timestamp: Int64?
    private var sizes: (topic: Int64?, key: Int64?, value: Int64?) = (nil, nil, nil)
    private var headerCount: Int64 = 0
    private var ways = ExpressionWays()
    private let steps: LayoutSteps

    /// A reader of such records.
    public init(_ layout: RecordLayout) {
        self.layout = layout
        steps = LayoutSteps(layout)
    }

    /// Reads a record.
    ///
    /// - Parameters:
    ///   - bytes: those so far.
    ///   - start: where it begins.
    ///   - isEnd: whether no others follow, so that the last text ends with them, and the last literal may be missing.
    /// - Returns: Where it ends, or why that is not known.
    public mutating func read(_ bytes: Span<UInt8>, from start: Int, isEnd: Bool) -> Outcome {
        (topic, key, value, partition, timestamp) = (nil, nil, nil, nil, nil)
        (sizes, headerCount) = ((nil, nil, nil), 0)
        headers.removeAll(keepingCapacity: true)
        var place = start
        for index in steps.record {
            let isLast = index == steps.record.upperBound - 1
            if let end = pass(index, isLast ? nil : index + 1, isLast, bytes, &place, isEnd) { return end }
        }
        return .record(end: place)
    }

    /// Reads the piece of this number, before that of the number `next`; how the record ends, if it does.
    private mutating func pass(
        _ index: Int,
        _ next: Int?,
        _ isLast: Bool,
        _ bytes: Span<UInt8>,
        _ place: inout Int,
        _ isEnd: Bool
    ) -> Outcome? {
        let step = steps.steps[index]
        switch step.action {
        case .literal: return pass(step.literal, bytes, &place, mayMiss: isLast && isEnd)
        case .size(let part):
            var number: Int64 = 0
            if let end = read(step.number, &number, bytes, &place, isEnd) { return end }
            guard number >= -1, number <= Int64(Int32.max) else { return .malformed(.tooLarge, at: place) }
            set(number, of: part)
            return nil
        case .text(let part):
            var text = Text(range: nil, form: step.form)
            if let end = read(&text, part, next, bytes, &place, isEnd) { return end }
            switch part {
            case .topic: topic = text
            case .key: key = text
            case .value: value = text
            }
            return nil
        case .headerCount:
            if let end = read(step.number, &headerCount, bytes, &place, isEnd) { return end }
            return headerCount > 1 << 20 ? .malformed(.tooLarge, at: place) : nil
        case .headers: return readHeaders(step.header, bytes, &place, isEnd)
        case .number(let part):
            var number: Int64 = 0
            if let end = read(step.number, &number, bytes, &place, isEnd) { return end }
            switch part {
            case .partition: partition = number < 0 ? nil : number
            case .timestamp: timestamp = number < 0 ? nil : number
            case .offset, .passed: break
            }
            return nil
        }
    }

    private mutating func readHeaders(
        _ pieces: Range<Int>,
        _ bytes: Span<UInt8>,
        _ place: inout Int,
        _ isEnd: Bool
    ) -> Outcome? {
        let outer = (sizes, topic, key, value)
        var left = headerCount
        while left > 0 {
            (sizes, key, value) = ((nil, nil, nil), nil, nil)
            for index in pieces {
                let next = index + 1 < pieces.upperBound ? index + 1 : nil
                if let end = pass(index, next, false, bytes, &place, isEnd) { return end }
            }
            guard let key else { return .malformed(.literal, at: place) }
            headers.append(Header(name: key, value: value))
            left -= 1
        }
        (sizes, topic, key, value) = outer
        return nil
    }

    private mutating func set(_ size: Int64, of part: RecordLayout.TextPart) {
        switch part {
        case .topic: sizes.topic = size
        case .key: sizes.key = size
        case .value: sizes.value = size
        }
    }

    private func size(of part: RecordLayout.TextPart) -> Int64? {
        switch part {
        case .topic: sizes.topic
        case .key: sizes.key
        case .value: sizes.value
        }
    }

    private func pass(
        _ literal: Range<Int>,
        _ bytes: Span<UInt8>,
        _ place: inout Int,
        mayMiss: Bool
    ) -> Outcome? {
        for index in 0..<literal.count {
            guard place + index < bytes.count else {
                guard mayMiss, index == 0 else { return .incomplete }
                return nil
            }
            guard bytes[place + index] == steps.literals[literal.lowerBound + index] else {
                return .malformed(.literal, at: place + index)
            }
        }
        place += literal.count
        return nil
    }

    /// Finds a text: by its size, by what follows it, or by its JSON.
    private mutating func read(
        _ text: inout Text,
        _ part: RecordLayout.TextPart,
        _ next: Int?,
        _ bytes: Span<UInt8>,
        _ place: inout Int,
        _ isEnd: Bool
    ) -> Outcome? {
        let start = place
        if let size = size(of: part) {
            guard size >= 0 else { return nil }
            guard Int(size) <= bytes.count - place else { return .incomplete }
            place += Int(size)
        } else if text.form == .json {
            var scanner = JSONScanner(place..<bytes.count)
            do throws(JSONFault) {
                let range = try scanner.value(in: bytes)
                // A number may go on.
                guard range.upperBound < bytes.count || isEnd else { return .incomplete }
                place = range.upperBound
                text = Text(range: range, form: .json)
                return nil
            } catch {
                return error.kind == .unexpectedEnd && !isEnd ? .incomplete : .malformed(.json, at: error.offset)
            }
        } else if case .expression(let expression) = text.form {
            switch steps.expressions[expression].match(bytes, from: place, isEnd: isEnd, &ways) {
            case .end(let end): place = end
            case .none: return .malformed(.expression, at: place)
            case .incomplete: return .incomplete
            }
        } else if let next, case .literal = steps.steps[next].action {
            guard let end = bytes.firstIndex(of: steps.literals, steps.steps[next].literal, from: place) else {
                guard isEnd else { return .incomplete }
                place = bytes.count
                text = Text(range: start..<place, form: text.form)
                return nil
            }
            place = end
        } else {
            guard isEnd else { return .incomplete }
            place = bytes.count
        }
        text = Text(range: start..<place, form: text.form)
        return nil
    }

    /// Reads a number; how the record ends, if it does.
    private func read(
        _ form: RecordLayout.Number,
        _ number: inout Int64,
        _ bytes: Span<UInt8>,
        _ place: inout Int,
        _ isEnd: Bool
    ) -> Outcome? {
        let start = place
        switch form {
        case .fixed(let value):
            number = value
            return nil
        case .digits:
            if place < bytes.count, bytes[place] == UInt8(ascii: "-") { place += 1 }
            while place < bytes.count, bytes[place] &- 0x30 <= 9 { place += 1 }
            // Others may follow.
            guard place < bytes.count || isEnd || place > start + 20 else { return .incomplete }
            guard let value = DecimalNumber.parse(bytes, start..<place) else {
                return place < bytes.count || place > start + 20 ? .malformed(.number, at: place) : .incomplete
            }
            number = value
            return nil
        case .hexadecimal(let count):
            var value: UInt64 = 0
            for index in start..<start + count {
                guard index < bytes.count else { return .incomplete }
                guard let digit = Hexadecimal.value(of: bytes[index]) else { return .malformed(.number, at: index) }
                value = value << 4 | UInt64(digit)
            }
            place += count
            number = Self.signed(value, bits: count * 4)
            return nil
        case .big(let count), .little(let count):
            guard bytes.count - place >= count else { return .incomplete }
            var value: UInt64 = 0
            for index in 0..<count {
                let byte = form == .big(count) ? bytes[place + index] : bytes[place + count - 1 - index]
                value = value << 8 | UInt64(byte)
            }
            place += count
            number = Self.signed(value, bits: count * 8)
            return nil
        case .bool:
            for (word, value) in [("true" as StaticString, Int64(1)), ("false", 0)] where bytes.hasText(word, at: place)
            {
                place += word.utf8CodeUnitCount
                number = value
                return nil
            }
            return bytes.count - place < 5 ? .incomplete : .malformed(.number, at: place)
        }
    }

    /// Numbers of 32 bits and more may be below zero, as -1 is for null; shorter ones are sizes up to their largest.
    private static func signed(_ value: UInt64, bits: Int) -> Int64 {
        switch bits {
        case 64: Int64(bitPattern: value)
        case 32: Int64(Int32(truncatingIfNeeded: value))
        default: Int64(value)
        }
    }
}

extension Span where Element == UInt8 {
    /// Where a part of some bytes, at least one, comes next.
    @inline(__always)
    func firstIndex(of bytes: [UInt8], _ part: Range<Int>, from start: Int) -> Int? {
        var place = start
        let (first, lastStart) = (part.lowerBound, count - part.count)
        while place <= lastStart {
            place = firstIndexNearby(of: bytes[first], from: place, to: lastStart + 1)
            guard place <= lastStart else { return nil }
            var index = 1
            while index < part.count, self[place &+ index] == bytes[first &+ index] { index += 1 }
            if index == part.count { return place }
            place += 1
        }
        return nil
    }
}
