// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The built command with `--encoding` and `--pace`.
@Suite("Encodings and pace", .takesTurns, .timeLimit(.minutes(10)))
struct InputTextTests {
    private func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

    private func send(_ broker: EmbeddedBroker, _ arguments: [String], _ input: [UInt8] = []) async throws
        -> FinishedProcess
    {
        try await KafkaProducerBinary.run(["-b", broker.bootstrap, "-t", "t"] + arguments, input: .bytes(input))
    }

    // MARK: encodings

    @Test(
        "UTF-16 becomes UTF-8 before lines are looked for, whatever the order of its bytes",
        arguments: [
            ("utf-16", [0xFF, 0xFE], false), ("UTF-16", [0xFE, 0xFF], true), ("utf-16le", [], false),
            ("utf-16be", [], true), ("utf-16", [], false),
        ] as [(String, [UInt8], Bool)]
    )
    func encodings(name: String, mark: [UInt8], isBig: Bool) async throws {
        let broker = try await EmbeddedBroker.started()
        // U+0A0D and U+0A0A have the bytes of a newline.
        var bytes = utf16("k:\u{A0D}ä😀\n\u{A0A}:x\nk:last")
        if isBig { bytes = stride(from: 0, to: bytes.count, by: 2).flatMap { [bytes[$0 + 1], bytes[$0]] } }
        let finished = try await send(broker, ["--encoding", name, "-K:"], mark + bytes)
        #expect(finished.status == 0, "\(finished)")
        #expect(!finished.errorText.contains("warning"), "\(finished)")
        #expect(
            try await broker.sent(to: "t")
                == [
                    SentRecord("\u{A0D}ä😀", key: "k"), SentRecord("x", key: "\u{A0A}"), SentRecord("last", key: "k"),
                ]
        )
        await broker.stop()
    }

    @Test("half a character fails its record alone, with its place, and a dead letter keeps what there is")
    func halves() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let bytes = utf16("good\nbad ") + [0x00, 0xD8] + utf16("!\nalso good\nodd") + [0x61]
        let file = try folder.write(bytes, to: "in")
        let letters = folder.path + "/letters"
        let finished = try await send(broker, ["--encoding", "utf-16", "--dead-letter", letters, file])
        #expect(finished.status == 1)
        #expect(
            finished.errorText.contains("MALFORMED_RECORD, first \(file):2: column 5: half of a UTF-16 character"),
            "\(finished)"
        )
        #expect(finished.errorText.contains("4 records read, 2 acked, 2 failed;"), "\(finished)")
        #expect(try await broker.sent(to: "t") == [SentRecord("good"), SentRecord("also good")])
        #expect(try LetterLine.all(in: letters).map(\.line) == [2, 4])
        await broker.stop()
    }

    @Test("a large input is converted in pieces, and --input json and csv read what comes out")
    func large() async throws {
        let broker = try await EmbeddedBroker.started()
        let lines = (0..<60_000).map { "ä\($0) 😀" }
        let text = lines.joined(separator: "\n") + "\n"
        #expect(try await send(broker, ["--encoding", "utf-16"], utf16(text)).status == 0)
        #expect(try await broker.sent(to: "t") == lines.map { SentRecord($0) })
        let json = utf16("\u{FEFF}{\"value\":\"ö\"}")
        let words = ["-b", broker.bootstrap, "-t", "json", "--encoding", "utf-16", "--input", "json"]
        #expect(try await KafkaProducerBinary.run(words, input: .bytes(json)).status == 0)
        #expect(try await broker.sent(to: "json") == [SentRecord("ö")])
        await broker.stop()
    }

    @Test(
        "where the bytes of the files count, and where a pace cannot be kept, the options are refused",
        arguments: [
            (["--decompress", "auto", "--follow", "FILE"], "--decompress auto does not go together with --follow"),
            (["--encoding", "utf-16", "--follow", "FILE"], "does not go together with --follow"),
            (["--encoding", "latin-1", "FILE"], "latin-1"), (["--pace", "1x", "FILE"], "these have none"),
            (["--pace", "fast", "--input", "json", "FILE"], "give a speed"),
            (["--pace", "1x", "--input", "json", "--transactional-id", "x", "FILE"], "with transactions"),
            (["--pace", "1x", "--input", "json", "-X", "transactional.id=x", "FILE"], "with transactions"),
            (["--pace", "1x", "--input", "json", "--keep", "topic", "FILE"], "these have none"),
        ]
    )
    func refused(arguments: [String], words: String) async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("x\n", to: "in")
        let finished = try await KafkaProducerBinary.run(
            ["-b", "127.0.0.1:1", "-t", "t"] + arguments.map { $0 == "FILE" ? file : $0 }
        )
        #expect(finished.status == 2 && finished.errorText.contains(words), "\(finished)")
    }

    // MARK: lines

    @Test(
        "each carriage return ends a line with --crlf end, in whatever pieces they come, and empty ones may be left out",
        arguments: [[], ["--skip-empty"]]
    )
    func carriageReturns(options: [String]) async throws {
        let broker = try await EmbeddedBroker.started()
        let text = #"{"k":1}"# + "\r" + #"{"k":2}"# + "\r\n\r" + #"{"k":3}"# + "\n\r"
        let words = ["-b", broker.bootstrap, "-t", "t", "--crlf", "end"] + options
        let slices = ChildProcessInput.Source.slices(text.utf8.map { [$0] })
        let finished = try await KafkaProducerBinary.run(words, input: slices)
        #expect(finished.status == 0, "\(finished)")
        let lines = [#"{"k":1}"#, #"{"k":2}"#, "", #"{"k":3}"#, ""].filter { options.isEmpty || !$0.isEmpty }
        #expect(try await broker.sent(to: "t") == lines.map { SentRecord($0) })
        #expect(options.isEmpty || finished.errorText.contains("5 records read, 3 acked, 0 failed, 2 skipped;"))
        let paths = ["-b", broker.bootstrap, "-t", "paths", "--crlf", "end", "--key-path", ".k", "--skip-empty"]
        #expect(try await KafkaProducerBinary.run(paths, input: slices).status == 0)
        #expect(
            try await broker.sent(to: "paths") == (1...3).map { SentRecord(#"{"k":\#($0)}"#, key: "\($0)") }
        )
        await broker.stop()
    }

    // MARK: pace

    @Test("a record whose time has not come is not read when a signal ends the load, and a later run goes on with it")
    func pace() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        // The last one has no end, which is another way out of the chunk.
        for rest in ["\n", ""] {
            let topic = rest.isEmpty ? "torn" : "whole"
            let file = try folder.write(
                #"{"ts":1000,"value":"a"}"# + "\n" + #"{"ts":3601000,"value":"b"}"# + rest,
                to: topic
            )
            let words = [
                "-b", broker.bootstrap, "-t", topic, "--input", "json", "-D", #"\n"#, "--checkpoint",
                folder.path + "/c" + topic,
                file,
            ]
            let child = try ChildProcess(
                TestTools.kafkaProducer(),
                words + ["--pace", "1x", "--receipts", "-", "--receipts-format", #"%v\n"#]
            )
            #expect(try await child.nextLine() == "a")
            child.signal(SIGTERM)
            let first = try await child.finish()
            #expect(first.status == 143)
            #expect(first.errorText.contains("1 record read, 1 acked, 0 failed;"), "\(first)")
            #expect(first.errorText.contains("reading ended before \(file):2"), "\(first)")
            let second = try await KafkaProducerBinary.run(words)
            #expect(second.errorText.contains("2 records read, 1 acked, 0 failed, 1 skipped;"), "\(second)")
            #expect(try await broker.sent(to: topic) == [SentRecord("a"), SentRecord("b")])
        }
        await broker.stop()
    }

    @Test("records without a time, and those whose time has come, go on", arguments: ["1x", "1000x"])
    func paceGoesOn(speed: String) async throws {
        let broker = try await EmbeddedBroker.started()
        let text = #"{"ts":1000,"value":"a"}{"value":"b"}{"ts":900,"value":"c"}{"ts":1002,"value":"d"}"#
        let finished = try await send(broker, ["--input", "json", "--pace", speed], Array(text.utf8))
        #expect(finished.status == 0, "\(finished)")
        #expect(try await broker.sent(to: "t") == ["a", "b", "c", "d"].map { SentRecord($0) })
        await broker.stop()
    }
}
