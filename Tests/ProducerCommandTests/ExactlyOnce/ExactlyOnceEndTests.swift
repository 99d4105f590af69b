// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaReader
import Testing

/// How a load ends: signals, answers that do not come, and records that brokers refuse.
@Suite("Exactly once: ends and refusals", .takesTurns, .timeLimit(.minutes(10)))
struct ExactlyOnceEndTests {
    private static let lines = ExactlyOnceLoad.lines(1...100)
    private static let text = lines.map { $0 + "\n" }.joined()

    private func claimed(_ process: ChildProcess) async throws {
        _ = try await process.line(of: .error) { $0.contains("is committed up to stdin, byte 0") }
    }

    @Test(
        "the first signal has what was read committed, and the next run goes on",
        arguments: ExactlyOnceLoad.protocols
    )
    func firstSignal(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(["-v", "--commit-interval", "280s"], input: .open)
            try await claimed(first)
            first.write(Self.text)
            try await load.waitForOffset(100)
            first.signal(15)
            let run = try await first.finish()
            #expect(run.status == 143, "\(run)")
            #expect(run.errorText.contains("100 records read, 100 acked, 0 failed"), "\(run)")
            #expect(try await load.committed() == Self.lines)
            #expect(try await load.run([], input: .text(Self.text + "more\n")).status == 0)
            #expect(try await load.committed() == Self.lines + ["more"])
        }
    }

    @Test(
        "a second signal leaves at once, and asks for the transaction to be aborted",
        arguments: ExactlyOnceLoad.protocols
    )
    func secondSignal(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(["-v", "--commit-interval", "280s"], input: .open)
            try await claimed(first)
            first.write(Self.text)
            try await load.waitForOffset(100)
            try await load.inject("txn-offset-commit error COORDINATOR_LOAD_IN_PROGRESS")
            first.signal(15)
            _ = try await first.line(of: .error) { $0.contains("a second signal leaves at once") }
            first.signal(2)
            let run = try await first.finish()
            #expect(run.status == 130 || run.status == 143, "\(run)")
            #expect(run.errorText.contains("left at once"), "\(run)")
            // The marker of the abort comes, which takes an offset.
            try await load.waitForOffset(101)
            try await load.broker.clearFaults()
            #expect(try await load.run([], input: .text(Self.text)).status == 0)
            #expect(try await load.committed() == Self.lines)
        }
    }

    @Test(
        "a commit that is not answered within max.block.ms: status 1, unknown, and the same command finds out",
        arguments: ExactlyOnceLoad.protocols
    )
    func unknown(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(["-v", "--commit-interval", "280s", "-X", "max.block.ms=700"], input: .open)
            try await claimed(first)
            try await load.inject("end-txn append-then-drop")
            try await load.inject("end-txn 2- drop")
            first.write(Self.text)
            first.closeInput()
            let run = try await first.finish()
            #expect(run.status == 1, "\(run)")
            #expect(run.errorText.contains("it is unknown whether the last 100 records are in"), "\(run)")
            #expect(run.errorText.contains("100 records read, 0 acked, 0 failed, 100 uncommitted"), "\(run)")
            try await load.broker.clearFaults()
            let second = try await load.run([], input: .text(Self.text))
            #expect(second.status == 0, "\(second)")
            #expect(try await load.committed() == Self.lines)
        }
    }

    @Test(
        "records that the broker refuses are left out, each is one dead letter, and all others are there once",
        arguments: ExactlyOnceLoad.protocols
    )
    func refused(version: Int16) async throws {
        let text = (1...300).map { $0.isMultiple(of: 70) ? "BAD \($0)\n" : "line \($0)\n" }.joined()
        let good = (1...300).filter { !$0.isMultiple(of: 70) }.map { "line \($0)" }
        for isFile in [true, false] {
            try await ExactlyOnceLoad.with(version) { load in
                try load.folder.write(text, to: "in")
                try await load.inject("produce refuse-records containing BAD")
                let files = ["--dead-letter", "letters", "--receipts", "receipts", "--commit-records", "100"]
                let run =
                    isFile
                    ? try await load.run(files + ["in"]) : try await load.run(files, input: .text(text))
                #expect(run.status == 1, "\(run)")
                #expect(run.errorText.contains("300 records read, 296 acked, 4 failed"), "\(run)")
                #expect(run.errorText.contains("INVALID_RECORD"), "\(run)")
                #expect(try await load.committed() == good)
                #expect(try load.lines(of: "letters").count == 4)
                #expect(try load.lines(of: "receipts").count == 296)
            }
        }
    }

    @Test(
        "with --on-error abort a refused record ends the load before its transaction",
        arguments: ExactlyOnceLoad.protocols
    )
    func aborts(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let lines = Self.lines + ["BAD"] + Self.lines
            try load.write(lines, to: "in")
            try await load.inject("produce refuse-records containing BAD")
            let run = try await load.run(["--on-error", "abort", "--commit-records", "100", "in"])
            #expect(run.status == 1, "\(run)")
            #expect(run.errorText.contains("INVALID_RECORD"), "\(run)")
            #expect(run.errorText.contains("everything before in, byte 792 is committed"), "\(run)")
            #expect(try await load.committed() == Self.lines)
            try await load.broker.clearFaults()
            #expect(try await load.run(["in"]).status == 0)
            #expect(try await load.committed() == lines)
        }
    }

    @Test(
        "a batch that expires, or an abortable error, has its transaction repeated",
        arguments: ExactlyOnceLoad.protocols
    )
    func repeated(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            try load.write(Self.lines, to: "in")
            try await load.inject("produce 2 error UNKNOWN_SERVER_ERROR")
            try await load.inject("end-txn 5 error TRANSACTION_ABORTABLE")
            let run = try await load.run(["--commit-records", "20", "in"])
            #expect(run.status == 0, "\(run)")
            #expect(run.errorText.contains("it is sent again from in, byte"), "\(run)")
            #expect(run.errorText.contains("100 records read, 100 acked, 0 failed"), "\(run)")
            #expect(try await load.committed() == Self.lines)
        }
    }

    @Test("what fails each time ends the load with status 1 after a few tries")
    func givesUp() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            try load.write(Self.lines, to: "in")
            try await load.inject("produce error UNKNOWN_SERVER_ERROR")
            let run = try await load.run(["in"])
            #expect(run.status == 1, "\(run)")
            #expect(run.errorText.contains("100 records read, 0 acked, 0 failed, 100 uncommitted"), "\(run)")
            try await load.broker.clearFaults()
            #expect(try await load.run(["in"]).status == 0)
            #expect(try await load.committed() == Self.lines)
        }
    }

    @Test(
        "a followed file is committed while it says nothing, and goes on in the file that takes its name",
        arguments: ExactlyOnceLoad.protocols
    )
    func follows(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            try load.write(["a"], to: "log")
            let words = ["-v", "--follow", "--commit-interval", "50ms", "log"]
            let first = try load.start(words)
            _ = try await first.line(of: .error) { $0.contains("is committed up to log, byte 2") }
            try load.append("b\n", to: "log")
            _ = try await first.line(of: .error) { $0.contains("is committed up to log, byte 4") }
            first.signal(15)
            #expect(try await first.finish().status == 143)
            let second = try load.start(words)
            _ = try await second.line(of: .error) { $0.contains("going on where load is: 2 records") }
            try load.append("c\n", to: "log")
            _ = try await second.line(of: .error) { $0.contains("is committed up to log, byte 6") }
            try rename(load)
            _ = try await second.line(of: .error) { $0.contains("is committed up to log, byte 9") }
            second.signal(15)
            #expect(try await second.finish().status == 143)
            #expect(try await load.committed() == ["a", "b", "c", "new file"])
        }
    }

    private func rename(_ load: ExactlyOnceLoad) throws {
        try load.write(["new file"], to: "next")
        try FileManager.default.moveItem(atPath: load.folder.path + "/log", toPath: load.folder.path + "/log.1")
        try FileManager.default.moveItem(atPath: load.folder.path + "/next", toPath: load.folder.path + "/log")
    }
}
