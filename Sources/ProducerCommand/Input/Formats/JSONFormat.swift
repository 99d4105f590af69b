// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Records as objects of JSON, in the words of kcat, rpk, kaf, kafkactl, Kafka Connect and of dead letters.
struct JSONFormat: Equatable, Sendable {
    /// How the strings of keys stand for bytes.
    var keyEncoding = ContentEncoding.text
    /// How the strings of values stand for bytes.
    var valueEncoding = ContentEncoding.text
    /// What is taken over beside key, value and headers.
    var kept: KeptFields = .timestamp
    /// What ends a record; nil when JSON itself says where it ends.
    var delimiter: BytePattern?

    /// The record whose object lies at `range`, with what is not there as it is sent in `scratch`. `shape` is what the objects
    /// before had in common.
    func parse(
        _ range: Range<Int>,
        in bytes: Span<UInt8>,
        into scratch: inout RecordScratch,
        _ shape: inout RecordShape
    ) throws(RecordFault) -> ParsedRecord {
        scratch.removeTexts()
        let object: RecordObject
        do throws(JSONFault) {
            object = try RecordObject(range, in: bytes, headers: &scratch.places, shape: &shape)
            try JSONContent.readHeaders(in: bytes, &scratch)
        } catch {
            throw .malformed(error, in: range, of: bytes)
        }
        var record = ParsedRecord()
        if kept.contains(.topic), let topic = object.topic { record.topic = scratch.place(of: topic, in: bytes) }
        if kept.contains(.partition), object.isPartitionExplicit != false { record.partition = object.partition }
        if kept.contains(.timestamp) { record.timestamp = object.timestamp }
        guard let key = JSONContent.field(object.key, keyEncoding, in: bytes, into: &scratch.key) else {
            throw .malformed("the key is not \(keyEncoding.rawValue)")
        }
        record.key = key
        if object.value == .absent, try readElsewhere(object, in: bytes, into: &record, &scratch) { return record }
        guard let value = JSONContent.field(object.value, valueEncoding, in: bytes, into: &scratch.value) else {
            throw .malformed("the value is not \(valueEncoding.rawValue)")
        }
        record.value = value
        return record
    }

    /// What becomes of an object without a value; true when the value was read from where the object says.
    private func readElsewhere(
        _ object: RecordObject,
        in bytes: Span<UInt8>,
        into record: inout ParsedRecord,
        _ scratch: inout RecordScratch
    ) throws(RecordFault) -> Bool {
        let letter = object.letter
        let topic = object.topic?.text(in: bytes) ?? ""
        if letter.isTruncated {
            do throws(DeadLetterDecoder.Refusal) {
                guard let source = letter.recordSource(in: bytes) else {
                    throw DeadLetterDecoder.notHeld(letter, from: letter.origin(in: bytes), topic)
                }
                try LetterSource(source, longestRecord: .max, topic: topic).read(into: &record, &scratch)
                return true
            } catch {
                throw .letter(error)
            }
        }
        if letter.error != nil || letter.hasInput {
            throw .letter(DeadLetterDecoder.noRecord(letter, in: bytes, topic))
        }
        if letter.byteOffset != nil { throw .malformed("it is a receipt, which has no \"value\"") }
        // Of rpk, which leaves null values out.
        if object.topic != nil, object.hasOffset { return false }
        throw .malformed(
            "the object has no \"value\" and no \"payload\"; to send lines of JSON as values leave --input out"
        )
    }
}

/// What is taken over of a record beside key, value and headers.
struct KeptFields: OptionSet, Sendable {
    let rawValue: Int

    static let topic = KeptFields(rawValue: 1)
    static let partition = KeptFields(rawValue: 2)
    static let timestamp = KeptFields(rawValue: 4)
}
