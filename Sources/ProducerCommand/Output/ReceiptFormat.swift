// SPDX-License-Identifier: Apache-2.0

/// What is written for each delivered record: a JSON line, or what `--receipts-format` says.
struct ReceiptFormat: Equatable, Sendable {
    /// A property of a delivered record.
    enum Field: Equatable, Sendable {
        case file
        case line
        case byteOffset
        case topic
        case partition
        case offset
        case timestamp
        case key
        case value
        /// The value's size in bytes, -1 for a null value.
        case valueSize
    }

    /// A piece of the template.
    enum Segment: Equatable, Sendable {
        case literal([UInt8])
        case field(Field)
    }

    let segments: [Segment]
    /// Whether strings are JSON strings, and an offset that is not known is null instead of -1.
    let isJSON: Bool

    /// Whether the records themselves have to be read back.
    var needsContents: Bool { names(.key) || names(.value) || names(.valueSize) }
    /// Whether each record's timestamp has to be known.
    var needsTimestamps: Bool { names(.timestamp) }

    /// One JSON object a line.
    static let json = ReceiptFormat(
        segments: [
            .text(#"{"file":"#), .field(.file), .text(#","line":"#), .field(.line), .text(#","byteOffset":"#),
            .field(.byteOffset), .text(#","topic":""#), .field(.topic), .text(#"","partition":"#), .field(.partition),
            .text(#","offset":"#), .field(.offset), .text(#","timestamp":"#), .field(.timestamp), .text("}\n"),
        ],
        isJSON: true
    )

    private init(segments: [Segment], isJSON: Bool) {
        self.segments = segments
        self.isJSON = isJSON
    }

    /// A template: `%t` and the like for properties, `%%` for a percent sign, escapes as in other arguments.
    init(template: String) throws(UsageError) {
        var segments: [Segment] = []
        var literal = ""
        var rest = Substring(template)
        while let character = rest.popFirst() {
            guard character == "%" else {
                literal.append(character)
                // What is escaped is no percent sign, and no escape is torn.
                if character == "\\", let escaped = rest.popFirst() { literal.append(escaped) }
                continue
            }
            guard let name = rest.popFirst() else { throw Self.unknown("% at its end") }
            if name == "%" {
                literal.append("%")
                continue
            }
            guard let field = Self.fields[name] else { throw Self.unknown("the unknown %\(name)") }
            try Self.add(literal, to: &segments)
            literal = ""
            segments.append(.field(field))
        }
        try Self.add(literal, to: &segments)
        self.init(segments: segments, isJSON: false)
    }

    private static let fields: [Character: Field] = [
        "t": .topic, "p": .partition, "o": .offset, "d": .timestamp, "k": .key, "v": .value, "s": .valueSize,
        "l": .line, "f": .file, "b": .byteOffset,
    ]

    private static func add(_ literal: String, to segments: inout [Segment]) throws(UsageError) {
        guard !literal.isEmpty else { return }
        do throws(EscapedText.InvalidEscape) {
            segments.append(.literal(try EscapedText.bytes(literal)))
        } catch {
            throw UsageError("--receipts-format has \(error)")
        }
    }

    private static func unknown(_ what: String) -> UsageError {
        UsageError(
            "--receipts-format has \(what): there are %t topic, %p partition, %o offset, %d timestamp, %k key, %v value, "
                + "%s size of the value, %f file, %l line, %b byte offset and %%"
        )
    }

    private func names(_ field: Field) -> Bool { segments.contains(.field(field)) }
}

extension ReceiptFormat.Segment {
    fileprivate static func text(_ text: String) -> Self { .literal(Array(text.utf8)) }
}
