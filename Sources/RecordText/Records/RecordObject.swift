// SPDX-License-Identifier: Apache-2.0

/// The object of JSON that stands for a record: what it says, and where. One pass, and no copy.
public struct RecordObject: Sendable {
    /// The topic, if it is there.
    public private(set) var topic: JSONString?
    /// The partition; a number below zero is none.
    public private(set) var partition: Int32?
    /// Milliseconds since 1970; a number below zero is none.
    public private(set) var timestamp: Int64?
    /// The key.
    public private(set) var key = JSONPlace.absent
    /// The value, also under the name `payload`.
    public private(set) var value = JSONPlace.absent
    /// Whether the partition was asked for, where a dead letter says.
    public private(set) var isPartitionExplicit: Bool?
    /// What only dead letters and receipts have.
    public private(set) var letter = RecordLetter()
    /// Whether there is an offset: the record was read from a topic.
    public private(set) var hasOffset = false

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - part: where it lies; nothing else may be there beside blanks.
    ///   - bytes: those in which it lies.
    ///   - headers: gets the record's headers, in their order; what was there is removed.
    ///   - shape: the names that the object before had, and then those of this one.
    /// - Throws: ``JSONFault`` when this is not JSON, or when a member is not of its type.
    public init(
        _ part: Range<Int>,
        in bytes: Span<UInt8>,
        headers: inout [HeaderPlace],
        shape: inout RecordShape
    ) throws(JSONFault) {
        headers.removeAll(keepingCapacity: true)
        var scanner = JSONScanner(part)
        guard try scanner.kind(in: bytes) == .object else { throw JSONFault(.notAnObject, at: scanner.position) }
        shape.repeated.objectBegins()
        let isLooking = shape.repeated.isLooking
        var index = 0
        while true {
            if isLooking { shape.repeated.memberBegins(at: scanner.position) }
            if index == shape.repeated.first {
                let start = scanner.position
                if shape.repeated.passes(&scanner, in: bytes) {
                    take(shape.repeated, movedBy: start - shape.repeated.origin)
                    index += shape.repeated.count
                    continue
                }
            }
            let member: RecordMember?
            if shape.passes(index, &scanner, in: bytes) {
                member = shape.member(index)
            } else {
                let start = scanner.position
                let next = index == 0 ? try scanner.firstMember(in: bytes) : try scanner.nextMember(in: bytes)
                guard let name = next else { break }
                member = Self.member(name, in: bytes)
                shape.learn(index, start..<scanner.position, in: bytes, member)
            }
            if let member {
                try read(member, &scanner, in: bytes, &headers)
            } else {
                _ = try scanner.value(in: bytes)
            }
            index += 1
        }
        try scanner.expectEnd(in: bytes)
        if isLooking { shape.repeated.objectEnds(in: bytes, shape) }
    }

    /// What no object says.
    init() {}

    /// What some members of an object say.
    ///
    /// - Parameters:
    ///   - members: Their places among its members.
    ///   - start: Where the first of them begins.
    ///   - end: Where the last member ends.
    ///   - bytes: Those in which it lies.
    /// - Throws: ``JSONFault``, which the object itself would have thrown.
    init(members: Range<Int>, from start: Int, _ end: Int, in bytes: Span<UInt8>) throws(JSONFault) {
        var scanner = JSONScanner(start..<end)
        var headers: [HeaderPlace] = []
        for index in members {
            let name = index == 0 ? try scanner.firstMember(in: bytes) : try scanner.nextMember(in: bytes)
            if let member = name.flatMap({ Self.member($0, in: bytes) }) {
                try read(member, &scanner, in: bytes, &headers)
            } else {
                _ = try scanner.value(in: bytes)
            }
        }
    }

    /// Takes over what members say that lie so many bytes farther here.
    private mutating func take(_ repeated: borrowing RepeatedMembers, movedBy distance: Int) {
        if repeated.kinds.contains(.topic) { topic = repeated.said.topic?.moved(by: distance) }
        if repeated.kinds.contains(.partition) { partition = repeated.said.partition }
        if repeated.kinds.contains(.timestamp) { timestamp = repeated.said.timestamp }
        if repeated.kinds.contains(.explicitPartition) { isPartitionExplicit = repeated.said.isPartitionExplicit }
        if repeated.kinds.contains(.offset) { hasOffset = true }
        letter.take(repeated, movedBy: distance)
    }

    private static func member(_ name: JSONString, in bytes: Span<UInt8>) -> RecordMember? {
        guard name.hasEscapes else { return RecordMember(bytes, name.content) }
        var text: [UInt8] = []
        name.append(from: bytes, to: &text)
        return RecordMember(text.span, 0..<text.count)
    }

    private mutating func read(
        _ member: RecordMember,
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>,
        _ headers: inout [HeaderPlace]
    ) throws(JSONFault) {
        switch member {
        case .key: key = try scanner.place(in: bytes)
        case .value, .payload: value = try scanner.place(in: bytes)
        case .topic: topic = try Self.string(member, &scanner, in: bytes)
        case .headers:
            headers.removeAll(keepingCapacity: true)
            try HeaderReader.read(&scanner, in: bytes, to: &headers)
        case .partition:
            let start = scanner.position
            guard let number = try Self.number(member, &scanner, in: bytes), number >= 0 else { return partition = nil }
            guard number <= Int32.max else { throw JSONFault(.wrongType(member), at: start) }
            partition = Int32(number)
        case .timestamp, .ts: timestamp = try Self.time(member, &scanner, in: bytes)
        case .explicitPartition: isPartitionExplicit = try Self.bool(member, &scanner, in: bytes)
        case .offset:
            hasOffset = true
            _ = try scanner.value(in: bytes)
        case .file, .line, .byteOffset, .error, .message, .truncated, .size, .source, .input:
            try letter.read(member, &scanner, in: bytes)
        }
    }

    // MARK: members of one type

    /// A string; nil for null.
    static func string(
        _ member: RecordMember,
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>
    ) throws(JSONFault) -> JSONString? {
        switch try scanner.kind(in: bytes) {
        case .string: return try scanner.string(in: bytes)
        case .null:
            _ = try scanner.word(in: bytes)
            return nil
        case .object, .array, .number, .bool: throw JSONFault(.wrongType(member), at: scanner.position)
        }
    }

    /// A whole number that fits; nil for null.
    static func number(
        _ member: RecordMember,
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>
    ) throws(JSONFault) -> Int64? {
        switch try scanner.kind(in: bytes) {
        case .number:
            if let number = scanner.shortNumber(in: bytes) { return number }
            let part = try scanner.number(in: bytes)
            guard let number = DecimalNumber.parse(bytes, part) else {
                throw JSONFault(.wrongType(member), at: part.lowerBound)
            }
            return number
        case .null:
            _ = try scanner.word(in: bytes)
            return nil
        case .object, .array, .string, .bool: throw JSONFault(.wrongType(member), at: scanner.position)
        }
    }

    /// True or false; nil for null.
    static func bool(
        _ member: RecordMember,
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>
    ) throws(JSONFault) -> Bool? {
        switch try scanner.kind(in: bytes) {
        case .bool:
            let word = try scanner.word(in: bytes)
            return bytes[word.lowerBound] == UInt8(ascii: "t")
        case .null:
            _ = try scanner.word(in: bytes)
            return nil
        case .object, .array, .string, .number: throw JSONFault(.wrongType(member), at: scanner.position)
        }
    }

    /// Milliseconds, or a time by RFC 3339; nil for null and for a number below zero, which is what Kafka has for no time.
    private static func time(
        _ member: RecordMember,
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>
    ) throws(JSONFault) -> Int64? {
        guard try scanner.kind(in: bytes) == .string else {
            guard let number = try number(member, &scanner, in: bytes), number >= 0 else { return nil }
            return number
        }
        let text = try scanner.string(in: bytes)
        guard let time = TimeParser.milliseconds(bytes, text.content) else {
            throw JSONFault(.wrongType(member), at: text.content.lowerBound)
        }
        return time
    }
}
