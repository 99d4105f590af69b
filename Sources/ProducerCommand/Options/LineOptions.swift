// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Where records come from, and how lines become records.
struct LineOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Files to send, in this order; - and no file at all mean standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String] = []

    @Option(
        name: [.customShort("K"), .customLong("key-separator")],
        parsing: .unconditional,
        help: ArgumentHelp(
            "Part each record into key and value at the first SEP (escapes as for -D).",
            valueName: "sep"
        )
    )
    var keySeparator: String?

    @Option(
        name: [.customShort("k"), .customLong("key")],
        parsing: .unconditional,
        help: ArgumentHelp("The same key for every record (escapes as for -D).", valueName: "key")
    )
    var key: String?

    @Option(
        name: [.customShort("H"), .customLong("header")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A header for every record (escapes as for -D); a name alone has a null value. Repeatable, order is kept.",
            valueName: "name=value"
        )
    )
    var headers: [String] = []

    @Option(
        name: [.customShort("D"), .customLong("delimiter")],
        parsing: .unconditional,
        help: ArgumentHelp(
            #"What ends a record: characters and \n \t \r \0 \\ \xNN. (default: \n)"#,
            valueName: "delimiter"
        )
    )
    var delimiter: String?

    @Option(
        help: """
            A carriage return at the end of a record is kept, or stripped; or each one ends a line, as in Java (end). (values: \
            keep, strip, end; default: keep)
            """,
        completion: .list(["keep", "strip", "end"])
    )
    var crlf: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            #"A key or value that is exactly TEXT is null (a tombstone); no escapes, so that \N is MySQL's."#,
            valueName: "text"
        )
    )
    var nullMarker: String?

    @Flag(help: "Leave empty records out: they count as skipped.")
    var skipEmpty = false

    @Option(
        name: [.customLong("reader-property"), .customLong("property")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            """
            A property of kafka-console-producer's reader: parse.key, key.separator, parse.headers, headers.delimiter, \
            headers.separator, headers.key.separator, null.marker, ignore.error. Repeatable.
            """,
            valueName: "key=value"
        )
    )
    var readerProperties: [String] = []

    /// The format that these options describe, and what was given without effect.
    func format(_ names: TypedNames) throws(UsageError) -> (format: DelimitedFormat, warnings: [String]) {
        var format = DelimitedFormat()
        let properties = try ReaderProperties(readerProperties, names)
        properties.apply(to: &format)
        if let delimiter { format.delimiter = try Self.pattern(delimiter, of: names.name(of: "-D")) }
        if let keySeparator { format.keySeparator = try Self.pattern(keySeparator, of: names.name(of: "-K")) }
        if let nullMarker { format.nullMarker = Array(nullMarker.utf8) }
        let crlf = try crlf.map { word throws(UsageError) in try CarriageReturnHandling(word, of: "--crlf") }
        format.stripsCarriageReturn = crlf == .strip
        format.endsAtCarriageReturn = crlf == .end
        guard crlf != .end || format.delimiter == .newline else {
            throw UsageError("--crlf end is for lines, and \(names.name(of: "-D")) says that records end otherwise")
        }
        guard key == nil || format.keySeparator == nil else {
            throw UsageError(
                "\(names.name(of: "-k")) gives every record the same key, and -K (or parse.key) its own: use one of them"
            )
        }
        return (format, properties.warnings)
    }

    /// The fixed headers, in their order.
    func fixedHeaders(_ names: TypedNames) throws(UsageError) -> [HeaderArgument] {
        try headers.enumerated().map { index, header throws(UsageError) in
            try HeaderArgument(header, of: names.name(of: "-H", at: index))
        }
    }

    /// The key of every record, if there is one.
    func fixedKey(_ names: TypedNames) throws(UsageError) -> FixedKey? {
        try key.map { key throws(UsageError) in
            let option = names.name(of: "-k")
            return FixedKey(bytes: try EscapedText.bytes(key, of: option), option: option)
        }
    }

    private static func pattern(_ text: String, of option: String) throws(UsageError) -> BytePattern {
        guard let pattern = BytePattern(try EscapedText.bytes(text, of: option)) else {
            throw UsageError("\(option) \"\(text)\" has no characters")
        }
        return pattern
    }
}
