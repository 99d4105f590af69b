// SPDX-License-Identifier: Apache-2.0

/// What dead letters, and in part receipts, say beside the record.
public struct RecordLetter: Sendable {
    /// The input that the record came from.
    public private(set) var file: JSONString?
    /// Its number there, from 1.
    public private(set) var line: UInt64?
    /// Where it began there, in bytes.
    public private(set) var byteOffset: UInt64?
    /// The name of the error.
    public private(set) var error: JSONString?
    /// What happened, in words.
    public private(set) var message: JSONString?
    /// Whether the record was not kept.
    public private(set) var isTruncated = false
    /// How large it was, in bytes.
    public private(set) var size: Int64?
    /// The object that says where it can be read again.
    public private(set) var source: Range<Int>?
    /// Whether there is an input from which no record could be made.
    public private(set) var hasInput = false

    mutating func read(
        _ member: RecordMember,
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>
    ) throws(JSONFault) {
        switch member {
        case .file: file = try RecordObject.string(member, &scanner, in: bytes)
        case .line: line = try Self.count(member, &scanner, in: bytes)
        case .byteOffset: byteOffset = try Self.count(member, &scanner, in: bytes)
        case .error: error = try Self.words(&scanner, in: bytes)
        case .message: message = try Self.words(&scanner, in: bytes)
        case .truncated: isTruncated = try RecordObject.bool(member, &scanner, in: bytes) ?? false
        case .size: size = try RecordObject.number(member, &scanner, in: bytes)
        case .source:
            let isNull = try scanner.kind(in: bytes) == .null
            let part = try scanner.value(in: bytes)
            source = isNull ? nil : part
        case .input, .topic, .partition, .offset, .timestamp, .ts, .key, .value, .payload, .headers,
            .explicitPartition:
            hasInput = try scanner.kind(in: bytes) != .null
            _ = try scanner.value(in: bytes)
        }
    }

    /// Takes over what members say that lie so many bytes farther here.
    mutating func take(_ repeated: borrowing RepeatedMembers, movedBy distance: Int) {
        if repeated.kinds.contains(.file) { file = repeated.said.letter.file?.moved(by: distance) }
        if repeated.kinds.contains(.line) { line = repeated.said.letter.line }
        if repeated.kinds.contains(.byteOffset) { byteOffset = repeated.said.letter.byteOffset }
        if repeated.kinds.contains(.error) { error = repeated.said.letter.error?.moved(by: distance) }
        if repeated.kinds.contains(.message) { message = repeated.said.letter.message?.moved(by: distance) }
        if repeated.kinds.contains(.truncated) { isTruncated = repeated.said.letter.isTruncated }
        if repeated.kinds.contains(.size) { size = repeated.said.letter.size }
    }

    /// A number that is not below zero; nil for null.
    private static func count(
        _ member: RecordMember,
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>
    ) throws(JSONFault) -> UInt64? {
        let start = scanner.position
        guard let number = try RecordObject.number(member, &scanner, in: bytes) else { return nil }
        guard number >= 0 else { throw JSONFault(.wrongType(member), at: start) }
        return UInt64(number)
    }

    /// A string for a person; nil for anything else.
    private static func words(_ scanner: inout JSONScanner, in bytes: Span<UInt8>) throws(JSONFault) -> JSONString? {
        guard try scanner.kind(in: bytes) == .string else {
            _ = try scanner.value(in: bytes)
            return nil
        }
        return try scanner.string(in: bytes)
    }
}
