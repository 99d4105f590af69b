// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// Nothing that was asked for goes missing without a line and a status, whatever the built command was to write.
@Suite("Lost output", .takesTurns, .timeLimit(.minutes(10)))
struct LostOutputTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func run(
        _ arguments: [String],
        output: ChildProcessOutput = .collected
    ) async throws -> FinishedProcess {
        try await ChildProcess.run(
            TestTools.kafkaProducer(),
            arguments,
            input: .text("a\nb\n"),
            output: output,
            directory: folder.path
        )
    }

    private func withBroker(_ body: (EmbeddedBroker) async throws -> Void) async throws {
        let broker = try await EmbeddedBroker.started()
        do {
            try await body(broker)
        } catch {
            await broker.stop()
            throw error
        }
        await broker.stop()
    }

    @Test(
        "help, version and a broker's address on a full disk, or where stdout is closed, are an error",
        arguments: [["--help"], ["--version"], ["perf", "--help"], ["broker", "--port", "0"]]
    )
    func printed(arguments: [String]) async throws {
        for (output, reason) in [
            (ChildProcessOutput.file("/dev/full"), "No space left on device"), (.closed, "it is closed"),
        ] {
            let finished = try await run(arguments, output: output)
            #expect(finished.status == 1)
            #expect(finished.errorLines.count == 1, "\(finished)")
            #expect(finished.errorText.contains("error: cannot write to stdout: \(reason)"), "\(finished)")
        }
        // Whoever reads it all misses nothing.
        guard arguments.first != "broker" else { return }
        #expect(try await run(arguments).status == 0)
    }

    @Test(
        "what perf cannot write costs status 1, not 2, since records were sent; one line says so",
        arguments: [
            (["--print-metrics"], "/dev/full", "cannot write to stdout: No space left on device"),
            (["--json", "-"], "/dev/full", "cannot write to stdout: No space left on device"),
            (["--json", "/dev/full"], "/dev/null", "--json: cannot write /dev/full: No space left on device"),
            (["--report", "/dev/full"], "/dev/null", "--report: cannot write /dev/full: No space left on device"),
            (
                ["--stats-interval", "60", "--stats-file", "/dev/full"], "/dev/null",
                "--stats-file: cannot write to /dev/full: No space left on device"
            ),
        ]
    )
    func perf(arguments: [String], output: String, expected: String) async throws {
        try await withBroker { broker in
            let words = ["perf", "-b", broker.bootstrap, "-t", "t", "--num-records", "10", "--record-size", "5"]
            let finished = try await run(words + arguments, output: .file(output))
            #expect(finished.status == 1)
            let errors = finished.errorLines.filter { $0.contains("error: ") }
            #expect(errors.count == 1 && errors.first?.contains(expected) == true, "\(finished)")
            #expect(try await broker.sent(to: "t").count == 10)
        }
    }

    @Test("perf writes its page although its JSON cannot be written")
    func others() async throws {
        try await withBroker { broker in
            let words = ["perf", "-b", broker.bootstrap, "-t", "t", "--num-records", "10", "--record-size", "5"]
            let finished = try await run(words + ["--json", "/dev/full", "--report", "page"])
            #expect(finished.status == 1)
            #expect(try String(contentsOfFile: folder.path + "/page", encoding: .utf8).contains("</html>"))
        }
    }

    @Test(
        "perf checks both settings files and all its files before it sends anything",
        arguments: [
            (["--compare", "good", "missing"], "cannot read settings file missing: No such file or directory"),
            (["--compare", "good", "wrong"], "linger.ms"),
            (["--json", "x", "--report", "./x"], "--report: ./x is the"),
            (["--json", "none/x"], "--json: cannot write none/x: No such file or directory"),
            (["-c", "good", "--report", "good"], "--report: good is a settings file"),
            (["--json", "x", "--stats-interval", "60", "--stats-file", "x"], "--stats-file: x is the file of --json"),
            (["--stats-interval", "60", "--stats-file", "none/x"], "--stats-file: cannot write none/x"),
        ]
    )
    func checkedFirst(arguments: [String], expected: String) async throws {
        try folder.write("acks=all\n", to: "good")
        try folder.write("linger.ms=soon\n", to: "wrong")
        try await withBroker { broker in
            let words = ["perf", "-b", broker.bootstrap, "-t", "t", "--num-records", "10", "--record-size", "5"]
            let finished = try await run(words + arguments)
            #expect(finished.status == 2)
            #expect(finished.errorText.contains(expected), "\(finished)")
            #expect(finished.output.isEmpty)
            #expect(await broker.topics["t"] == nil)
        }
        #expect(try String(contentsOfFile: folder.path + "/good", encoding: .utf8) == "acks=all\n")
    }

    @Test("metrics that cannot be written cost the lines, not the load: status 1")
    func stats() async throws {
        try await withBroker { broker in
            let words = ["-b", broker.bootstrap, "-t", "t", "--stats-interval", "60", "--stats-file", "/dev/full"]
            let finished = try await run(words)
            #expect(finished.status == 1)
            let expected = "error: --stats-file: cannot write to /dev/full: No space left on device; "
            #expect(finished.errorText.contains(expected), "\(finished)")
            #expect(finished.errorLines.last?.contains("2 records read, 2 acked, 0 failed;") == true, "\(finished)")
        }
    }

    @Test(
        "two outputs in one place, or an output in place of an input, are told before anything is sent or changed",
        arguments: [
            (["--receipts", "-", "--stats-interval", "60", "--stats-file", "-"], "stdout is the file of --stats-file"),
            (["--dead-letter", "x", "--stats-interval", "60", "--stats-file", "./x"], "x is the file of --stats-file"),
            (["--receipts", "in", "in"], "--receipts: in is the input in"),
            (["--stats-interval", "60", "--stats-file", "in", "in"], "--stats-file: in is the input in"),
            (["--receipts", "new", "--dead-letter", "none/x"], "--dead-letter: cannot write none/x"),
            (["--receipts", "new", "--dead-letter", "."], "--dead-letter: cannot write .: Is a directory"),
        ]
    )
    func sameFile(arguments: [String], expected: String) async throws {
        // Without its newline, which an output would get.
        try folder.write("a\nb", to: "in")
        try await withBroker { broker in
            let finished = try await run(["-b", broker.bootstrap, "-t", "t"] + arguments)
            #expect(finished.status == 2)
            #expect(finished.errorText.contains(expected), "\(finished)")
            #expect(await broker.topics["t"] == nil)
        }
        #expect(try String(contentsOfFile: folder.path + "/in", encoding: .utf8) == "a\nb")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["in"])
    }

    @Test("a FIFO that nobody reads yet is waited for, which a line says", arguments: ["--receipts", "--json"])
    func fifo(option: String) async throws {
        try await withBroker { broker in
            let fifo = folder.path + "/fifo"
            #expect(unsafe mkfifo(fifo, 0o600) == 0)
            let isPerf = option == "--json"
            let words =
                (isPerf ? ["perf", "--num-records", "10", "--record-size", "5"] : []) + ["-b", broker.bootstrap]
            let child = try ChildProcess(
                TestTools.kafkaProducer(),
                words + ["-t", "t", option, fifo],
                input: .text("a\n")
            )
            _ = try await child.line(of: .error) { $0.contains("waiting until somebody reads \(fifo)") }
            #expect(await broker.topics["t"] == nil)
            let reader = try await ChildProcess.run("/bin/cat", [fifo])
            #expect(reader.outputLines.count == 1, "\(reader)")
            #expect(try await child.finish().status == 0)
        }
    }
}
