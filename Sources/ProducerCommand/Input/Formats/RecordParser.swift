// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Makes of the records of an input what is sent: with its format, the serializers, and the key that all records get.
struct RecordParser: Sendable {
    private let settings: RecordSettings
    // The format, taken apart once: an enum with so much in it is copied, with its reference counts, at every use.
    private let delimited: DelimitedParser
    private let letters: DeadLetterDecoder?
    private let hasFixedKey: Bool
    /// What the last record has there.
    private(set) var scratch = RecordScratch()

    init(_ settings: RecordSettings) {
        self.settings = settings
        switch settings.format {
        case .delimited(let format): (delimited, letters) = (DelimitedParser(format: format), nil)
        case .deadLetters(let decoder): (delimited, letters) = (DelimitedParser(format: DelimitedFormat()), decoder)
        }
        hasFixedKey = settings.key != nil
        if let key = settings.key { scratch.key = key }
    }

    /// What the bytes of `record` say.
    mutating func parse(_ record: Range<Int>, in chunk: Chunk) throws(RecordFault) -> ParsedRecord {
        if let letters { return try letters.parse(record, in: chunk.bytes, into: &scratch) }
        let bytes = chunk.bytes
        let parts = try delimited.parse(record, in: bytes)
        var headers: [ProducerRecordHeader] = []
        if let text = parts.headers { headers = try delimited.headers(of: text, in: bytes) }
        var (key, value) = (hasFixedKey ? Field.scratch : .null, Field.null)
        if !hasFixedKey, let text = parts.key {
            key = try Self.serialize(text, bytes, settings.keySerializer, into: &scratch.key, RecordFault.key)
        }
        if let text = parts.value {
            value = try Self.serialize(text, bytes, settings.valueSerializer, into: &scratch.value, RecordFault.value)
        }
        return ParsedRecord(key: key, value: value, headers: headers)
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
        do throws(SerializationError) {
            let form = try serializer.serialize(bytes.extracting(text), into: &memory)
            return form == .null ? .null : .scratch
        } catch {
            throw fault("\(error)")
        }
    }

    /// A record that was parsed last, in memory of its own.
    func record(_ parsed: ParsedRecord, in chunk: Chunk) -> ProducerRecord {
        ProducerRecord(
            topic: parsed.topic ?? settings.topic,
            partition: parsed.partition ?? settings.partition,
            key: copy(parsed.key, of: scratch.key, in: chunk),
            value: copy(parsed.value, of: scratch.value, in: chunk),
            headers: settings.headers + parsed.headers,
            timestamp: parsed.timestamp
        )
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
