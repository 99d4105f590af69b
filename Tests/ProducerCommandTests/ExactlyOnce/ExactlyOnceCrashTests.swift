// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaReader
import Testing

/// The crash points of a load: the process is killed at each of them, and the next run completes the load.
@Suite("Exactly once: crash points", .takesTurns, .timeLimit(.minutes(10)))
struct ExactlyOnceCrashTests {
    private static let lines = ExactlyOnceLoad.lines(1...100)
    private static let text = lines.map { $0 + "\n" }.joined()
    /// One transaction for all, unless something else ends it.
    private static let words = ["-v", "--commit-interval", "280s"]

    /// Kills the process, as a crash would.
    private func kill(_ process: ChildProcess) async throws {
        process.signal(9)
        #expect(try await process.finish().status == 137)
    }

    private func claimed(_ process: ChildProcess) async throws {
        _ = try await process.line(of: .error) { $0.contains("is committed up to stdin, byte 0") }
    }

    /// Runs the load again, and insists that everything is there once and in order.
    private func complete(_ load: ExactlyOnceLoad, _ words: [String] = [], machine: String? = nil, acked: Int = 100)
        async throws
    {
        try await load.broker.clearFaults()
        let run = try await load.run(words, input: .text(Self.text), machine: machine)
        #expect(run.status == 0, "\(run)")
        #expect(run.errorText.contains(" \(acked) acked"), "\(run)")
        #expect(try await load.committed() == Self.lines)
    }

    @Test("before the first Produce: the next run begins at the same position", arguments: ExactlyOnceLoad.protocols)
    func beforeProduce(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(Self.words, input: .open)
            try await claimed(first)
            try await kill(first)
            try await complete(load)
        }
    }

    @Test(
        "in the middle of a transaction: its records stay invisible, and are sent again",
        arguments: ExactlyOnceLoad.protocols
    )
    func middle(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(Self.words, input: .open)
            try await claimed(first)
            first.write(Self.text)
            try await load.waitForOffset(100)
            try await kill(first)
            #expect(try await load.committed().isEmpty)
            try await complete(load)
        }
    }

    @Test(
        "side files on the disk, EndTxn not taken: they are cut back, and end as without the crash",
        arguments: ExactlyOnceLoad.protocols
    )
    func beforeDecision(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let files = ["--receipts", "receipts", "--dead-letter", "letters", "-K", " "]
            let text = Self.lines.map { $0 + "\n" }.joined() + "nokey\n"
            let first = try load.start(Self.words + files, input: .open)
            try await claimed(first)
            try await load.inject("end-txn drop")
            first.write(text)
            first.closeInput()
            _ = try await first.line(of: .error) { $0.contains("disconnected") }
            #expect(try load.lines(of: "receipts").count == 100)
            #expect(try load.lines(of: "letters").count == 1)
            try await kill(first)
            #expect(try await load.committed().isEmpty)
            try await load.broker.clearFaults()
            // The position is within the transaction that is open, for as long as that may be.
            let shown = try await load.other(["exactly-once", "show", "load", "-X", "max.block.ms=2000"])
            #expect(shown.status == 0 && shown.outputText.contains("committed    0 records"), "\(shown)")
            let second = try await load.run(files, input: .text(text))
            #expect(second.status == 1, "\(second)")
            #expect(second.errorText.contains("101 records read, 100 acked, 1 failed"), "\(second)")
            #expect(try await load.committed() == (1...100).map { "\($0)" })
            #expect(try load.lines(of: "receipts").count == 100)
            #expect(try load.lines(of: "letters").count == 1)
            #expect(try Receipt.all(in: load.text(of: "receipts")).map(\.line).sorted() == Array(1...100))
        }
    }

    @Test(
        "decided, and the answer lost: the next run waits for the markers and goes on at the new position",
        arguments: ExactlyOnceLoad.protocols
    )
    func decided(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(Self.words, input: .open)
            try await claimed(first)
            try await load.broker.holdTransactionMarkers()
            try await load.inject("end-txn 1 append-then-drop")
            try await load.inject("end-txn 2- drop")
            first.write(Self.text)
            first.closeInput()
            _ = try await first.line(of: .error) { $0.contains("disconnected") }
            try await kill(first)
            #expect(try await load.committed().isEmpty)
            try await load.broker.clearFaults()
            let second = try load.start([], input: .text(Self.text + "more\n"))
            _ = try await second.line(of: .error) { $0.contains("waiting until the transaction that an earlier run") }
            try await load.broker.releaseTransactionMarkers()
            let run = try await second.finish()
            #expect(run.status == 0, "\(run)")
            #expect(run.errorText.contains("101 records read, 1 acked, 0 failed, 100 skipped"), "\(run)")
            #expect(try await load.committed() == Self.lines + ["more"])
        }
    }

    @Test(
        "answered: the position is from the brokers, with the note of this machine or without one",
        arguments: ExactlyOnceLoad.protocols
    )
    func answered(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(["-v", "--commit-records", "50"], input: .open)
            try await claimed(first)
            first.write(Self.lines.prefix(50).map { $0 + "\n" }.joined())
            _ = try await first.line(of: .error) { $0.contains("is committed up to stdin, byte 391") }
            try await kill(first)
            try await complete(load, machine: "elsewhere", acked: 50)
        }
    }

    @Test(
        "a frozen run that wakes up after another one took over stops with status 1",
        arguments: ExactlyOnceLoad.protocols
    )
    func frozen(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let first = try load.start(Self.words, input: .open)
            try await claimed(first)
            first.write("line 1\n")
            try await load.waitForOffset(1)
            first.signal(19)
            try await complete(load, machine: "elsewhere")
            first.write("line 2\n")
            first.closeInput()
            first.signal(18)
            let run = try await first.finish()
            #expect(run.status == 1, "\(run)")
            #expect(run.errorText.contains("another run of --exactly-once load took over"), "\(run)")
            #expect(run.errorText.contains("0 acked, 0 failed, 2 uncommitted"), "\(run)")
            #expect(try await load.committed() == Self.lines)
        }
    }

    @Test(
        "a transaction that outlives its timeout: repeated with the newer protocol, named with the older one",
        arguments: ExactlyOnceLoad.protocols
    )
    func timedOut(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let words = ["-v", "--commit-interval", "900ms", "-X", "transaction.timeout.ms=1000"]
            let first = try load.start(words, input: .open)
            try await claimed(first)
            let request = version == 2 ? "txn-offset-commit" : "add-offsets-to-txn"
            try await load.inject("\(request) 1 delay-answer 1100ms")
            first.write(Self.text)
            try await load.waitForOffset(100)
            first.closeInput()
            // The coordinator gives it up while the answer is on its way.
            try await load.broker.passTime(.seconds(2))
            let run = try await first.finish()
            if version == 2 {
                #expect(run.status == 0, "\(run)")
                #expect(run.errorText.contains("it is sent again from stdin, byte 0"), "\(run)")
                #expect(try await load.committed() == Self.lines)
            } else {
                #expect(run.status == 1, "\(run)")
                #expect(run.errorText.contains("took longer than transaction.timeout.ms"), "\(run)")
                try await complete(load)
            }
        }
    }

    @Test("the coordinators move and lose answers: the same run goes on", arguments: ExactlyOnceLoad.protocols)
    func coordinators(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version, partitions: 1, { $0.brokers = 2 }) { load in
            try load.write(Self.lines, to: "in")
            for fault in [
                "end-txn 3 move-coordinator loading 100ms", "txn-offset-commit 4 move-coordinator",
                "end-txn 5 append-then-drop",
                "offset-fetch 1 error COORDINATOR_LOAD_IN_PROGRESS",
                "find-coordinator 1 error COORDINATOR_NOT_AVAILABLE",
                "init-producer-id 1 append-then-drop", "produce 4 append-then-drop", "txn-offset-commit 6 drop",
            ] { try await load.inject(fault) }
            let run = try await load.run(["--commit-records", "10", "in"])
            #expect(run.status == 0, "\(run)")
            #expect(try await load.committed() == Self.lines)
        }
    }

    @Test("two runs with one name on one machine: the second one is refused, and fences nobody")
    func twoRuns() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            let first = try load.start(Self.words, input: .open)
            try await claimed(first)
            let second = try await load.run([], input: .text(Self.text))
            #expect(second.status == 2, "\(second)")
            #expect(second.errorText.contains("another kafka-producer is at work with it on this machine"), "\(second)")
            first.write(Self.text)
            first.closeInput()
            #expect(try await first.finish().status == 0)
            #expect(try await load.committed() == Self.lines)
        }
    }
}
