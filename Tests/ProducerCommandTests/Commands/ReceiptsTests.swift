// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import KafkaEmbeddedBroker
import Testing

/// What the built command says of each delivered record.
@Suite("Receipts", .takesTurns, .timeLimit(.minutes(10)))
struct ReceiptsTests {
    private func run(
        _ broker: EmbeddedBroker,
        _ arguments: [String],
        _ input: ChildProcessInput.Source = .nothing,
        output: ChildProcessOutput = .collected
    ) async throws -> FinishedProcess {
        try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["-b", broker.bootstrap, "-t", "t"] + arguments,
            input: input,
            output: output
        )
    }

    /// Two files of lines with keys: what is in them, and their names.
    private func files(in folder: TemporaryDirectory) throws -> [String: [UInt8]] {
        var random = SplitMix64(seed: 77)
        var files: [String: [UInt8]] = [:]
        for name in ["first", "second"] {
            let lines = (0..<700).map { number in
                let noise = random.bytes(Int.random(in: 0...200, using: &random), without: 10)
                return Array("k\(number % 13):\(name) \(number) ".utf8) + noise
            }
            let content = Array(lines.joined(separator: [10]))
            files[try folder.write(content, to: name)] = content
        }
        return files
    }

    @Test(
        "each record has one, and the broker has that very line at that place, in order",
        arguments: [[], ["-z", "zstd"], ["-X", "batch.size=500"], ["-X", "linger.ms=0", "--sync"]]
    )
    func everyRecord(arguments: [String]) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 3)
        let folder = try TemporaryDirectory()
        let files = try files(in: folder)
        let path = folder.path + "/receipts"
        let words = ["-K:", "--receipts", path] + arguments + files.keys.sorted()
        let finished = try await run(broker, words)
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.output.isEmpty)

        let receipts = try Receipt.all(in: String(contentsOfFile: path, encoding: .utf8))
        #expect(receipts.count == 1400)
        #expect(Set(receipts.map { "\($0.file):\($0.line)" }).count == 1400)
        #expect(receipts.allSatisfy { $0.topic == "t" })
        let lines = files.mapValues { $0.split(separator: 10, omittingEmptySubsequences: false) }
        for partition in 0..<3 {
            let own = receipts.filter { $0.partition == partition }
            let stored = try await broker.sent(to: "t", partition: partition)
            #expect(own.map(\.offset) == (0..<Int64(stored.count)).map { $0 })
            let wrong = try zip(own, stored).first { receipt, record in
                let line = try #require(lines[receipt.file])[receipt.line - 1]
                let isStored = Array(line) == (record.key ?? []) + [0x3A] + (record.value ?? [])
                return !isStored || receipt.byteOffset != line.startIndex
            }
            #expect(wrong == nil)
        }
        await broker.stop()
    }

    @Test("to stdout by a template, with what is in the record, also where it was compressed")
    func template() async throws {
        let broker = try await EmbeddedBroker.started()
        let format = #"%f:%l %t-%p@%o %k=%v (%s) %b%%\0"#
        for codec in ["none", "lz4"] {
            let begin = try await broker.topics["t"] == nil ? 0 : broker.sent(to: "t").count
            let words = ["-K:", "--null-marker", "NULL", "-z", codec, "--receipts", "-", "--receipts-format", format]
            let finished = try await run(broker, words, .text("a:b\n:NULL\nNULL:\n"))
            #expect(finished.status == 0, "\(finished)")
            #expect(
                finished.outputText
                    == "stdin:1 t-0@\(begin) a=b (1) 0%\0stdin:2 t-0@\(begin + 1) = (-1) 4%\0"
                    + "stdin:3 t-0@\(begin + 2) = (0) 10%\0"
            )
        }
        await broker.stop()
    }

    @Test("to an inherited descriptor; one that is not there, or is for reading, is a usage error")
    func descriptors() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let command = "\(try TestTools.kafkaProducer()) -b \(broker.bootstrap) -t t --receipts '&3'"
        for (redirection, status) in [("3>receipts", Int32(0)), ("3<receipts", 2), ("3>&-", 2)] {
            let finished = try await ChildProcess.run(
                "/bin/sh",
                ["-c", "\(command) \(redirection)"],
                input: .text("a\nb\n"),
                directory: folder.path
            )
            #expect(finished.status == status, "\(finished)")
            if status == 2 { #expect(finished.errorText.contains("--receipts: descriptor 3 is not open for writing")) }
        }
        let receipts = try Receipt.all(in: String(contentsOfFile: folder.path + "/receipts", encoding: .utf8))
        #expect(receipts.map(\.offset) == [0, 1])
        #expect(try await broker.sent(to: "t").count == 2)
        await broker.stop()
    }

    @Test("a closed stdout is told before anything is sent")
    func closedOutput() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await run(broker, ["--receipts", "-"], .text("a\n"), output: .closed)
        #expect(finished.status == 2)
        #expect(finished.errorText.contains("--receipts: stdout is not open for writing"), "\(finished)")
        #expect(await broker.topics["t"] == nil)
        await broker.stop()
    }

    @Test(
        "when they cannot be written the load goes on, one line says so, and the status is 1",
        arguments: [
            (["--receipts", "/dev/full"], "/dev/full: No space left on device"),
            (["--receipts", "-"], "stdout: Broken pipe"),
        ]
    )
    func writeErrors(arguments: [String], expected: String) async throws {
        let broker = try await EmbeddedBroker.started()
        let lines = (0..<3000).map { "\($0)" }
        let finished = try await run(broker, arguments, .text(lines.joined(separator: "\n")), output: .readerGone)
        #expect(finished.status == 1)
        let errors = finished.errorLines.filter { $0.contains("error:") }
        #expect(errors.count == 1, "\(finished)")
        #expect(errors.first?.hasPrefix("kafka-producer: error: cannot write receipts to \(expected); ") == true)
        #expect(finished.errorLines.last?.contains("3,000 records read, 3,000 acked, 0 failed;") == true)
        #expect(try await broker.sent(to: "t").count == 3000)
        await broker.stop()
    }

    @Test("without the broker's word on offsets they say null")
    func unknownOffsets() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await run(broker, ["-X", "acks=0", "--receipts", "-"], .text("a\nb\n"))
        #expect(finished.status == 0, "\(finished)")
        #expect(try Receipt.all(in: finished.outputText).map(\.offset) == [nil, nil])
        await broker.stop()
    }

    @Test(
        "options that make no sense are told",
        arguments: [
            ["--receipts-format", "%t"], ["--receipts", "-", "--receipts-format", "%q"], ["--receipts", "&x"],
            ["--dead-letter", "-"],
        ]
    )
    func usage(arguments: [String]) async throws {
        let finished = try await KafkaProducerBinary.run(["-b", "h:1", "-t", "t"] + arguments)
        #expect(finished.status == 2)
    }
}
