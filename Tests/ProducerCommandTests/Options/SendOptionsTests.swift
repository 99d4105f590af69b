// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("The options of send")
struct SendOptionsTests {
    private static func plan(_ arguments: [String]) throws -> SendPlan {
        let command = try Main.parse(arguments)
        return try #require(command as? any SendingCommand).plan()
    }

    @Test("send is understood without being named")
    func defaultSubcommand() throws {
        #expect(try Self.plan(["--topic", "t", "f"]).sources == [.file("f")])
        #expect(try Self.plan(["send", "--topic", "t", "f"]).sources == [.file("f")])
    }

    @Test("a dash and no file mean standard input")
    func inputs() throws {
        #expect(try Self.plan(["-t", "t"]).sources == [.standardInput])
        #expect(try Self.plan(["-t", "t", "a", "-", "b"]).sources == [.file("a"), .standardInput, .file("b")])
    }

    @Test(
        "names that hands know from other tools mean the same as ours",
        arguments: [
            (["-b", "h:1"], "bootstrap.servers=h:1"), (["--bootstrap-server", "h:1"], "bootstrap.servers=h:1"),
            (["--broker-list", "h:1"], "bootstrap.servers=h:1"), (["-bh:1"], "bootstrap.servers=h:1"),
            (["-z", "lz4"], "compression.type=lz4"), (["--compression-codec", "lz4"], "compression.type=lz4"),
            (["-X", "acks=1"], "acks=1"), (["-Xacks=1"], "acks=1"), (["--command-property", "acks=1"], "acks=1"),
            (["--producer-property", "acks=1"], "acks=1"), (["-X", "a.b=c=d=e"], "a.b=c=d=e"), (["-X", "a="], "a="),
            (["--acks", "0"], "acks=0"), (["--request-required-acks", "0"], "acks=0"),
            (["--batch-size", "9"], "batch.size=9"), (["--max-partition-memory-bytes", "9"], "batch.size=9"),
            (["--timeout", "7"], "linger.ms=7"), (["--linger", "7"], "linger.ms=7"),
            (["--max-block-ms", "1"], "max.block.ms=1"), (["--request-timeout-ms", "1"], "request.timeout.ms=1"),
            (["--retry-backoff-ms", "1"], "retry.backoff.ms=1"), (["--message-send-max-retries", "1"], "retries=1"),
            (["--max-memory-bytes", "1"], "buffer.memory=1"), (["--socket-buffer-size", "1"], "send.buffer.bytes=1"),
            (["--metadata-expiry-ms", "1"], "metadata.max.age.ms=1"),
        ] as [([String], String)]
    )
    func aliases(arguments: [String], expected: String) throws {
        let entries = try Self.plan(["-t", "t"] + arguments).settings.sources.flatMap(\.entries)
        #expect(entries.map { "\($0.key)=\($0.value)" } == [expected])
    }

    @Test("a value may be joined to its option, and what follows an option is its value whatever it looks like")
    func joined() throws {
        #expect(
            try TypedArguments([
                "-K=", "-qv", "-tt", "--null-marker", "-Ha=b", "-k", "-K:", "-H", "-", "f", "--", "-K:",
            ])
            .arguments
                == ["-K", "=", "-qv", "-t", "t", "--null-marker", "-Ha=b", "-k", "-K:", "-H", "-", "f", "--", "-K:"]
        )
        let separator = BytePattern([0x3D])
        #expect(try Self.plan(["-tt", "-K="]).format == .delimited(DelimitedFormat(keySeparator: separator)))
        #expect(try Self.plan(["-tt", "-k", "-K:"]).key?.bytes == Array("-K:".utf8))
        #expect(try Self.plan(["-tt", "--", "-f"]).sources == [.file("-f")])
    }

    @Test("the settings file has three names", arguments: ["-c", "--command-config", "--producer.config"])
    func file(option: String) throws {
        #expect(try Self.plan(["-t", "t", option, "f"]).settings.file == "f")
    }

    @Test("an option comes before -X, and -X before the file")
    func precedence() throws {
        let file = PropertySource(
            name: "f",
            entries: [.init(key: "linger.ms", value: "1", line: 4), .init(key: "acks", value: "1", line: 5)]
        )
        let plan = try Self.plan(["-t", "t", "--linger", "3", "-X", "linger.ms=2", "-X", "acks=0", "-z", "gzip"])
        let sources = [file] + plan.settings.sources
        #expect(sources.map(\.name) == ["f", "-X", "-X", "--linger", "-z"])
        #expect(
            SettingsPlan.overrides(in: sources) == [
                "linger.ms is taken from --linger, not from f:4, -X", "acks is taken from -X, not from f:5",
            ]
        )
    }

    @Test("records are described by options and by the reader's properties, and options come first")
    func format() throws {
        #expect(try Self.plan(["-t", "t"]).format == .delimited(DelimitedFormat()))
        let options = try Self.plan(["-t", "t", "-K:", "-D", "\\0", "--crlf", "strip", "--null-marker", "-"])
        #expect(
            options.format
                == .delimited(
                    DelimitedFormat(
                        delimiter: try #require(BytePattern([0])),
                        stripsCarriageReturn: true,
                        keySeparator: .colon,
                        nullMarker: [0x2D]
                    )
                )
        )
        let properties = ["parse.key=true", "null.marker=N", "ignore.error=TRUE"].flatMap { ["--property", $0] }
        #expect(
            try Self.plan(["-t", "t"] + properties).format
                == .delimited(
                    DelimitedFormat(keySeparator: .tab, nullMarker: [0x4E], acceptsMissingSeparators: true)
                )
        )
        let both = ["--reader-property", "key.separator==>", "-K", ",", "--property", "parse.key=true"]
        #expect(
            try Self.plan(["-t", "t"] + both).format
                == .delimited(DelimitedFormat(keySeparator: .comma))
        )
    }

    @Test("a reader's property without effect is told")
    func warnings() throws {
        #expect(try Self.plan(["-t", "t", "--property", "key.separator=:"]).warnings.count == 1)
        #expect(try Self.plan(["-t", "t", "--property", "headers.delimiter=:"]).warnings.count == 1)
        let complete = ["--property", "key.separator=:", "--property", "parse.key=true"]
        #expect(try Self.plan(["-t", "t"] + complete).warnings == [])
    }

    @Test("headers keep their order, may repeat, be empty or null, and contain =")
    func headers() throws {
        let headers = try Self.plan(["-t", "t", "-H", "a=1=2", "-H", "b", "-Ha="]).headers
        #expect(headers.map(\.name) == ["a", "b", "a"])
        #expect(headers.map(\.value) == [Array("1=2".utf8), nil, []])
    }

    @Test("keys and headers read the escapes that separators read; a null marker is taken as it is")
    func escapes() throws {
        let plan = try Self.plan(["-t", "t", "-k", #"\xff\t\\"#, "-H", #"a\x3D=\xfe="#, "--null-marker", #"\N"#])
        #expect(plan.key?.bytes == [0xFF, 0x09, 0x5C])
        #expect(plan.headers == [try HeaderArgument(#"a\x3d=\xFE="#)])
        #expect(plan.headers.map(\.name) == ["a="] && plan.headers.map(\.value) == [[0xFE, 0x3D]])
        #expect(plan.format == .delimited(DelimitedFormat(nullMarker: Array(#"\N"#.utf8))))
        for arguments in [["-k", #"\q"#], ["-H", #"a=\"#], ["-H", #"\xff=a"#], ["--header", #"a\x=a"#]] {
            let error = #expect(throws: UsageError.self) { try Self.plan(["-t", "t"] + arguments) }
            #expect(error?.description.hasPrefix("\(arguments[0]) \"") == true)
        }
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            [], ["-t"], ["-t", ""], ["-t", "a b"], ["-t", ".."], ["-t", "t", "-p", "-1"], ["-t", "t", "-p", "x"],
            ["-t", "t", "-X", "a"], ["-t", "t", "-X", "=a"], ["-t", "t", "-K", ""], ["-t", "t", "-D", "\\q"],
            ["-t", "t", "-K:", "-k", "k"], ["-t", "t", "-H", "=v"], ["-t", "t", "-q", "-v"], ["-t", "t", "--nonsense"],
            ["-t", "t", "--property", "topic=x"], ["-t", "t", "--crlf", "x"],
            ["-t", "t", "--embedded", "d", "-b", "h:1"],
        ]
    )
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try Self.plan(arguments) }
    }

    @Test(
        "a line with the options that most lines have means the same to the command that has no others",
        arguments: [
            ["-t", "t"], ["-t", "t", "-b", "h:1", "f", "-", "g"],
            ["-t", "t", "-p", "3", "-z", "lz4", "-c", "file", "-q"],
            ["-t", "t", "-K", ":", "-D", "|", "--null-marker", "N", "--crlf", "strip", "--skip-empty"],
            ["-t", "t", "-k", "key", "-H", "a=b", "-H", "c", "-X", "acks=1", "-X", "linger.ms=3", "--sync"],
            ["-t", "t", "--reader-property", "parse.headers=true", "--property", "headers.delimiter=;"],
            ["-t", "t", "--preset", "bulk", "--progress", "never", "--embedded", "d", "-v", "--timestamps"],
        ]
    )
    func plain(arguments: [String]) throws {
        #expect(try Main.parse(arguments) is PlainSendCommand)
        var (plain, whole) = ("", "")
        dump(try PlainSendCommand.parse(arguments).plan(), to: &plain)
        dump(try SendCommand.parse(arguments).plan(), to: &whole)
        #expect(plain == whole)
    }

    @Test(
        "a line with another option is read with all options",
        arguments: [
            ["-t", "t", "--count", "3"], ["-t", "t", "--input", "json"], ["-t", "t", "--acks", "1"],
            ["send", "-t", "t", "--transactional-id", "a"], ["-t", "t", "--print-metrics"],
        ]
    )
    func whole(arguments: [String]) throws { #expect(try Main.parse(arguments) is SendCommand) }

    @Test("the help has all words that an option takes, and other words are refused with them")
    func words() throws {
        let help = KafkaProducerCommand._dumpHelp()
        func check<Word: OptionWord>(_ type: Word.Type, of option: String) {
            #expect(help.contains("(values: " + type.allCases.map(\.rawValue).joined(separator: ", ")))
            let error = #expect(throws: UsageError.self) { try Self.plan(["-t", "t", option, "x"]) }
            #expect(error?.description.hasPrefix("\(option) takes ") == true)
            for word in type.allCases {
                #expect(throws: Never.self) { try Self.plan(["-t", "t", option, word.rawValue]) }
            }
        }
        check(CarriageReturnHandling.self, of: "--crlf")
        check(ProgressChoice.self, of: "--progress")
        check(Preset.self, of: "--preset")
    }

    @Test("a settings file in the current folder is read without being asked for, another one only when named")
    func defaultFile() throws {
        let environment = SettingsFiles(files: ["producer.config": "acks=1\n", "other": "acks=0\n"])
        let unnamed = try SettingsPlan(file: nil, sources: []).load(environment)
        #expect(unnamed.isDefaultFile)
        #expect(unnamed.sources.map(\.name) == ["producer.config"])
        let named = try SettingsPlan(file: "other", sources: []).load(environment)
        #expect(!named.isDefaultFile)
        #expect(named.sources.flatMap(\.entries).map(\.value) == ["0"])
        #expect(throws: ConfigurationError.self) { try SettingsPlan(file: "missing", sources: []).load(environment) }
        #expect(try SettingsPlan(file: nil, sources: []).load(SettingsFiles(files: [:])).sources.isEmpty)
    }
}

/// Files that exist only in memory.
private struct SettingsFiles: ConfigurationEnvironment {
    var files: [String: String]

    func variable(named name: String) -> String? { nil }

    func contents(ofFile path: String) throws(FileAccessError) -> [UInt8] {
        guard let text = files[path] else { throw FileAccessError(reason: "No such file or directory") }
        return Array(text.utf8)
    }

    func kind(ofPath path: String) -> PathKind? { files[path].map { _ in .file } }
}
