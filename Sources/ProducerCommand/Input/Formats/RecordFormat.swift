// SPDX-License-Identifier: Apache-2.0
import RecordText

/// How records stand in the input: which bytes are a record, and what these say.
enum RecordFormat: Equatable, Sendable {
    /// Text with separators, of which key and value are made by serializers.
    case delimited(DelimitedFormat)
    /// The JSON lines of dead-letter files, which say all of a record.
    case deadLetters(DeadLetterDecoder)
    /// Objects of JSON, which say all of a record.
    case json(JSONFormat)
    /// Rows of CSV.
    case csv(CSVFormat)
    /// Lines of JSON, which are values and have the other parts in them.
    case paths(PathFormat)
    /// Bytes that are laid out as `-f` says.
    case layout(RecordLayout)
    /// Whole files.
    case files(FilesFormat)

    /// What ends a record.
    var delimiter: BytePattern {
        switch self {
        case .delimited(let format): format.delimiter
        case .deadLetters, .csv, .files: .newline
        case .json(let format): format.delimiter ?? .newline
        case .paths(let format): format.lines.delimiter
        case .layout(let layout): BytePattern(layout.ending) ?? .newline
        }
    }

    /// Whether a carriage return at the end of a record is dropped, or says nothing.
    var stripsCarriageReturn: Bool {
        switch self {
        case .delimited(let format): format.stripsCarriageReturn || format.endsAtCarriageReturn
        case .paths(let format): format.lines.stripsCarriageReturn || format.lines.endsAtCarriageReturn
        case .csv: true
        case .deadLetters, .json, .layout, .files: false
        }
    }

    /// How the end of a record is found.
    private var framing: RecordSplitter.Framing {
        switch self {
        case .delimited(let format): format.endsAtCarriageReturn ? .lines : .delimiter
        case .paths(let format): format.lines.endsAtCarriageReturn ? .lines : .delimiter
        case .deadLetters: .delimiter
        case .json(let format): format.delimiter == nil ? .json : .delimiter
        case .csv(let format): .csv(separator: format.separator)
        case .layout(let layout): .layout(layout)
        case .files: .input
        }
    }

    /// What has to stand before the place where a checkpoint goes on, unless a record has grown since; nil when records end
    /// without that.
    var ending: [UInt8]? {
        switch framing {
        case .json, .input, .lines: nil
        case .layout(let layout): layout.isSized || layout.ending.isEmpty ? nil : layout.ending
        case .delimiter, .csv: delimiter.bytes
        }
    }

    /// Whether records may name their topics.
    var namesTopics: Bool {
        switch self {
        case .delimited, .deadLetters, .files: false
        case .json(let format): format.kept.contains(.topic)
        case .csv(let format): format.topic != nil
        case .paths(let format): format.topic != nil
        case .layout(let layout): layout.hasTopic
        }
    }

    /// Whether lines end at carriage returns too.
    var endsAtCarriageReturn: Bool { framing == .lines }

    /// Whether records may have a timestamp of their own.
    var hasTimestamps: Bool {
        switch self {
        case .delimited, .files: false
        case .deadLetters: true
        case .json(let format): format.kept.contains(.timestamp)
        case .csv(let format): format.timestamp != nil
        case .paths(let format): format.timestamp != nil
        case .layout(let layout): layout.hasTimestamp
        }
    }

    /// Whether a byte order mark at the beginning of an input is no part of a record.
    var passesByteOrderMark: Bool {
        switch framing {
        case .json, .csv: true
        case .delimiter, .lines, .layout, .input: false
        }
    }

    /// Whether the lines of an input end in CR LF does not matter.
    var passesCarriageReturns: Bool { stripsCarriageReturn || framing != .delimiter }

    /// The most bytes of the input that a record of so many bytes can take, without its delimiter.
    func longestInput(holding size: Int) -> Int {
        let overhead =
            switch self {
            case .delimited(let format): format.overhead
            case .paths(let format): format.lines.overhead
            case .deadLetters, .files: 0
            // In JSON a byte takes up to six characters.
            case .json: size.multipliedReportingOverflow(by: 5).overflow ? .max / 2 - size : size * 5 + 65_536
            case .csv, .layout: size + 65_536
            }
        return min(size, .max / 4) + min(overhead, .max / 4)
    }

    /// Stands for the format in checkpoints. The words are those of the first version, so that its checkpoints still hold.
    var identity: String {
        switch self {
        case .delimited(let format):
            "RecordFormat"
                + "\(format)".dropFirst("DelimitedFormat".count).replacing(", endsAtCarriageReturn: false", with: "")
        case .deadLetters: "dead letters"
        case .json(let format): "\(format)"
        case .csv(let format): "\(format)"
        case .paths(let format): "\(format)".replacing(", endsAtCarriageReturn: false", with: "")
        case .files(let format): "\(format)"
        case .layout(let layout): "\(layout)"
        }
    }

    /// Finds the records of an input; those of more than `limit` bytes are not held.
    func splitter(limit: Int) -> RecordSplitter {
        RecordSplitter(
            delimiter: delimiter,
            stripsCarriageReturn: stripsCarriageReturn,
            limit: limit,
            framing: framing
        )
    }
}
