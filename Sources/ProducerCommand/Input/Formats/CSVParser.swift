// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Makes records of the rows of one input, whose first row names the columns.
struct CSVParser: Sendable {
    /// Where the parts of a record are, by the numbers of their columns.
    private struct Layout: Sendable {
        var count: Int
        var key: Int?
        var value: Int?
        var timestamp: Int?
        var topic: Int?
        var partition: Int?
        /// By the headers of the format.
        var headers: [Int] = []
    }

    let format: CSVFormat
    private var layout: Layout?
    /// The beginnings of the members of an object, `{"a":` and `,"b":`.
    private var names: [[UInt8]] = []
    private var fields: [CSVField] = []

    init(_ format: CSVFormat) { self.format = format }

    /// Whether the next row is the one that names the columns.
    var awaitsColumns: Bool { layout == nil }

    /// Begins an input, whose columns may be known.
    mutating func begin(columns: [String]?) throws(RecordFault) {
        layout = nil
        if let columns { try take(columns) }
    }

    /// The names in the first row.
    mutating func columns(_ record: Range<Int>, in bytes: Span<UInt8>) throws(RecordFault) -> [String] {
        let hasMark = bytes.extracting(record).hasBytes([0xEF, 0xBB, 0xBF], at: 0)
        try read(hasMark ? record.lowerBound + 3..<record.upperBound : record, in: bytes)
        return fields.map { field in
            var text: [UInt8] = []
            field.append(from: bytes, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    private mutating func take(_ columns: [String]) throws(RecordFault) {
        func index(_ name: String?) throws(RecordFault) -> Int? {
            guard let name else { return nil }
            guard let index = columns.firstIndex(of: name) else {
                let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
                throw .columns("there is no column \"\(name)\" in the first row; it has \(names)")
            }
            return index
        }
        var layout = Layout(count: columns.count)
        layout.key = try index(format.key)
        layout.value = try index(format.value)
        layout.timestamp = try index(format.timestamp)
        layout.topic = try index(format.topic)
        layout.partition = try index(format.partition)
        for header in format.headers { if let place = try index(header.column) { layout.headers.append(place) } }
        self.layout = layout
        names = columns.enumerated().map { number, name in
            var bytes: [UInt8] = [number == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")]
            bytes.append(jsonString: name.utf8)
            bytes.append(UInt8(ascii: ":"))
            return bytes
        }
    }

    private mutating func read(_ record: Range<Int>, in bytes: Span<UInt8>) throws(RecordFault) {
        do throws(CSVFault) {
            try CSVRow.read(record, in: bytes, separator: format.separator, into: &fields)
        } catch {
            throw .malformed("\(error)", column: error.offset - record.lowerBound + 1)
        }
    }

    /// The record of a row, with what is not there as it is sent in `scratch`.
    mutating func parse(
        _ record: Range<Int>,
        in bytes: Span<UInt8>,
        into scratch: inout RecordScratch
    ) throws(RecordFault) -> ParsedRecord {
        guard let layout else { throw .malformed("the columns of the input are not known") }
        scratch.removeTexts()
        try read(record, in: bytes)
        guard fields.count == layout.count else {
            throw .malformed("the row has \(fields.count) fields, and the first row \(layout.count)")
        }
        var parsed = ParsedRecord()
        if let key = layout.key { parsed.key = field(key, in: bytes, into: &scratch.key) }
        if let value = layout.value {
            parsed.value = field(value, in: bytes, into: &scratch.value)
        } else if format.row == .json {
            appendObject(in: bytes, to: &scratch.value)
            parsed.value = .scratch
        } else {
            parsed.value = .input(record)
        }
        if let topic = layout.topic, !fields[topic].content.isEmpty {
            parsed.topic = text(topic, in: bytes, &scratch)
        }
        if let timestamp = layout.timestamp { parsed.timestamp = try time(timestamp, record, in: bytes) }
        if let partition = layout.partition { parsed.partition = try number(partition, record, in: bytes) }
        for index in 0..<layout.headers.count {
            let start = scratch.text.count
            scratch.text += format.headers[index].name.utf8
            let name = TextPlace.scratch(start..<scratch.text.count)
            let isNull = bytes.isNull(fields[layout.headers[index]].content, marker: format.nullMarker)
            let value = isNull ? nil : text(layout.headers[index], in: bytes, &scratch)
            scratch.headers.append(HeaderField(name: name, value: value))
        }
        return parsed
    }

    private func field(_ index: Int, in bytes: Span<UInt8>, into memory: inout [UInt8]) -> Field {
        let field = fields[index]
        guard !bytes.isNull(field.content, marker: format.nullMarker) else { return .null }
        guard field.hasEscapes else { return .input(field.content) }
        memory.removeAll(keepingCapacity: true)
        field.append(from: bytes, to: &memory)
        return .scratch
    }

    private func text(_ index: Int, in bytes: Span<UInt8>, _ scratch: inout RecordScratch) -> TextPlace {
        let field = fields[index]
        guard field.hasEscapes else { return .input(field.content) }
        let start = scratch.text.count
        field.append(from: bytes, to: &scratch.text)
        return .scratch(start..<scratch.text.count)
    }

    /// A time; nil for an empty field.
    private func time(_ index: Int, _ record: Range<Int>, in bytes: Span<UInt8>) throws(RecordFault) -> Int64? {
        let content = fields[index].content
        guard !content.isEmpty, !bytes.isNull(content, marker: format.nullMarker) else { return nil }
        guard let time = TimeParser.milliseconds(bytes, content) else {
            throw .malformed(
                "the timestamp is neither milliseconds nor a time such as 2026-11-29T15:50:22Z",
                column: content.lowerBound - record.lowerBound + 1
            )
        }
        return time
    }

    /// A partition; nil for an empty field.
    private func number(_ index: Int, _ record: Range<Int>, in bytes: Span<UInt8>) throws(RecordFault) -> Int32? {
        let content = fields[index].content
        guard !content.isEmpty, !bytes.isNull(content, marker: format.nullMarker) else { return nil }
        guard let number = DecimalNumber.parse(bytes, content).flatMap({ Int32(exactly: $0) }), number >= 0 else {
            throw .malformed("the partition is no number from 0", column: content.lowerBound - record.lowerBound + 1)
        }
        return number
    }

    private func appendObject(in bytes: Span<UInt8>, to memory: inout [UInt8]) {
        memory.removeAll(keepingCapacity: true)
        for index in 0..<fields.count {
            memory += names[index]
            let field = fields[index]
            if bytes.isNull(field.content, marker: format.nullMarker) {
                memory.append(text: "null")
            } else if field.hasEscapes {
                var text: [UInt8] = []
                field.append(from: bytes, to: &text)
                memory.append(jsonString: text)
            } else {
                memory.append(jsonText: bytes.extracting(field.content))
            }
        }
        memory.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    /// Appends a JSON string, with its quotes: what needs no escape in one go.
    fileprivate mutating func append(jsonText text: Span<UInt8>) {
        for index in text.indices where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5C {
            return append(jsonString: text.copy(0..<text.count))
        }
        append(UInt8(ascii: "\""))
        append(bytesOf: text)
        append(UInt8(ascii: "\""))
    }
}
