// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import RecordText

/// Reads the record of a letter that only says where it is.
struct LetterSource {
    private let source: RecordSource
    private let longestRecord: Int
    private let topic: String

    init(_ source: RecordSource, longestRecord: Int, topic: String) {
        self.source = source
        self.longestRecord = longestRecord
        self.topic = topic
    }

    /// Reads the value, and the key if one stands before it.
    func read(
        into record: inout ParsedRecord,
        _ scratch: inout RecordScratch
    ) throws(DeadLetterDecoder.Refusal) {
        guard source.size <= longestRecord else {
            let size = NumberText.grouped(source.size)
            throw refusal(
                .producer(.recordTooLarge),
                "the record of \(size) bytes is larger than max.request.size or buffer.memory allows; raise them"
            )
        }
        var value: [UInt8]
        do throws(RecordSource.Absence) {
            value = try source.read()
        } catch {
            let message = "the record was too large to be kept, and its source is gone: \(error.reason)"
            throw refusal(.recordNotHeld, message)
        }
        if let separator = source.keySeparator, !separator.isEmpty {
            guard let place = value.firstRange(of: separator) else {
                throw refusal(
                    .noKeySeparator,
                    "there is no key separator in the record of \(source.path), byte \(source.offset)"
                )
            }
            scratch.key = Array(value[..<place.lowerBound])
            record.key = .scratch
            value.removeSubrange(..<place.upperBound)
        }
        scratch.value = value
        record.value = .scratch
    }

    private func refusal(_ kind: FailureKind, _ message: String) -> DeadLetterDecoder.Refusal {
        DeadLetterDecoder.Refusal(kind: kind, message: message, topic: topic)
    }
}

extension RecordSource {
    /// The source that a dead letter describes; nil when something is missing.
    init?(_ part: Range<Int>, in bytes: Span<UInt8>, size: Int) {
        guard let members = try? SourceMembers(part, in: bytes), let path = members.path,
            let offset = members.numbers["byteOffset"], let fileSize = members.numbers["fileSize"],
            let inode = members.numbers["inode"], let hashedBytes = members.numbers["hashedBytes"],
            let hash = members.numbers["hash"].flatMap({ UInt32(exactly: $0) })
        else { return nil }
        self.init(
            path: path,
            offset: min(offset, UInt64(Int64.max / 2)),
            size: size,
            file: FileFingerprint(
                inode: inode,
                size: fileSize,
                hashedBytes: Int(min(hashedBytes, UInt64(FileFingerprint.hashLimit))),
                hash: hash
            ),
            keySeparator: members.keySeparator
        )
    }
}

/// The members of the object that says where a record is.
private struct SourceMembers {
    var path: String?
    var numbers: [String: UInt64] = [:]
    var keySeparator: [UInt8]?

    init(_ part: Range<Int>, in bytes: Span<UInt8>) throws(JSONFault) {
        var scanner = JSONScanner(part)
        var name = try scanner.firstMember(in: bytes)
        while let present = name {
            let member = present.text(in: bytes)
            let place = try scanner.place(in: bytes)
            switch (member, place) {
            case ("path", .string(let text)): path = text.text(in: bytes)
            case ("keySeparator", .string), ("keySeparator", .base64):
                var memory: [UInt8] = []
                if case .input(let range)? = JSONContent.field(place, .text, in: bytes, into: &memory) {
                    memory = bytes.copy(range)
                }
                keySeparator = memory
            case (_, .other(let range)): numbers[member] = UInt64(String(decoding: bytes.copy(range), as: UTF8.self))
            default: break
            }
            name = try scanner.nextMember(in: bytes)
        }
    }
}
