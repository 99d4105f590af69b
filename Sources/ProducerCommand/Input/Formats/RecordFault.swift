// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import RecordText

/// Why a record of the input was not sent at all.
enum RecordFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// `-K` or `parse.key` asks for a separator that the record does not have.
    case missingKey(BytePattern)
    /// `parse.headers` asks for a delimiter that the record does not have.
    case missingHeaders(BytePattern)
    /// A header has no separator between its name and its value.
    case missingHeaderValue(BytePattern)
    /// The record is larger than a setting allows.
    case tooLarge(size: Int, limit: Int, setting: String)
    /// The key is not of the type that its serializer writes.
    case key(String)
    /// The value is not of the type that its serializer writes.
    case value(String)
    /// The partitioner chose a partition that the topic does not have.
    case noSuchPartition(String)
    /// An earlier record of the partition failed and must not be overtaken.
    case partitionStopped(Int32)
    /// No record can be made of a line of a dead-letter file.
    case letter(DeadLetterDecoder.Refusal)
    /// The record is not written as its format has it: what is wrong, and at which byte of it, from 1.
    case malformed(String, column: Int?)
    /// Sending ended, or never began, before the record's turn: under what that is counted, and what happened.
    case notSent(FailureKind, String)

    /// The topic that the record was for, if it names one.
    var topic: String? {
        if case .letter(let refusal) = self { refusal.topic } else { nil }
    }

    /// The record was read, and a signal ended the load before it could be handed over.
    static func interrupted(_ text: String) -> Self { .notSent(.producer(.interrupted), text) }

    /// The first row of an input does not name the columns that records are made of.
    static func columns(_ text: String) -> Self { .malformed(text, column: nil) }

    /// A record that is not written as its format has it.
    static func malformed(_ text: String) -> Self { .malformed(text, column: nil) }

    /// A record that is not the JSON that it should be.
    static func malformed(_ fault: JSONFault, in record: Range<Int>, of bytes: Span<UInt8>) -> Self {
        let place = min(max(fault.offset, record.lowerBound), record.upperBound)
        var (line, start) = (1, record.lowerBound)
        for index in record.lowerBound..<place where bytes[index] == 0x0A { (line, start) = (line + 1, index + 1) }
        guard line > 1 else { return .malformed("\(fault)", column: place - start + 1) }
        return .malformed("line \(line) of the record, column \(place - start + 1): \(fault)")
    }

    /// Under what such failures are counted. What the producer would refuse for the same reason is counted with it.
    var kind: FailureKind {
        switch self {
        case .missingKey: .noKeySeparator
        case .missingHeaders: .noHeadersDelimiter
        case .missingHeaderValue: .noHeaderSeparator
        case .tooLarge: .producer(.recordTooLarge)
        case .key, .value: .producer(.serialization)
        case .noSuchPartition: .producer(.unknownPartition)
        case .partitionStopped: .producer(.partitionStopped)
        case .letter(let refusal): refusal.kind
        case .malformed: .malformed
        case .notSent(let kind, _): kind
        }
    }

    var description: String {
        switch self {
        case .missingKey(let separator):
            "there is no key separator \"\(separator)\" in the record"
        case .missingHeaders(let delimiter):
            "there is no headers.delimiter \"\(delimiter)\" in the record"
        case .missingHeaderValue(let separator):
            "there is no headers.key.separator \"\(separator)\" in a header of the record"
        case .tooLarge(let size, let limit, let setting):
            "the record of \(NumberText.grouped(size)) bytes is larger than \(setting)=\(limit) allows; "
                + "raise \(setting)" + (setting == "max.request.size" ? ", and the topic's max.message.bytes" : "")
        case .key(let text):
            "the key: \(text)"
        case .value(let text):
            "the value: \(text)"
        case .noSuchPartition(let text):
            text
        case .partitionStopped(let partition):
            "not sent, since an earlier record of partition \(partition) failed and must not be overtaken"
        case .letter(let refusal):
            refusal.message
        case .malformed(let text, let column):
            column.map { "column \($0): \(text)" } ?? text
        case .notSent(_, let text):
            text
        }
    }
}
