// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import RecordText

/// Other ways in which records stand in the input than as lines.
struct FormatOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How records stand in the input: lines; json (one object a record, as kcat -J, rpk, kaf, kafkactl and read print \
            them, and dead letters); csv or tsv with a first row of names; files (each file is one record). (default: lines)
            """,
            valueName: "format"
        )
    )
    var input: InputKind?

    @Option(
        name: [.customShort("f"), .customLong("format")],
        parsing: .unconditional,
        help: ArgumentHelp(
            #"""
            How each record is laid out, in the language of rpk topic produce: %k %v %t, %H{2}%h{%k=%v,}, %p %d, sized \
            (%V{big32}%v, -1 is null) or with what ends them (%k\t%v\n).
            """#,
            valueName: "layout"
        )
    )
    var layout: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "csv and tsv: which columns are what, as in key=id,timestamp=at,header=tenant,topic=to,value=body.",
            valueName: "part=column,..."
        )
    )
    var columns: String?

    @Option(
        help: ArgumentHelp(
            "csv and tsv: what the value is without a column: line (the row as it is) or json (an object of all columns).",
            valueName: "form"
        )
    )
    var rowAs: RowForm?

    @Option(help: ArgumentHelp("json: what keys are written in: text, base64 or hex.", valueName: "encoding"))
    var keyEncoding: TextForm?

    @Option(help: ArgumentHelp("json: what values are written in: text, base64 or hex.", valueName: "encoding"))
    var valueEncoding: TextForm?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            json: what is taken over of a record beside key, value and headers: topic, partition, timestamp, or none. Default: \
            timestamp, and topic without --topic.
            """,
            valueName: "part,..."
        )
    )
    var keep: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Lines of JSON: where the key is, as in .user.id or .items[0].id.", valueName: "path")
    )
    var keyPath: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Lines of JSON: where the time is, in milliseconds or by RFC 3339.", valueName: "path")
    )
    var timestampPath: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Lines of JSON: where the topic is.", valueName: "path")
    )
    var topicPath: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Lines of JSON: a header, and where its value is. Repeatable.",
            valueName: "name=path"
        )
    )
    var headerPath: [String] = []

    @Option(
        help: """
            Whether inputs that begin like gzip, zstd or lz4 are decompressed: auto or never. (default: auto; never with \
            --input files and --follow)
            """
    )
    var decompress: Decompression?

    @Option(
        help: """
            What text is written in: utf-8, utf-16 (a byte order mark says which of the two), utf-16le or utf-16be. It becomes \
            UTF-8 before all else. (default: utf-8)
            """
    )
    var encoding: InputEncoding?

    /// What `--input` takes.
    enum InputKind: String, ExpressibleByArgument, CaseIterable {
        case lines, json, csv, tsv, files
    }

    /// What `--decompress` takes.
    enum Decompression: String, ExpressibleByArgument, CaseIterable {
        case auto, never
    }

    /// What `--row-as` takes.
    enum RowForm: String, ExpressibleByArgument, CaseIterable {
        case line, json
    }

    /// What `--key-encoding` and `--value-encoding` take.
    enum TextForm: String, ExpressibleByArgument, CaseIterable {
        case text, base64, hex

        var encoding: ContentEncoding {
            switch self {
            case .text: .text
            case .base64: .base64
            case .hex: .hex
            }
        }
    }

    /// Whether fields may be marked as null.
    var takesNullMarker: Bool {
        let kind = input ?? .lines
        return kind == .csv || kind == .tsv || layout == nil && !hasPaths && kind == .lines
    }

    private var hasPaths: Bool { keyPath != nil || timestampPath != nil || topicPath != nil || !headerPath.isEmpty }

    private var isTopicInLayout: Bool { (layout.flatMap { try? RecordLayout($0) })?.hasTopic ?? false }

    /// Whether records may do without `--topic`.
    var mayNameTopics: Bool {
        input == .json || topicPath != nil || isTopicInLayout
            || columns?.split(separator: ",").contains { $0.hasPrefix("topic=") } == true
    }

    /// The format that these options describe; nil for lines that are sent as they are.
    ///
    /// - Parameters:
    ///   - lines: what other options say about lines and their parts.
    ///   - given: which other options were given.
    /// - Returns: The format.
    /// - Throws: `UsageError` for options that do not go together.
    func format(_ lines: DelimitedFormat, _ given: GivenOptions) throws(UsageError) -> RecordFormat? {
        try checkUse()
        if let layout { return try self.layout(layout, given) }
        let kind = input ?? .lines
        if let option = given.lineOption, kind != .lines || hasPaths {
            throw UsageError("\(option) is for lines that have key and headers before the value: leave it out here")
        }
        switch kind {
        case .lines: return hasPaths ? try paths(lines) : nil
        case .json:
            try refuse(given.delimiterOption == nil || lines.delimiter == .newline, given.delimiterOption, kind)
            return .json(try json(given))
        case .csv, .tsv:
            try refuse(given.delimiterOption == nil, given.delimiterOption, kind)
            return .csv(try csv(kind, given))
        case .files:
            try refuse(given.delimiterOption == nil, given.delimiterOption, kind)
            return .files(FilesFormat(key: given.key, headers: given.headers))
        }
    }

    private func layout(_ text: String, _ given: GivenOptions) throws(UsageError) -> RecordFormat {
        guard input == nil, !hasPaths else {
            throw UsageError("-f says all of how records stand in the input: leave --input and the paths out")
        }
        if let option = given.lineOption ?? given.delimiterOption {
            throw UsageError("-f says itself where records and their parts end: leave \(option) out")
        }
        do throws(RecordLayoutFault) {
            return .layout(try RecordLayout(text))
        } catch {
            throw UsageError("-f \"\(text)\" has \(error)")
        }
    }

    private func refuse(_ isRight: Bool, _ option: String?, _ kind: InputKind) throws(UsageError) {
        guard !isRight, let option else { return }
        throw UsageError(
            "\(option) does not go together with --input \(kind.rawValue), which says itself where records end"
        )
    }

    /// What is done with the bytes of inputs when none of these options is given.
    static let usualForm = InputForm(expands: true, encoding: .utf8)

    /// What is done with the bytes of inputs, where `countsBytes` is an option for which only the files' own bytes do.
    func form(countsBytes: String?) throws(UsageError) -> InputForm {
        let form = InputForm(expands: try expandsInputs(countsBytes: countsBytes), encoding: encoding ?? .utf8)
        guard form.encoding == .utf8 || countsBytes == nil else {
            throw UsageError(
                "--encoding \(form.encoding.rawValue) does not go together with \(countsBytes ?? ""), which counts the bytes "
                    + "of the file: convert it first, with iconv -f UTF-16 -t UTF-8"
            )
        }
        return form
    }

    /// Whether compressed inputs are decompressed, where `countsBytes` is an option for which only the files' own bytes do.
    private func expandsInputs(countsBytes: String?) throws(UsageError) -> Bool {
        guard let decompress else { return countsBytes == nil && input != .files }
        if decompress == .auto, let countsBytes {
            throw UsageError(
                "--decompress auto does not go together with \(countsBytes), which counts the bytes of the file"
            )
        }
        return decompress == .auto
    }

    /// Throws for an option that says nothing about the input as it is.
    private func checkUse() throws(UsageError) {
        let kind = input ?? .lines
        let uses: [(option: String, isGiven: Bool, kinds: [InputKind])] = [
            ("--columns", columns != nil, [.csv, .tsv]), ("--row-as", rowAs != nil, [.csv, .tsv]),
            ("--key-encoding", keyEncoding != nil, [.json]), ("--value-encoding", valueEncoding != nil, [.json]),
            ("--keep", keep != nil, [.json]), ("--key-path", keyPath != nil, [.lines]),
            ("--timestamp-path", timestampPath != nil, [.lines]), ("--topic-path", topicPath != nil, [.lines]),
            ("--header-path", !headerPath.isEmpty, [.lines]),
        ]
        for use in uses where use.isGiven && !use.kinds.contains(kind) {
            let names = use.kinds.map(\.rawValue).joined(separator: " or ")
            throw UsageError("\(use.option) is for --input \(names), and this is \(kind.rawValue)")
        }
    }

    private func json(_ given: GivenOptions) throws(UsageError) -> JSONFormat {
        var format = JSONFormat()
        format.keyEncoding = keyEncoding?.encoding ?? .text
        format.valueEncoding = valueEncoding?.encoding ?? .text
        if given.delimiterOption != nil { format.delimiter = .newline }
        if let keep {
            format.kept = []
            for part in keep.split(separator: ",") {
                switch part {
                case "topic": format.kept.insert(.topic)
                case "partition": format.kept.insert(.partition)
                case "timestamp": format.kept.insert(.timestamp)
                case "none", "key", "value", "headers": break
                default:
                    throw UsageError(
                        "--keep: \"\(part)\" is none of topic, partition, timestamp and none (key, value and headers are "
                            + "always kept)"
                    )
                }
            }
        }
        if !given.hasTopic { format.kept.insert(.topic) }
        return format
    }

    private func csv(_ kind: InputKind, _ given: GivenOptions) throws(UsageError) -> CSVFormat {
        var format = CSVFormat()
        if kind == .tsv { format.separator = 0x09 }
        if let columns { try format.take(columns: columns, of: "--columns") }
        if let rowAs {
            guard format.value == nil else {
                throw UsageError(
                    "--row-as makes the value of the row, and --columns value= of one column: use one of them"
                )
            }
            format.row = rowAs == .json ? .json : .line
        }
        format.nullMarker = given.nullMarker
        return format
    }

    private func paths(_ lines: DelimitedFormat) throws(UsageError) -> RecordFormat {
        var format = PathFormat(lines: lines)
        var paths: [JSONPath] = []
        func take(_ text: String?, _ option: String) throws(UsageError) -> Int? {
            guard let text else { return nil }
            guard let path = JSONPath(text) else {
                throw UsageError("\(option) \"\(text)\" is no path: write it as in .user.id or .items[0].id")
            }
            paths.append(path)
            return paths.count - 1
        }
        format.key = try take(keyPath, "--key-path")
        format.timestamp = try take(timestampPath, "--timestamp-path")
        format.topic = try take(topicPath, "--topic-path")
        guard headerPath.count <= 60 else { throw UsageError("--header-path: there are more than 60") }
        for text in headerPath {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex,
                let path = try take(String(text[text.index(after: equals)...]), "--header-path")
            else { throw UsageError("--header-path \"\(text)\": write NAME=PATH, as in tenant=.tenant") }
            format.headers.append(PathFormat.Header(name: String(text[..<equals]), path: path))
        }
        format.paths = JSONPaths(paths)
        return .paths(format)
    }
}

/// Which options beside those of the format were given, by the names by which they were typed.
struct GivenOptions {
    /// One that parts lines into key, headers and value.
    var lineOption: String?
    /// One that says what ends a record.
    var delimiterOption: String?
    var key: FixedKey?
    var headers: [HeaderArgument] = []
    var nullMarker: [UInt8]?
    var hasTopic = true
}
