// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads the lines of dead-letter files, also those that a person has changed.
struct DeadLetterDecoder: Sendable {
    /// Why a line cannot be sent again, in words.
    struct Refusal: Error, Equatable {
        /// Under what such lines are counted.
        var kind: FailureKind
        var message: String
        /// The topic that the record was for, if the line says.
        var topic: String?
    }

    /// A record to send again.
    struct Letter: Equatable, Sendable {
        /// As it was, with its partition only if that was explicit.
        var record: ProducerRecord
        /// Where it came from at first, if the line says.
        var origin: InputPlace?
    }

    /// No longer record can be sent, in bytes.
    var longestRecord = Int.max
    private let decoder = JSONDecoder()

    init(longestRecord: Int = .max) { self.longestRecord = longestRecord }

    /// The record of a line that lies at `range`, with key and value in `scratch`.
    func parse(
        _ range: Range<Int>,
        in bytes: Span<UInt8>,
        into scratch: inout RecordScratch
    ) throws(RecordFault) -> ParsedRecord {
        let letter: Letter
        do throws(Refusal) {
            letter = try decode(bytes.copy(range))
        } catch {
            throw .letter(error)
        }
        do throws(UsageError) {
            try TopicName.check(letter.record.topic)
        } catch {
            throw .letter(Refusal(kind: .notADeadLetter, message: "\(error)"))
        }
        let record = letter.record
        if let key = record.key { scratch.key = key }
        if let value = record.value { scratch.value = value }
        return ParsedRecord(
            key: record.key == nil ? .null : .scratch,
            value: record.value == nil ? .null : .scratch,
            headers: record.headers,
            topic: record.topic,
            partition: record.partition,
            timestamp: record.timestamp,
            origin: letter.origin
        )
    }

    /// The record that a line holds.
    func decode(_ line: [UInt8]) throws(Refusal) -> Letter {
        let content: Line
        do {
            content = try decoder.decode(Line.self, from: Data(line))
        } catch {
            throw Refusal(kind: .notADeadLetter, message: "the line is no dead letter: \(Self.text(error))")
        }
        if content.truncated == true, let source = content.source { return try read(source, content) }
        guard content.truncated != true else {
            let size = content.size.map { " of \(NumberText.grouped($0)) bytes" } ?? ""
            let place = content.origin.map { " from \($0), byte \($0.offset)" } ?? ""
            throw Refusal(
                kind: .recordNotHeld,
                message: "the record\(size) was too large to be kept, send it\(place) again",
                topic: content.topic
            )
        }
        guard content.hasValue else {
            throw Refusal(
                kind: .noRecord,
                message: "no record could be made of the input: \(content.message ?? content.error ?? "no value"); "
                    + "give the line a \"value\" (and \"key\"), or send its corrected \"input\"",
                topic: content.topic
            )
        }
        return content.letter(key: content.key?.bytes, value: content.value?.bytes)
    }

    /// The record of a letter that only says where it is.
    private func read(_ source: RecordSource, _ content: Line) throws(Refusal) -> Letter {
        guard source.size <= longestRecord else {
            let size = NumberText.grouped(source.size)
            throw Refusal(
                kind: .producer(.recordTooLarge),
                message:
                    "the record of \(size) bytes is larger than max.request.size or buffer.memory allows; raise them",
                topic: content.topic
            )
        }
        var value: [UInt8]
        do throws(RecordSource.Absence) {
            value = try source.read()
        } catch {
            let message = "the record was too large to be kept, and its source is gone: \(error.reason)"
            throw Refusal(kind: .recordNotHeld, message: message, topic: content.topic)
        }
        var key = content.key?.bytes
        if let separator = source.keySeparator, !separator.isEmpty {
            guard let place = value.firstRange(of: separator) else {
                throw Refusal(
                    kind: .noKeySeparator,
                    message: "there is no key separator in the record of \(source.path), byte \(source.offset)",
                    topic: content.topic
                )
            }
            key = Array(value[..<place.lowerBound])
            value.removeSubrange(..<place.upperBound)
        }
        return content.letter(key: key, value: value)
    }

    private static func text(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "there is no \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of the wrong type"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\": \(context.debugDescription)"
        default: "it is not JSON"
        }
    }
}

extension DeadLetterDecoder: Equatable {
    static func == (left: Self, right: Self) -> Bool { left.longestRecord == right.longestRecord }
}

/// A line of a dead-letter file.
private struct Line: Decodable {
    private enum Key: String, CodingKey {
        case file, line, byteOffset, error, message, topic, partition, explicitPartition, timestamp
        case key, value, headers, truncated, size, source
    }

    var origin: InputPlace?
    var error: String?
    var message: String?
    var topic: String
    var partition: Int32?
    var explicitPartition: Bool?
    var timestamp: Int64?
    var key: Bytes?
    var value: Bytes?
    var hasValue: Bool
    var headers: [Header]?
    var truncated: Bool?
    var size: Int?
    var source: RecordSource?

    init(from decoder: any Decoder) throws {
        let line = try decoder.container(keyedBy: Key.self)
        topic = try line.decode(String.self, forKey: .topic)
        if let file = try line.decodeIfPresent(String.self, forKey: .file) {
            let number = try line.decodeIfPresent(UInt64.self, forKey: .line) ?? 0
            let offset = try line.decodeIfPresent(UInt64.self, forKey: .byteOffset) ?? 0
            origin = InputPlace(input: file, line: number, offset: offset)
        }
        error = try line.decodeIfPresent(String.self, forKey: .error)
        message = try line.decodeIfPresent(String.self, forKey: .message)
        partition = try line.decodeIfPresent(Int32.self, forKey: .partition)
        explicitPartition = try line.decodeIfPresent(Bool.self, forKey: .explicitPartition)
        timestamp = try line.decodeIfPresent(Int64.self, forKey: .timestamp)
        key = try line.decodeIfPresent(Bytes.self, forKey: .key)
        value = try line.decodeIfPresent(Bytes.self, forKey: .value)
        hasValue = line.contains(.value)
        headers = try line.decodeIfPresent([Header].self, forKey: .headers)
        truncated = try line.decodeIfPresent(Bool.self, forKey: .truncated)
        size = try line.decodeIfPresent(Int.self, forKey: .size)
        if let place = try line.decodeIfPresent(Source.self, forKey: .source), let size, size >= 0 {
            source = RecordSource(
                path: place.path,
                offset: min(place.byteOffset, UInt64(Int64.max / 2)),
                size: size,
                file: FileFingerprint(
                    inode: place.inode,
                    size: place.fileSize,
                    hashedBytes: max(0, min(place.hashedBytes, FileFingerprint.hashLimit)),
                    hash: place.hash
                ),
                keySeparator: place.keySeparator?.bytes
            )
        }
    }

    /// The record with this content, to send again.
    func letter(key: [UInt8]?, value: [UInt8]?) -> DeadLetterDecoder.Letter {
        let record = ProducerRecord(
            topic: topic,
            partition: explicitPartition == true ? partition : nil,
            key: key,
            value: value,
            headers: (headers ?? []).map { ProducerRecordHeader(name: $0.name, value: $0.value?.bytes) },
            timestamp: timestamp
        )
        return DeadLetterDecoder.Letter(record: record, origin: origin)
    }
}

/// Where the record of a line is, when the line does not have it.
private struct Source: Decodable {
    var path: String
    var byteOffset: UInt64
    var fileSize: UInt64
    var inode: UInt64
    var hashedBytes: Int
    var hash: UInt32
    var keySeparator: Bytes?
}

/// A header in a line.
private struct Header: Decodable {
    var name: String
    var value: Bytes?
}

/// Bytes in a line: a string, or an object with their base64.
private struct Bytes: Decodable {
    private enum Key: String, CodingKey { case base64 }

    var bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            let text = try object.decode(String.self, forKey: .base64)
            guard let data = Data(base64Encoded: text) else {
                throw DecodingError.dataCorruptedError(forKey: .base64, in: object, debugDescription: "not base64")
            }
            bytes = Array(data)
        } else {
            bytes = Array(try decoder.singleValueContainer().decode(String.self).utf8)
        }
    }
}
