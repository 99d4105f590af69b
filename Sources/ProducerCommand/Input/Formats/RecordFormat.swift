// SPDX-License-Identifier: Apache-2.0

/// How records stand in the input: which bytes are a record, and what these say.
enum RecordFormat: Equatable, Sendable {
    /// Text with separators, of which key and value are made by serializers.
    case delimited(DelimitedFormat)
    /// The JSON lines of dead-letter files, which say all of a record.
    case deadLetters(DeadLetterDecoder)
    /// Objects of JSON, which say all of a record.
    case json(JSONFormat)

    /// What ends a record.
    var delimiter: BytePattern {
        switch self {
        case .delimited(let format): format.delimiter
        case .deadLetters: .newline
        case .json(let format): format.delimiter ?? .newline
        }
    }

    /// Whether a carriage return at the end of a record is dropped.
    var stripsCarriageReturn: Bool {
        switch self {
        case .delimited(let format): format.stripsCarriageReturn
        case .deadLetters, .json: false
        }
    }

    /// The most bytes that a record takes in the input beside key, value and headers, without its delimiter.
    var overhead: Int {
        switch self {
        case .delimited(let format): format.overhead
        case .deadLetters, .json: 0
        }
    }

    /// Stands for the format in checkpoints. The words are those of the first version, so that its checkpoints still hold.
    var identity: String {
        switch self {
        case .delimited(let format): "RecordFormat" + "\(format)".dropFirst("DelimitedFormat".count)
        case .deadLetters: "dead letters"
        case .json(let format): "\(format)"
        }
    }

    /// Finds the records of an input; those of more than `limit` bytes are not held.
    func splitter(limit: Int) -> RecordSplitter {
        RecordSplitter(delimiter: delimiter, stripsCarriageReturn: stripsCarriageReturn, limit: limit)
    }
}
