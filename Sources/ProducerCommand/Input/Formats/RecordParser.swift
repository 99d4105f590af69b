// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords
import RecordText

/// Makes of the records of an input what is sent: with its format, the serializers, and the key that all records get.
struct RecordParser: Sendable {
    private enum Kind {
        case delimited
        case letters
        case json
        case csv
        case paths
        case files
        case layout
    }

    private let settings: RecordSettings
    // The format, taken apart once: an enum with so much in it is copied, with its reference counts, at every use.
    private let kind: Kind
    private let delimited: DelimitedParser
    private let letters: DeadLetterDecoder
    private let json: JSONFormat
    private var csv: CSVParser
    private let paths: PathFormat
    private let files: FilesFormat
    private var layout: LayoutParser?
    private var places: [JSONPlace] = []
    private var context = InputContext()
    private let hasFixedKey: Bool
    private let isIdentity: Bool
    private let mayHaveHalves: Bool
    /// What the last record has there.
    private(set) var scratch = RecordScratch()
    /// What the objects of JSON that were read last have in common. Not in the scratch, which is copied when it is looked at.
    private var shape = RecordShape()
    private var headerEncoder: HeaderEncoder

    init(_ settings: RecordSettings) {
        self.settings = settings
        var (kind, delimited, letters, json) = (Kind.delimited, DelimitedFormat(), DeadLetterDecoder(), JSONFormat())
        var (csv, paths, files) = (CSVFormat(), PathFormat(), FilesFormat())
        switch settings.format {
        case .delimited(let format): delimited = format
        case .deadLetters(let decoder): (kind, letters) = (.letters, decoder)
        case .json(let format): (kind, json) = (.json, format)
        case .csv(let format): (kind, csv) = (.csv, format)
        case .paths(let format): (kind, paths) = (.paths, format)
        case .files(let format): (kind, files) = (.files, format)
        case .layout(let format): (kind, layout) = (.layout, LayoutParser(format))
        }
        self.kind = kind
        self.delimited = DelimitedParser(format: delimited)
        self.letters = letters
        self.json = json
        self.csv = CSVParser(csv)
        self.paths = paths
        self.files = files
        hasFixedKey = settings.key != nil
        mayHaveHalves = settings.form.mayHaveHalves
        isIdentity = settings.keySerializer.isIdentity && settings.valueSerializer.isIdentity
        headerEncoder = HeaderEncoder(behind: settings.headers)
        if let key = settings.key { scratch.key = key }
    }

    /// What the bytes of `record` say.
    mutating func parse(_ record: Range<Int>, in chunk: Chunk) throws(RecordFault) -> ParsedRecord {
        var parsed = ParsedRecord()
        try parse(record, in: chunk, into: &parsed)
        return parsed
    }

    /// Puts what the bytes of `record` say in place of what `parsed` says: a result is moved from caller to caller.
    mutating func parse(_ record: Range<Int>, in chunk: Chunk, into parsed: inout ParsedRecord) throws(RecordFault) {
        if mayHaveHalves, let place = LoneSurrogate.firstIndex(in: chunk.bytes, record) {
            throw .malformed(
                "half of a UTF-16 character (a surrogate without the other, or a last byte alone)",
                column: place - record.lowerBound + 1
            )
        }
        switch kind {
        case .delimited:
            parsed = try parseDelimited(record, in: chunk.bytes)
            return
        case .letters: return try letters.parse(record, in: chunk.bytes, into: &parsed, &scratch, &shape)
        case .json: parsed = try json.parse(record, in: chunk.bytes, into: &scratch, &shape)
        case .csv: parsed = try csv.parse(record, in: chunk.bytes, into: &scratch)
        case .paths: parsed = try paths.parse(record, in: chunk.bytes, into: &scratch, &places)
        case .layout: parsed = try layout?.parse(record, in: chunk.bytes, into: &scratch) ?? ParsedRecord()
        case .files: parsed = files.parse(record, of: context, into: &scratch)
        }
        try finish(&parsed, in: chunk.bytes)
    }

    /// Whether the next record of the input only names the columns.
    var awaitsColumns: Bool { kind == .csv && csv.awaitsColumns }

    /// Whether no record can be found any more in the input.
    var isOutOfStep: Bool { layout?.isOutOfStep ?? false }

    /// Begins an input.
    mutating func begin(_ context: InputContext) throws(RecordFault) {
        self.context = context
        if kind == .csv { try csv.begin(columns: context.columns) }
    }

    /// The names of the columns in a row.
    mutating func columns(_ row: Range<Int>, in bytes: Span<UInt8>) throws(RecordFault) -> [String] {
        try csv.columns(row, in: bytes)
    }

    /// Gives a record without a key the one that all such records get, and its texts to their serializers.
    private mutating func finish(_ record: inout ParsedRecord, in bytes: Span<UInt8>) throws(RecordFault) {
        try checkTopic(of: record, in: bytes)
        var isKeySerialized = false
        if hasFixedKey, record.key == .null, let key = settings.key {
            scratch.key = key
            record.key = .scratch
            isKeySerialized = true
        }
        if !isIdentity { try serialize(&record, in: bytes, isKeySerialized) }
    }

    private mutating func parseDelimited(
        _ record: Range<Int>,
        in bytes: Span<UInt8>
    ) throws(RecordFault) -> ParsedRecord {
        let parts = try delimited.parse(record, in: bytes)
        scratch.removeTexts()
        if let text = parts.headers { try delimited.readHeaders(text, in: bytes, to: &scratch.headers) }
        var (key, value) = (hasFixedKey ? Field.scratch : .null, Field.null)
        if !hasFixedKey, let text = parts.key {
            key = try Self.serialize(text, bytes, settings.keySerializer, into: &scratch.key, RecordFault.key)
        }
        if let text = parts.value {
            value = try Self.serialize(text, bytes, settings.valueSerializer, into: &scratch.value, RecordFault.value)
        }
        return ParsedRecord(key: key, value: value)
    }

    private static func serialize(
        _ text: Range<Int>,
        _ bytes: Span<UInt8>,
        _ serializer: Serializer,
        into memory: inout [UInt8],
        _ fault: (String) -> RecordFault
    ) throws(RecordFault) -> Field {
        guard !serializer.isIdentity else { return .input(text) }
        memory.removeAll(keepingCapacity: true)
        return try serialize(bytes.extracting(text), serializer, into: &memory, fault)
    }

    private static func serialize(
        _ text: Span<UInt8>,
        _ serializer: Serializer,
        into memory: inout [UInt8],
        _ fault: (String) -> RecordFault
    ) throws(RecordFault) -> Field {
        do throws(SerializationError) {
            let form = try serializer.serialize(text, into: &memory)
            return form == .null ? .null : .scratch
        } catch {
            throw fault("\(error)")
        }
    }

    /// Gives the texts of a record's key and value, wherever they are, to their serializers.
    private mutating func serialize(
        _ record: inout ParsedRecord,
        in bytes: Span<UInt8>,
        _ isKeySerialized: Bool
    ) throws(RecordFault) {
        if !isKeySerialized {
            record.key = try Self.serialize(record.key, settings.keySerializer, bytes, &scratch.key, RecordFault.key)
        }
        record.value = try Self.serialize(
            record.value,
            settings.valueSerializer,
            bytes,
            &scratch.value,
            RecordFault.value
        )
    }

    private static func serialize(
        _ field: Field,
        _ serializer: Serializer,
        _ bytes: Span<UInt8>,
        _ memory: inout [UInt8],
        _ fault: (String) -> RecordFault
    ) throws(RecordFault) -> Field {
        guard !serializer.isIdentity else { return field }
        switch field {
        case .null: return .null
        case .input(let range): return try serialize(range, bytes, serializer, into: &memory, fault)
        case .scratch:
            let text = memory
            memory = []
            return try serialize(text.span, serializer, into: &memory, fault)
        }
    }

    private func checkTopic(of record: ParsedRecord, in bytes: Span<UInt8>) throws(RecordFault) {
        guard let topic = record.topic else { return }
        let name = scratch.span(of: topic, in: bytes)
        guard !TopicName.isLegal(name) else { return }
        throw .malformed(TopicName.refusal(of: String(decoding: name.copy(0..<name.count), as: UTF8.self)))
    }

    /// The headers of the record that was parsed last, behind those that all records get.
    mutating func encodedHeaders(in bytes: Span<UInt8>) -> EncodedHeaders {
        headerEncoder.begin(count: scratch.headers.count)
        Self.encode(scratch, in: bytes, with: &headerEncoder)
        return headerEncoder.finish()
    }

    private static func encode(_ scratch: RecordScratch, in bytes: Span<UInt8>, with encoder: inout HeaderEncoder) {
        for header in scratch.headers {
            let name = scratch.span(of: header.name, in: bytes)
            // Brokers and readers take names for UTF-8.
            guard UTF8Text.isValid(name) else {
                append(name.mendedUTF8.span, header.value, scratch, in: bytes, with: &encoder)
                continue
            }
            append(name, header.value, scratch, in: bytes, with: &encoder)
        }
    }

    private static func append(
        _ name: Span<UInt8>,
        _ value: TextPlace?,
        _ scratch: RecordScratch,
        in bytes: Span<UInt8>,
        with encoder: inout HeaderEncoder
    ) {
        guard let value else { return encoder.append(name: name, value: nil) }
        encoder.append(name: name, value: scratch.span(of: value, in: bytes))
    }

    /// A record that was parsed last, in memory of its own.
    func record(_ parsed: ParsedRecord, in chunk: Chunk) -> ProducerRecord {
        ProducerRecord(
            topic: parsed.topic.map { text(of: $0, in: chunk) } ?? settings.topic,
            partition: parsed.partition ?? settings.partition,
            key: copy(parsed.key, of: scratch.key, in: chunk),
            value: copy(parsed.value, of: scratch.value, in: chunk),
            headers: settings.headers
                + scratch.headers.map { header in
                    ProducerRecordHeader(
                        name: text(of: header.name, in: chunk),
                        value: header.value.map { scratch.bytes(of: $0, in: chunk.bytes) }
                    )
                },
            timestamp: parsed.timestamp
        )
    }

    private func text(of place: TextPlace, in chunk: Chunk) -> String {
        String(decoding: scratch.bytes(of: place, in: chunk.bytes), as: UTF8.self)
    }

    private func copy(_ field: Field, of memory: [UInt8], in chunk: Chunk) -> [UInt8]? {
        switch field {
        case .null: nil
        case .input(let range): chunk.bytes.copy(range)
        case .scratch: memory
        }
    }
}

extension Chunk {
    /// The bytes of a field, which are here or in `memory`.
    @_lifetime(copy self, borrow memory)
    func bytes(of field: Field, or memory: borrowing [UInt8]) -> Span<UInt8>? {
        switch field {
        case .null: nil
        case .input(let range): bytes.extracting(range)
        case .scratch: memory.span
        }
    }
}

extension Span where Element == UInt8 {
    /// The bytes with what is not UTF-8 replaced.
    fileprivate var mendedUTF8: [UInt8] { Array(String(decoding: copy(0..<count), as: UTF8.self).utf8) }
}
