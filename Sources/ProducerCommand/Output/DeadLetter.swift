// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// A record that failed: where it came from, why, and all that it takes to send it again. A line of a dead-letter file.
struct DeadLetter: Equatable, Sendable {
    /// What is kept of the record.
    enum Content: Equatable, Sendable {
        /// The record as it was, or would have been, sent.
        case record(key: [UInt8]?, value: [UInt8]?, headers: [ProducerRecordHeader])
        /// The text of the input from which no record could be made.
        case input([UInt8])
        /// Nothing: the record was too large to be held. Its size in bytes, when that is known.
        case lost(size: Int?)
        /// Where the record can be read, and the key and the headers that all records of the run got.
        case elsewhere(RecordSource, key: [UInt8]?, headers: [ProducerRecordHeader])
    }

    /// No longer record is kept in a dead letter, in bytes of the input: 16 MiB.
    static let longestKept = 16 << 20

    var place: InputPlace
    /// The error's name, such as `MESSAGE_TOO_LARGE`.
    var error: String
    /// What happened and what to do, in a sentence.
    var message: String
    /// How often it was sent.
    var attempts: Int
    /// When it failed, in milliseconds since 1970.
    var time: Int64
    var topic: String
    /// Nil when it had none yet.
    var partition: Int32?
    /// Whether the partition was asked for, rather than chosen by the partitioner.
    var isPartitionExplicit: Bool
    /// The record's timestamp in milliseconds since 1970; nil means the time of sending.
    var timestamp: Int64?
    var content: Content
    /// How the record could be made of its input, if that can be said in a letter.
    var form: Form?

    /// How a record stands in its input, where its bytes alone are kept.
    struct Form: Equatable, Sendable {
        var key: [UInt8]?
        var headers: [ProducerRecordHeader]
        var keySeparator: [UInt8]?
    }
}

extension DeadLetter {
    /// About how much memory it takes, in bytes.
    var memory: Int {
        let own = 256 + message.utf8.count
        return switch content {
        case .record(let key, let value, let headers):
            own
                + headers.reduce((key?.count ?? 0) + (value?.count ?? 0)) {
                    $0 + $1.name.utf8.count + ($1.value?.count ?? 0)
                }
        case .input(let input): own + input.count
        case .lost, .elsewhere: own
        }
    }

    /// Appends the JSON line.
    func append(to bytes: inout [UInt8]) {
        bytes.append(text: #"{"file":"#)
        bytes.append(jsonString: place.input.utf8)
        bytes.append(text: #","line":"#)
        bytes.append(decimal: place.line)
        bytes.append(text: #","byteOffset":"#)
        bytes.append(decimal: place.offset)
        bytes.append(text: #","error":"#)
        bytes.append(jsonString: error.utf8)
        bytes.append(text: #","message":"#)
        bytes.append(jsonString: message.utf8)
        bytes.append(text: #","attempts":"#)
        bytes.append(decimal: attempts)
        bytes.append(text: #","time":"#)
        bytes.append(jsonString: TimeText.iso8601(milliseconds: time).utf8)
        bytes.append(text: #","topic":"#)
        bytes.append(jsonString: topic.utf8)
        bytes.append(text: #","partition":"#)
        Self.append(partition, to: &bytes)
        bytes.append(text: #","explicitPartition":"#)
        bytes.append(text: isPartitionExplicit ? "true" : "false")
        bytes.append(text: #","timestamp":"#)
        Self.append(timestamp, to: &bytes)
        appendContent(to: &bytes)
        bytes.append(text: "}\n")
    }

    private func appendContent(to bytes: inout [UInt8]) {
        switch content {
        case .record(let key, let value, let headers):
            bytes.append(text: #","key":"#)
            Self.append(key, to: &bytes)
            bytes.append(text: #","value":"#)
            Self.append(value, to: &bytes)
            Self.append(headers, to: &bytes)
        case .input(let input):
            bytes.append(text: #","input":"#)
            Self.append(input, to: &bytes)
        case .lost(let size):
            bytes.append(text: #","truncated":true,"size":"#)
            Self.append(size, to: &bytes)
        case .elsewhere(let source, let key, let headers):
            bytes.append(text: #","truncated":true,"size":"#)
            bytes.append(decimal: source.size)
            Self.append(source, to: &bytes)
            bytes.append(text: #","key":"#)
            Self.append(key, to: &bytes)
            Self.append(headers, to: &bytes)
        }
    }

    private static func append(_ headers: [ProducerRecordHeader], to bytes: inout [UInt8]) {
        bytes.append(text: #","headers":["#)
        for (index, header) in headers.enumerated() {
            bytes.append(text: index == 0 ? #"{"name":"# : #",{"name":"#)
            bytes.append(jsonString: header.name.utf8)
            bytes.append(text: #","value":"#)
            append(header.value, to: &bytes)
            bytes.append(text: "}")
        }
        bytes.append(text: "]")
    }

    private static func append(_ source: RecordSource, to bytes: inout [UInt8]) {
        bytes.append(text: #","source":{"path":"#)
        bytes.append(jsonString: source.path.utf8)
        bytes.append(text: #","byteOffset":"#)
        bytes.append(decimal: source.offset)
        bytes.append(text: #","fileSize":"#)
        bytes.append(decimal: source.file.size)
        bytes.append(text: #","inode":"#)
        bytes.append(decimal: source.file.inode)
        bytes.append(text: #","hashedBytes":"#)
        bytes.append(decimal: source.file.hashedBytes)
        bytes.append(text: #","hash":"#)
        bytes.append(decimal: source.file.hash)
        bytes.append(text: #","keySeparator":"#)
        append(source.keySeparator, to: &bytes)
        bytes.append(text: "}")
    }

    private static func append(_ number: (some BinaryInteger)?, to bytes: inout [UInt8]) {
        if let number { bytes.append(decimal: number) } else { bytes.append(text: "null") }
    }

    /// A string if the bytes are UTF-8, otherwise an object with their base64.
    private static func append(_ content: [UInt8]?, to bytes: inout [UInt8]) {
        guard let content else { return bytes.append(text: "null") }
        if String(validating: content, as: UTF8.self) != nil {
            bytes.append(jsonString: content)
        } else {
            bytes.append(text: #"{"base64":""#)
            bytes.append(base64: content)
            bytes.append(text: #""}"#)
        }
    }
}
