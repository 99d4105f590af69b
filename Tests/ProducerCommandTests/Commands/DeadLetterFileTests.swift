// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import KafkaEmbeddedBroker
import Testing

/// What the built command keeps of failed records, and how it sends them again.
@Suite("Dead letters", .takesTurns, .timeLimit(.minutes(10)))
struct DeadLetterFileTests {
    private func smallBroker(limit: Int = 1000, partitions: Int = 1) async throws -> EmbeddedBroker {
        var configuration = EmbeddedBroker.Configuration()
        configuration.messageMaxBytes = limit
        configuration.partitions = partitions
        return try await EmbeddedBroker.start(configuration)
    }

    private func run(
        _ broker: EmbeddedBroker,
        _ arguments: [String],
        _ input: ChildProcessInput.Source = .nothing
    ) async throws -> FinishedProcess {
        let command = arguments.first == "resend" ? [] : ["-t", "t"]
        return try await KafkaProducerBinary.run(arguments + ["-b", broker.bootstrap] + command, input: input)
    }

    @Test(
        "what the broker and the reader refuse is kept, and resend delivers exactly that",
        arguments: ["none", "gzip"]
    )
    func resends(codec: String) async throws {
        let strict = try await smallBroker(partitions: 3)
        let folder = try TemporaryDirectory()
        let file = folder.path + "/failed"
        var random = SplitMix64(seed: 9)
        let binary = Array("k:".utf8) + random.bytes(5000, without: 10)
        let input = Array("a:b\nnone\n".utf8) + binary + [10, 0xFF, 0x3A] + random.bytes(4000, without: 10) + [10]
        let shape = ["-K:", "-H", "h=1", "-H", "n", "-H", "h=2", "-X", "batch.size=0", "-z", codec]
        let finished = try await run(strict, shape + ["--dead-letter", file, "-p", "2"], .bytes(input))
        #expect(finished.status == 1)
        #expect(finished.errorLines.last?.contains("4 records read, 1 acked, 3 failed;") == true, "\(finished)")

        let letters = try LetterLine.all(in: file).sorted { $0.line < $1.line }
        #expect(letters.map(\.error) == ["NO_KEY_SEPARATOR", "MESSAGE_TOO_LARGE", "MESSAGE_TOO_LARGE"])
        #expect(letters.map(\.line) == [2, 3, 4])
        #expect(letters.map(\.byteOffset) == [4, 9, 9 + binary.count + 1])
        #expect(letters.map(\.attempts) == [0, 1, 1])
        #expect(
            letters.allSatisfy { $0.file == "stdin" && $0.topic == "t" && $0.partition == 2 && $0.explicitPartition }
        )
        await strict.stop()

        let broker = try await EmbeddedBroker.started(partitions: 3)
        let again = try await run(broker, ["resend", file])
        #expect(again.status == 0, "\(again)")
        #expect(again.errorLines.last?.hasPrefix("kafka-producer: 3 records read, 3 acked, 0 failed;") == true)
        let headers = ["h=1", "n", "h=2"]
        let lines = input.split(separator: 10).map { Array($0) }
        let expected = [
            SentRecord("none", headers: headers),
            SentRecord(bytes: Array(lines[2].dropFirst(2)), key: Array("k".utf8), headers: headers),
            SentRecord(bytes: Array(lines[3].dropFirst(2)), key: [0xFF], headers: headers),
        ]
        let stored = try await broker.sent(to: "t", partition: 2)
        #expect(stored.count == 3 && expected.allSatisfy { stored.contains($0) })
        #expect(!FileManager.default.fileExists(atPath: file + ".again"))
        await broker.stop()
    }

    /// A broker that takes everything.
    private func largeBroker() async throws -> EmbeddedBroker {
        var configuration = EmbeddedBroker.Configuration()
        configuration.messageMaxBytes = 40_000_000
        return try await EmbeddedBroker.start(configuration)
    }

    @Test("a record over max.request.size is kept whole, from a pipe too, and resend delivers it with a larger limit")
    func overRequestSize() async throws {
        let broker = try await largeBroker()
        let folder = try TemporaryDirectory()
        let file = folder.path + "/failed"
        let long = [UInt8](repeating: 0x78, count: 3_000_000)
        let finished = try await run(broker, ["--dead-letter", file, "-K:"], .bytes(Array("k:".utf8) + long + [10]))
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("resend \(file) sends it again"), "\(finished)")
        #expect(!finished.errorText.contains("could not be kept"), "\(finished)")
        // The same failure has the same words in both commands.
        let words = "is larger than max.request.size=1048576 allows; raise max.request.size, and the topic's max."
        let still = try await run(broker, ["resend", file, "--dead-letter", folder.path + "/still"])
        #expect(still.status == 1 && still.errorText.contains(words) && finished.errorText.contains(words), "\(still)")
        let again = try await run(broker, ["resend", "--again", file, "-X", "max.request.size=4000000"])
        #expect(again.status == 0, "\(again)")
        #expect(try await broker.sent(to: "t") == [SentRecord(bytes: long, key: Array("k".utf8))])
        await broker.stop()
    }

    @Test("a record too long to keep is read from its file by resend, as long as that is the same file")
    func elsewhere() async throws {
        let broker = try await largeBroker()
        let folder = try TemporaryDirectory()
        let file = folder.path + "/failed"
        let long = [UInt8](repeating: 0x79, count: 20_000_000)
        let input = folder.path + "/in.txt"
        let before = Array("a:1\nk:".utf8)
        try Data(before + long + Array("\nb:2\n".utf8)).write(to: URL(fileURLWithPath: input))
        let shape = ["-K:", "-H", "h=1", "--dead-letter", file, input]
        let finished = try await run(broker, shape)
        #expect(finished.status == 1)
        let words = "1 record of more than 16,777,216 bytes stayed in the input: resend reads them from there"
        #expect(finished.errorText.contains(words), "\(finished)")
        let small = try await run(broker, ["resend", file])
        #expect(
            small.status == 1 && small.errorText.contains("RECORD_TOO_LARGE: the record of 20,000,002 bytes"),
            "\(small)"
        )
        let limits = ["-X", "max.request.size=30000000", "-X", "buffer.memory=60000000"]
        let again = try await run(broker, ["resend", "--again", file] + limits)
        #expect(again.status == 0, "\(again)")
        let sent = try await broker.sent(to: "t")
        #expect(sent.count == 3 && sent.contains(SentRecord(bytes: long, key: Array("k".utf8), headers: ["h=1"])))
        try Data("other\n".utf8).write(to: URL(fileURLWithPath: input))
        let gone = try await run(broker, ["resend", "--again", file] + limits)
        #expect(gone.status == 1 && gone.errorText.contains("in.txt is not the file that it was"), "\(gone)")
        await broker.stop()
    }

    @Test("a record too long to keep that came through a pipe is lost, with a word on where it began")
    func lost() async throws {
        let broker = try await largeBroker()
        let folder = try TemporaryDirectory()
        let file = folder.path + "/failed"
        let long = [UInt8](repeating: 0x78, count: 20_000_000)
        let finished = try await run(
            broker,
            ["--dead-letter", file],
            .bytes(Array("a\n".utf8) + long + Array("\nb\n".utf8))
        )
        #expect(finished.status == 1)
        let words = "1 record of more than 16,777,216 bytes could not be kept, the first at stdin:2, byte 2"
        #expect(finished.errorText.contains(words), "\(finished)")
        let letters = try LetterLine.all(in: file)
        #expect(letters.map(\.truncated) == [true] && letters.map(\.size) == [20_000_000])
        let again = try await run(broker, ["resend", file])
        #expect(again.status == 1)
        #expect(again.errorText.contains("RECORD_NOT_HELD: the record of 20,000,000 bytes was too large to be kept"))
        #expect(try await broker.sent(to: "t") == [SentRecord("a"), SentRecord("b")])
        await broker.stop()
    }

    @Test("lines are appended after what is there, and a torn one is ended first")
    func appends() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let file = try folder.write(#"{"topic":"t","val"#, to: "failed")
        for _ in 0..<2 {
            #expect(try await run(broker, ["-K:", "--dead-letter", file], .text("none\n")).status == 1)
        }
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 3)
        let again = try await run(broker, ["resend", file, "--dead-letter", folder.path + "/rest"])
        #expect(again.status == 1)
        #expect(again.errorText.contains("failed:1: NOT_A_DEAD_LETTER: "), "\(again)")
        #expect(again.errorLines.contains { $0.contains("3 records read, 2 acked, 1 failed;") })
        #expect(try String(contentsOfFile: folder.path + "/rest", encoding: .utf8) == lines[0] + "\n")
        #expect(try await broker.sent(to: "t") == [SentRecord("none"), SentRecord("none")])
        await broker.stop()
    }

    @Test("a line too long to be held is told in the new file, with the way to it")
    func longLine() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let value = String(repeating: "x", count: 500_000)
        let text = #"{"topic":"t","value":"a"}"# + "\n" + #"{"topic":"t","value":"\#(value)"}"# + "\n"
        let file = try folder.write(text, to: "letters")
        let finished = try await run(broker, ["resend", "-X", "max.request.size=1000", file])
        #expect(finished.status == 1)
        let line = "letters:2: RECORD_TOO_LARGE: the line is longer than any record that max.request.size allows"
        #expect(finished.errorText.contains(line), "\(finished)")
        let again = try await run(broker, ["resend", file + ".again"])
        #expect(again.status == 1)
        #expect(
            again.errorText.contains("RECORD_NOT_HELD: the record was too large to be kept, send it from \(file):2")
        )
        await broker.stop()
    }

    @Test("sending a large file again takes little memory")
    func memory() async throws {
        let broker = try await EmbeddedBroker.started()
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["resend", "-b", broker.bootstrap, "--receipts", "-", "--receipts-format", #"%l\n"#, "-"],
            input: .open
        )
        let letter = Array((#"{"topic":"t","value":""# + String(repeating: "x", count: 500_000) + "\"}\n").utf8)
        for number in 1...300 {
            child.write(letter)
            if number > 20 { #expect(try await child.nextLine() == "\(number - 20)") }
        }
        let peak = try #require(child.peakResidentBytes())
        #expect(peak < 100_000_000)
        child.closeInput()
        #expect(try await child.finish().status == 0)
        await broker.stop()
    }

    @Test("a signal ends resend too, and a line says up to where the file was dealt with")
    func signalWhileResending() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write(#"{"topic":"t","value":"a"}"# + "\n", to: "letters")
        let child = try ChildProcess(TestTools.kafkaProducer(), ["resend", "-b", "127.0.0.1:1", "-v", file])
        _ = try await child.line(of: .error) { $0.contains("cannot reach 127.0.0.1:1") }
        child.signal(SIGTERM)
        let finished = try await child.finish()
        #expect(finished.status == 143)
        #expect(
            finished.errorText.contains("nothing was sent; keep the file and send what follows later"),
            "\(finished)"
        )
        #expect(finished.errorLines.last?.contains("0 records read, 0 acked, 0 failed;") == true, "\(finished)")
        #expect(!FileManager.default.fileExists(atPath: file + ".again"))

        let broker = try await EmbeddedBroker.started()
        let fifo = folder.path + "/fifo"
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        let writer = unsafe open(fifo, O_RDWR | O_CLOEXEC)
        defer { close(writer) }
        let receipts = ["--receipts", "-"]
        let second = try ChildProcess(TestTools.kafkaProducer(), ["resend", "-b", broker.bootstrap, fifo] + receipts)
        let letter = Array((#"{"topic":"t","value":"a"}"# + "\n").utf8)
        #expect(unsafe write(writer, letter, letter.count) == letter.count)
        _ = try await second.nextLine()
        second.signal(SIGINT)
        let ended = try await second.finish()
        #expect(ended.status == 130)
        #expect(ended.errorText.contains("reading ended after \(fifo):1; keep the file"), "\(ended)")
        #expect(ended.errorLines.last?.contains("1 record read, 1 acked, 0 failed;") == true, "\(ended)")
        await broker.stop()
    }

    @Test("nothing failed, no file; and a file that cannot be written is told before anything is sent")
    func nothingFailed() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let file = folder.path + "/failed"
        #expect(try await run(broker, ["--dead-letter", file], .text("a\n")).status == 0)
        #expect(!FileManager.default.fileExists(atPath: file))
        let finished = try await run(broker, ["--dead-letter", folder.path + "/no/file"], .text("b\n"))
        #expect(finished.status == 2)
        #expect(try await broker.sent(to: "t") == [SentRecord("a")])
        await broker.stop()
    }

    @Test("a failed record stays in the account when it cannot be kept")
    func writeError() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await run(broker, ["-K:", "--dead-letter", "/dev/full"], .text("none\na:b\n"))
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("error: cannot write dead letters to /dev/full: No space left on device; "))
        #expect(finished.errorText.contains("error: stdin:1: NO_KEY_SEPARATOR: "), "\(finished)")
        #expect(finished.errorLines.last?.contains("2 records read, 1 acked, 1 failed;") == true)
        await broker.stop()
    }

    @Test("records that expire after SIGTERM are kept before the command exits", arguments: ["none", "zstd"])
    func signal(codec: String) async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let file = folder.path + "/failed"
        let timeouts = ["delivery.timeout.ms=4000", "request.timeout.ms=1000", "linger.ms=0"].flatMap { ["-X", $0] }
        let words = ["-b", broker.bootstrap, "-t", "t", "--progress", "always", "--dead-letter", file, "-z", codec]
        let child = try ChildProcess(TestTools.kafkaProducer(), words + timeouts, input: .open)
        child.write("one\n")
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
        await broker.stop()
        child.write("two\nthree\n")
        _ = try await child.line(of: .error) { $0.contains("  2 in flight") }
        child.signal(SIGTERM)
        let finished = try await child.finish()
        #expect(finished.status == 143, "\(finished)")
        let letters = try LetterLine.all(in: file)
        #expect(letters.map(\.line) == [2, 3])
        #expect(letters.map(\.error) == ["TIMED_OUT", "TIMED_OUT"])
        #expect(letters.allSatisfy { !$0.explicitPartition && $0.partition == 0 })

        let next = try await EmbeddedBroker.started()
        #expect(try await run(next, ["resend", file]).status == 0)
        #expect(try await next.sent(to: "t") == [SentRecord("two"), SentRecord("three")])
        await next.stop()
    }

    @Test("what fails again goes to a new file with its first place, and never to the one that is read")
    func failsAgain() async throws {
        let strict = try await smallBroker()
        let folder = try TemporaryDirectory()
        let file = folder.path + "/failed"
        let text = String(repeating: "x", count: 3000)
        _ = try await run(strict, ["--dead-letter", file, "-X", "batch.size=0"], .text("a\n\(text)\nb\n"))
        let first = try LetterLine.all(in: file)
        #expect(first.map(\.line) == [2])

        let again = try await run(strict, ["resend", file])
        #expect(again.status == 1)
        #expect(again.errorText.contains("failed:1: MESSAGE_TOO_LARGE: "), "\(again)")
        let second = try LetterLine.all(in: file + ".again")
        #expect(second.map(\.file) == ["stdin"])
        #expect(second.map(\.line) == [2])
        #expect(second.map(\.attempts) == [1])
        #expect(second.map(\.timestamp) == first.map(\.timestamp))
        #expect(try LetterLine.all(in: file) == first)

        let same = try await run(strict, ["resend", file, "--dead-letter", file])
        #expect(same.status == 2)
        #expect(same.errorText.contains("--dead-letter: \(file) is the input \(file)"), "\(same)")
        await strict.stop()
    }

    @Test("each record goes to its own topic; one that is not there fails alone, a broker that is not there is 3")
    func topics() async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.autoCreateTopics = false
        configuration.topics = ["a": 1, "b": 2]
        let broker = try await EmbeddedBroker.start(configuration)
        let folder = try TemporaryDirectory()
        let lines = [
            #"{"topic":"a","value":"1","timestamp":1000}"#, #"{"topic":"missing","value":"2"}"#,
            #"{"topic":"b","value":null,"key":"k","partition":1,"explicitPartition":true}"#, "",
            #"{"topic":"missing","value":"3"}"#, #"{"topic":"b","value":"4","partition":7,"explicitPartition":true}"#,
            #"{"topic":"a","value":"5"}"#,
        ]
        let file = try folder.write(lines.joined(separator: "\n"), to: "letters")
        let dead = try await KafkaProducerBinary.run(["resend", "-b", "127.0.0.1:1", "-X", "max.block.ms=300", file])
        #expect(dead.status == 3)
        #expect(!FileManager.default.fileExists(atPath: file + ".again"))

        let receipts = ["--receipts", "-", "--receipts-format", #"%f:%l %t-%p@%o\n"#]
        let finished = try await run(broker, ["resend", "-X", "max.block.ms=500", file] + receipts)
        #expect(finished.status == 1)
        #expect(finished.errorLines.contains { $0.contains("6 records read, 3 acked, 3 failed;") }, "\(finished)")
        #expect(try await broker.sent(to: "a") == [SentRecord("1"), SentRecord("5")])
        #expect(try await broker.sent(to: "b", partition: 1) == [SentRecord(nil, key: "k")])
        #expect(
            Set(finished.outputLines) == ["\(file):1 a-0@0", "\(file):3 b-1@0", "\(file):7 a-0@1"],
            "\(finished)"
        )
        #expect(try LetterLine.all(in: file + ".again").map(\.topic).sorted() == ["b", "missing", "missing"])
        await broker.stop()
    }
}
