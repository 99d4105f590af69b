// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import Testing

/// The harness itself, on programs that every Unix has.
@Suite("The process harness", .takesTurns, .timeLimit(.minutes(10)))
struct ChildProcessTests {
    @Test("bytes go in and come out unchanged, also more than a pipe holds")
    func passesBytes() async throws {
        var random = SplitMix64(seed: 1)
        let bytes = random.bytes(1_000_000)
        let finished = try await ChildProcess.run("/bin/cat", [], input: .bytes(bytes))
        #expect(finished.output == bytes)
        #expect(finished.status == 0)
    }

    @Test("slices arrive in order")
    func passesSlices() async throws {
        let slices = (0..<1000).map { Array("\($0) ".utf8) }
        let finished = try await ChildProcess.run("/bin/cat", [], input: .slices(slices))
        #expect(finished.output == slices.flatMap { $0 })
    }

    @Test("both streams and the exit status are told apart")
    func tellsStreamsApart() async throws {
        let finished = try await ChildProcess.run("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"])
        #expect(finished.outputLines == ["out"])
        #expect(finished.errorLines == ["err"])
        #expect(finished.status == 3)
    }

    @Test("the peak of memory is the child's own")
    func tellsMemory() async throws {
        let child = try ChildProcess("/bin/cat", [], input: .open)
        child.write("ready\n")
        #expect(try await child.nextLine() == "ready")
        let peak = try #require(child.peakResidentBytes())
        #expect(peak > 100_000 && peak < 10_000_000)
        child.closeInput()
        try await child.finish()
        #expect(child.peakResidentBytes() == nil)
    }

    @Test("a signal gives the status that a shell shows")
    func tellsSignals() async throws {
        let child = try ChildProcess("/bin/cat", [], input: .open)
        child.write("ready\n")
        #expect(try await child.nextLine() == "ready")
        child.signal(SIGTERM)
        #expect(try await child.finish().status == 143)
    }

    @Test("children have the default for SIGPIPE, whatever this process does")
    func leavesBrokenPipesAlone() async throws {
        let finished = try await ChildProcess.run("/bin/sh", ["-c", "kill -PIPE $$; echo survived"])
        #expect(finished.status == 141)
    }

    @Test("a child that does not read its stdin blocks nobody")
    func outlivesBrokenPipe() async throws {
        let bytes = [UInt8](repeating: 0, count: 1_000_000)
        #expect(try await ChildProcess.run("/bin/true", [], input: .bytes(bytes)).status == 0)
    }

    @Test("an open stdin is no other child's to hold open")
    func keepsPipesApart() async throws {
        let first = try ChildProcess("/bin/cat", [], input: .open)
        let second = try ChildProcess("/bin/cat", [], input: .open)
        first.closeInput()
        #expect(try await first.finish().status == 0)
        second.closeInput()
        #expect(try await second.finish().status == 0)
    }

    @Test("a child beyond its limit is killed and says what it had printed")
    func killsAtTheLimit() async throws {
        let error = await #expect(throws: HarnessError.self) {
            try await ChildProcess.run(
                "/bin/sh",
                ["-c", "echo begun; exec cat"],
                input: .open,
                limit: .milliseconds(200)
            )
        }
        #expect(error?.description.contains("begun") == true)
    }

    @Test("waiting for a line that never comes is an error")
    func tellsMissingLine() async throws {
        let child = try ChildProcess("/bin/echo", ["one"])
        await #expect(throws: HarnessError.self) { try await child.line { $0 == "two" } }
    }

    @Test("a program that is not there is an error")
    func tellsMissingProgram() {
        #expect(throws: HarnessError.self) { try ChildProcess("/no/such/program", []) }
    }

    @Test("stderr can be a terminal")
    func givesTerminal() async throws {
        let script = "test -t 2 && ! test -t 1 && stty size <&2 >&2"
        let finished = try await ChildProcess.run("/bin/sh", ["-c", script], error: .terminal)
        #expect(finished.status == 0)
        #expect(finished.errorText.contains("24 100"))
    }

    @Test("stdin can be absent, a directory, and the outputs without a reader, full or absent")
    func givesOddDescriptors() async throws {
        #expect(try await ChildProcess.run("/bin/cat", [], input: .closed).status == 1)
        #expect(try await ChildProcess.run("/bin/cat", [], input: .file("/")).status == 1)
        #expect(try await ChildProcess.run("/bin/echo", ["x"], output: .readerGone).status == 141)
        #expect(try await ChildProcess.run("/bin/echo", ["x"], output: .file("/dev/full")).status == 1)
        #expect(try await ChildProcess.run("/bin/echo", ["x"], output: .closed).status == 1)
    }

    @Test("the environment and the working directory are the child's own")
    func setsSurroundings() async throws {
        let folder = try TemporaryDirectory()
        let finished = try await ChildProcess.run(
            "/bin/sh",
            ["-c", "pwd; echo $TASTE; echo ${HOME-none}"],
            environment: ["TASTE": "salt", "HOME": ""],
            directory: folder.path
        )
        #expect(finished.outputLines == [folder.path, "salt", "none"])
    }
}
