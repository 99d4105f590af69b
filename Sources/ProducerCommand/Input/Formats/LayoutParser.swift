// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Makes records of bytes that are laid out as `-f` says.
struct LayoutParser: Sendable {
    private var reader: RecordLayoutReader
    /// Whether sizes have led to what is no record, so that it is not known where the next one is.
    private(set) var isOutOfStep = false

    init(_ layout: RecordLayout) { reader = RecordLayoutReader(layout) }

    /// The record that lies at `range`, with what is not there as it is sent in `scratch`.
    mutating func parse(
        _ range: Range<Int>,
        in bytes: Span<UInt8>,
        into scratch: inout RecordScratch
    ) throws(RecordFault) -> ParsedRecord {
        scratch.removeTexts()
        let part = bytes.extracting(0..<range.upperBound)
        switch reader.read(part, from: range.lowerBound, isEnd: true) {
        case .record(let end) where end == range.upperBound: break
        case .record(let end): throw fault(.literal, at: end, range)
        case .incomplete: throw .malformed("the record ends before its layout does")
        case .malformed(let fault, let place): throw self.fault(fault, at: place, range)
        }
        var record = ParsedRecord()
        if let key = reader.key { record.key = try Self.field(key, "key", in: bytes, into: &scratch.key) }
        if let value = reader.value { record.value = try Self.field(value, "value", in: bytes, into: &scratch.value) }
        if let topic = reader.topic { record.topic = try Self.place(topic, "topic", in: bytes, &scratch) }
        record.timestamp = reader.timestamp
        if let partition = reader.partition {
            guard partition <= Int32.max else { throw .malformed("\(partition) is no partition") }
            record.partition = Int32(partition)
        }
        for header in reader.headers {
            guard let name = try Self.place(header.name, "name of a header", in: bytes, &scratch) else {
                throw .malformed("the name of a header is null")
            }
            let value = try header.value.flatMap { text throws(RecordFault) in
                try Self.place(text, "value of a header", in: bytes, &scratch)
            }
            scratch.headers.append(HeaderField(name: name, value: value))
        }
        return record
    }

    private mutating func fault(
        _ fault: RecordLayoutReader.Fault,
        at place: Int,
        _ range: Range<Int>
    ) -> RecordFault {
        let text =
            switch fault {
            case .number: "a number is not written as -f has it"
            case .tooLarge: "a number is too large for a size or a count"
            case .literal: "something else stands where -f has a delimiter"
            case .json: "a value is not JSON"
            case .expression: "a text is not what its regular expression asks for"
            }
        isOutOfStep = reader.layout.isSized || reader.layout.ending.isEmpty
        let rest = isOutOfStep ? "; what follows cannot be told apart" : ""
        return .malformed(text + rest, column: place - range.lowerBound + 1)
    }

    private static func field(
        _ text: RecordLayoutReader.Text,
        _ name: String,
        in bytes: Span<UInt8>,
        into memory: inout [UInt8]
    ) throws(RecordFault) -> Field {
        guard let range = text.range else { return .null }
        guard let encoding = encoding(of: text.form) else { return .input(range) }
        memory.removeAll(keepingCapacity: true)
        guard encoding.append(from: bytes.extracting(range), to: &memory) else {
            throw .malformed("the \(name) is not \(encoding.rawValue)")
        }
        return .scratch
    }

    private static func place(
        _ text: RecordLayoutReader.Text,
        _ name: String,
        in bytes: Span<UInt8>,
        _ scratch: inout RecordScratch
    ) throws(RecordFault) -> TextPlace? {
        guard let range = text.range else { return nil }
        guard let encoding = encoding(of: text.form) else { return .input(range) }
        let start = scratch.text.count
        guard encoding.append(from: bytes.extracting(range), to: &scratch.text) else {
            throw .malformed("the \(name) is not \(encoding.rawValue)")
        }
        return .scratch(start..<scratch.text.count)
    }

    private static func encoding(of form: RecordLayoutReader.Form) -> ContentEncoding? {
        switch form {
        case .plain, .json, .expression: nil
        case .base64: .base64
        case .hexadecimal: .hex
        }
    }
}
