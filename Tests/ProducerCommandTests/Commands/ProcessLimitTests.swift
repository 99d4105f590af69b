// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Testing

/// The built command under limits of the system, as a shell sets them.
@Suite("Limits of the process", .takesTurns, .timeLimit(.minutes(10)))
struct ProcessLimitTests {
    /// Runs the command under a limit.
    private func run(
        _ limit: String,
        _ arguments: [String],
        _ input: ChildProcessInput.Source = .text("a\nb\n")
    ) async throws -> FinishedProcess {
        let script = "ulimit \(limit) || exit 99; exec \"$0\" \"$@\""
        let words = ["-c", script, try TestTools.kafkaProducer()] + arguments
        return try await ChildProcess.run("/bin/sh", words, input: input)
    }

    /// KiB of addresses that the program itself takes: what is left under a limit is the same on every machine.
    private func programSize() async throws -> Int {
        let script =
            "for size in $(seq 60000 20000 2000000); do "
            + "if (ulimit -v $size; exec \"$0\" --version) >/dev/null 2>&1; then echo $size; exit; fi; done"
        let finished = try await ChildProcess.run("/bin/sh", ["-c", script, TestTools.kafkaProducer()])
        return try #require(Int(finished.outputText.split(separator: "\n").first ?? ""))
    }

    @Test("too few file descriptors are told with the figures, and nothing is begun", arguments: [8, 12, 17, 24])
    func descriptors(limit: Int) async throws {
        let finished = try await run("-n \(limit)", ["-b", "127.0.0.1:1", "-t", "t"])
        #expect(finished.status == 2, "\(finished)")
        #expect(finished.errorLines.count == 1)
        let line = finished.errorLines.first ?? ""
        #expect(
            line.hasPrefix("kafka-producer: error: cannot start: it needs 28 file descriptors, and "),
            "\(finished)"
        )
        #expect(line.contains("(ulimit -n is \(limit))"))
    }

    @Test("too little memory is told with the figures, in place of a crash or of silence")
    func memory() async throws {
        let limit = try await programSize() + 40_000
        let finished = try await run("-v \(limit)", ["-b", "127.0.0.1:1", "-t", "t"])
        #expect(finished.status == 2, "\(finished)")
        #expect(finished.errorLines.count == 1)
        #expect(finished.errorText.contains("MiB of memory beside the program itself"), "\(finished)")
        #expect(finished.errorText.contains("(ulimit -v is \(limit) KiB)"), "\(finished)")
    }

    @Test("a buffer.memory that the limit does not allow is refused; what it allows is used to the end of a load")
    func bufferMemory() async throws {
        let limit = try await programSize() + 600_000
        let broker = try await EmbeddedBroker.started()
        let words = ["-b", broker.bootstrapServers[0], "-t", "t"]
        let refused = try await run("-v \(limit)", words + ["-X", "buffer.memory=700000000"])
        #expect(refused.status == 2, "\(refused)")
        #expect(refused.errorText.contains("buffer.memory=700000000 is more memory than the system lets"), "\(refused)")
        let lines = String(repeating: String(repeating: "x", count: 99) + "\n", count: 50_000)
        let sent = try await run("-v \(limit)", words + ["-z", "zstd"], .text(lines))
        #expect(sent.status == 0, "\(sent)")
        await broker.stop()
    }

    @Test("help and version need nothing")
    func help() async throws {
        for word in ["--help", "--version"] {
            #expect(try await run("-n 10", [word], .nothing).status == 0)
        }
    }
}
