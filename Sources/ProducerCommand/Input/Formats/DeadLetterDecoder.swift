// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import RecordText

/// Reads the lines of dead-letter files, also those that a person has changed.
struct DeadLetterDecoder: Equatable, Sendable {
    /// Why a line cannot be sent again, in words.
    struct Refusal: Error, Equatable {
        /// Under what such lines are counted.
        var kind: FailureKind
        var message: String
        /// The topic that the record was for, if the line says.
        var topic: String?
    }

    /// No longer record can be sent, in bytes.
    var longestRecord = Int.max

    /// Puts the record of a line that lies at `range` into `record`, with what is not in the line as it is sent in `scratch`.
    /// `shape` is what the lines before had in common.
    func parse(
        _ range: Range<Int>,
        in bytes: Span<UInt8>,
        into record: inout ParsedRecord,
        _ scratch: inout RecordScratch,
        _ shape: inout RecordShape
    ) throws(RecordFault) {
        do throws(Refusal) {
            try read(range, in: bytes, into: &record, &scratch, &shape)
            if let topic = record.topic, !TopicName.isLegal(scratch.span(of: topic, in: bytes)) {
                let name = String(decoding: scratch.bytes(of: topic, in: bytes), as: UTF8.self)
                throw Refusal(kind: .notADeadLetter, message: TopicName.refusal(of: name))
            }
        } catch {
            throw .letter(error)
        }
    }

    private func read(
        _ range: Range<Int>,
        in bytes: Span<UInt8>,
        into record: inout ParsedRecord,
        _ scratch: inout RecordScratch,
        _ shape: inout RecordShape
    ) throws(Refusal) {
        scratch.removeTexts()
        let object: RecordObject
        do throws(JSONFault) {
            object = try RecordObject(range, in: bytes, headers: &scratch.places, shape: &shape)
            try JSONContent.readHeaders(in: bytes, &scratch)
            try Self.checkTypes(object, scratch.places)
        } catch {
            throw Self.unreadable(Self.words(for: error))
        }
        guard let topic = object.topic else { throw Self.unreadable("there is no \"topic\"") }
        record.topic = scratch.place(of: topic, in: bytes)
        record.origin = object.letter.file.map { file in
            OriginPlace(
                file: scratch.place(of: file, in: bytes),
                line: object.letter.line ?? 0,
                offset: object.letter.byteOffset ?? 0
            )
        }
        record.partition = object.isPartitionExplicit == true ? object.partition : nil
        record.timestamp = object.timestamp
        record.key = try Self.field(object.key, .key, in: bytes, into: &scratch.key)
        guard !object.letter.isTruncated else {
            let topic = topic.text(in: bytes)
            guard let source = object.letter.recordSource(in: bytes) else {
                throw Self.notHeld(object.letter, from: object.letter.origin(in: bytes), topic)
            }
            record.value = .null
            return try LetterSource(source, longestRecord: longestRecord, topic: topic).read(into: &record, &scratch)
        }
        guard object.value != .absent else { throw Self.noRecord(object.letter, in: bytes, topic.text(in: bytes)) }
        record.value = try Self.field(object.value, .value, in: bytes, into: &scratch.value)
    }

    /// Dead letters have texts and bytes: another value is a slip, and is not guessed at.
    private static func checkTypes(_ object: RecordObject, _ headers: [HeaderPlace]) throws(JSONFault) {
        if case .other(let range) = object.key { throw JSONFault(.wrongType(.key), at: range.lowerBound) }
        if case .other(let range) = object.value { throw JSONFault(.wrongType(.value), at: range.lowerBound) }
        for header in headers {
            if case .other(let range) = header.value { throw JSONFault(.wrongType(.headers), at: range.lowerBound) }
        }
    }

    private static func field(
        _ place: JSONPlace,
        _ member: RecordMember,
        in bytes: Span<UInt8>,
        into memory: inout [UInt8]
    ) throws(Refusal) -> Field {
        guard let field = JSONContent.field(place, .text, in: bytes, into: &memory) else {
            throw unreadable("\(JSONFault(.notBase64(member), at: 0))")
        }
        return field
    }

    private static func unreadable(_ reason: String) -> Refusal {
        Refusal(kind: .notADeadLetter, message: "the line is no dead letter: \(reason)")
    }

    private static func words(for fault: JSONFault) -> String {
        switch fault.kind {
        case .wrongType, .notBase64, .notAnObject: "\(fault)"
        case .unexpectedEnd, .unexpectedByte, .invalidEscape, .loneSurrogate, .controlCharacter, .invalidUTF8,
            .invalidNumber, .tooDeep:
            "it is not JSON: \(fault)"
        }
    }

    static func notHeld(_ letter: RecordLetter, from origin: InputPlace?, _ topic: String) -> Refusal {
        let size = letter.size.map { " of \(NumberText.grouped($0)) bytes" } ?? ""
        let place = origin.map { " from \($0), byte \($0.offset)" } ?? ""
        return Refusal(
            kind: .recordNotHeld,
            message: "the record\(size) was too large to be kept, send it\(place) again",
            topic: topic
        )
    }

    static func noRecord(_ letter: RecordLetter, in bytes: Span<UInt8>, _ topic: String) -> Refusal {
        let reason = (letter.message ?? letter.error)?.text(in: bytes) ?? "no value"
        return Refusal(
            kind: .noRecord,
            message: "no record could be made of the input: \(reason); "
                + "give the line a \"value\" (and \"key\"), or send its corrected \"input\"",
            topic: topic
        )
    }
}

extension JSONString {
    /// The text that the string stands for.
    func text(in bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        append(from: bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension RecordLetter {
    /// Where the record came from at first, if the letter says.
    func origin(in bytes: Span<UInt8>) -> InputPlace? {
        file.map { InputPlace(input: $0.text(in: bytes), line: line ?? 0, offset: byteOffset ?? 0) }
    }

    /// Where the record can be read again, if the letter says.
    func recordSource(in bytes: Span<UInt8>) -> RecordSource? {
        guard let source, let size, size >= 0, size <= Int.max else { return nil }
        return RecordSource(source, in: bytes, size: Int(size))
    }
}
