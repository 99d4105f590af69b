// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The built command with `--follow`: like `tail -F`, it goes on with what has the file's name.
@Suite("Following", .takesTurns, .timeLimit(.minutes(10)))
struct FollowTests {
    private let folder: TemporaryDirectory
    private var log: String { folder.path + "/log" }

    init() throws { folder = try TemporaryDirectory() }

    private func append(_ text: String, to path: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    /// Follows the log, with a receipt on stdout for each record that is delivered.
    private func follow(_ broker: EmbeddedBroker, _ arguments: [String] = []) throws -> ChildProcess {
        let receipts = ["--receipts", "-", "--receipts-format", #"%l %v\n"#]
        return try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", broker.bootstrap, "-t", "t", "--follow"] + receipts + arguments + [log]
        )
    }

    @Test("what is appended is sent; a log that is renamed and made anew is followed, and a person is told")
    func rotated() async throws {
        let broker = try await EmbeddedBroker.started()
        try folder.write("one\n", to: "log")
        let child = try follow(broker)
        #expect(try await child.nextLine() == "1 one")
        try append("two\n", to: log)
        #expect(try await child.nextLine() == "2 two")
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        _ = try await child.line(of: .error) {
            $0.hasSuffix("log is gone: renamed or removed; waiting for a new file of this name")
        }
        // Whoever writes it has it open until it is told.
        try append("three\n", to: log + ".1")
        #expect(try await child.nextLine() == "3 three")
        try folder.write("four\n", to: "log")
        _ = try await child.line(of: .error) { $0.hasSuffix("log is another file now; going on from its beginning") }
        #expect(try await child.nextLine() == "1 four")
        child.signal(SIGTERM)
        let finished = try await child.finish()
        #expect(finished.status == 143)
        #expect(finished.errorLines.last?.contains("4 records read, 4 acked, 0 failed;") == true, "\(finished)")
        #expect(try await broker.sent(to: "t").map(\.value) == ["one", "two", "three", "four"].map { Array($0.utf8) })
        await broker.stop()
    }

    @Test("a log that is cut off is read from its beginning, and a person is told")
    func truncated() async throws {
        let broker = try await EmbeddedBroker.started()
        try folder.write("one\ntwo\n", to: "log")
        let child = try follow(broker)
        #expect(try await child.nextLine() == "1 one")
        #expect(try await child.nextLine() == "2 two")
        try #require(unsafe truncate(log, 0) == 0)
        _ = try await child.line(of: .error) { $0.hasSuffix("log was cut off; going on from its beginning") }
        try append("new\n", to: log)
        #expect(try await child.nextLine() == "1 new")
        child.signal(SIGINT)
        #expect(try await child.finish().status == 130)
        await broker.stop()
    }

    @Test("the checkpoint moves on to the file that took the log's place, also when that began empty")
    func checkpoint() async throws {
        let broker = try await EmbeddedBroker.started()
        let words = ["--checkpoint", folder.path + "/state"]
        try folder.write("", to: "log")
        let first = try follow(broker, words + ["-v"])
        _ = try await first.line(of: .error) { $0.contains("connected to") }
        first.signal(SIGTERM)
        _ = try await first.finish()
        let child = try follow(broker, words)
        try append("one\n", to: log)
        #expect(try await child.nextLine() == "1 one")
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        try folder.write("", to: "log")
        _ = try await child.line(of: .error) { $0.contains("another file now") }
        try append("two\n", to: log)
        #expect(try await child.nextLine() == "1 two")
        child.signal(SIGTERM)
        _ = try await child.finish()
        let send = ["-b", broker.bootstrap, "-t", "t"] + words + [log]
        let again = try await KafkaProducerBinary.run(send)
        #expect(again.errorText.contains("nothing to send: 1 record (4 B) is delivered"), "\(again)")
        // The same file by its inode, with another content than was delivered.
        let handle = try #require(FileHandle(forWritingAtPath: log))
        try handle.write(contentsOf: Data("TWO\nmore\n".utf8))
        let changed = try await KafkaProducerBinary.run(send)
        #expect(changed.status == 2)
        #expect(changed.errorText.contains("its beginning has changed"), "\(changed)")
        #expect(try await broker.sent(to: "t") == [SentRecord("one"), SentRecord("two")])
        await broker.stop()
    }

    @Test(
        "with a checkpoint, the rest of a log that was renamed between two runs is sent, then the logs since",
        arguments: ["moved", "copied"]
    )
    func renamedBetweenRuns(rotation: String) async throws {
        let broker = try await EmbeddedBroker.started()
        let words = ["--checkpoint", folder.path + "/state"]
        try folder.write("one\n", to: "log")
        let first = try follow(broker, words)
        #expect(try await first.nextLine() == "1 one")
        first.signal(SIGTERM)
        _ = try await first.finish()
        try append("two\n", to: log)
        if rotation == "moved" {
            try FileManager.default.moveItem(atPath: log, toPath: log + ".2")
        } else {
            try FileManager.default.copyItem(atPath: log, toPath: log + ".2")
            try #require(unsafe truncate(log, 0) == 0)
            try FileManager.default.removeItem(atPath: log)
        }
        try folder.write("three\n", to: "log.1")
        try folder.write("four\n", to: "log")
        for (number, name) in ["log.2", "log.1", "log"].enumerated() {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(1000 + number))],
                ofItemAtPath: folder.path + "/" + name
            )
        }
        let second = try follow(broker, words)
        for line in ["2 two", "1 three", "1 four"] { #expect(try await second.nextLine() == line) }
        second.signal(SIGTERM)
        let finished = try await second.finish()
        #expect(finished.errorText.contains("log was renamed since the last run: going on in"), "\(finished)")
        #expect(finished.errorText.contains("4 records read, 3 acked, 0 failed, 1 skipped"), "\(finished)")
        let third = try follow(broker, words)
        try append("five\n", to: log)
        #expect(try await third.nextLine() == "2 five")
        third.signal(SIGTERM)
        _ = try await third.finish()
        let sent = try await broker.sent(to: "t").map(\.value)
        #expect(sent == ["one", "two", "three", "four", "five"].map { Array($0.utf8) })
        await broker.stop()
    }

    @Test("a FIFO goes on with its next writer, until a signal")
    func fifo() async throws {
        let broker = try await EmbeddedBroker.started()
        #expect(unsafe mkfifo(log, 0o600) == 0)
        let child = try follow(broker)
        for (number, text) in ["one", "two"].enumerated() {
            let writer = try await ChildProcess.run("/bin/sh", ["-c", "echo \(text) > \(log)"])
            #expect(writer.status == 0)
            #expect(try await child.nextLine() == "\(number + 1) \(text)")
        }
        child.signal(SIGTERM)
        #expect(try await child.finish().status == 143)
        #expect(try await broker.sent(to: "t") == [SentRecord("one"), SentRecord("two")])
        await broker.stop()
    }

    /// Renames `log` to `log.1`, `log.1` to `log.2` and so on, as rotations do; the new log is for the caller to make.
    private func rotate(_ times: Int) throws {
        for number in stride(from: times, through: 1, by: -1) {
            try #require(unsafe rename("\(log).\(number)", "\(log).\(number + 1)") == 0)
        }
        try #require(unsafe rename(log, log + ".1") == 0)
    }

    @Test("six rotations as fast as they can lose no line, nor one that is written to a renamed file")
    func fastRotations() async throws {
        let broker = try await EmbeddedBroker.started()
        try folder.write("begin\n", to: "log")
        let child = try follow(broker, ["--checkpoint", folder.path + "/state"])
        #expect(try await child.nextLine() == "1 begin")
        var expected: [String] = []
        for rotation in 0..<6 {
            let lines = (0..<1000).map { "\(rotation) \($0)" }
            try append(lines.map { $0 + "\n" }.joined(), to: log)
            try rotate(rotation)
            try append("\(rotation) rest\n", to: log + ".1")
            try folder.write("", to: "log")
            // The first file had a line before.
            let first = rotation == 0 ? 2 : 1
            expected += (lines + ["\(rotation) rest"]).enumerated().map { "\(first + $0.offset) \($0.element)" }
        }
        for line in expected {
            let delivered = try await child.nextLine()
            try #require(delivered == line)
        }
        try append("end\n", to: log)
        #expect(try await child.nextLine() == "1 end")
        child.signal(SIGTERM)
        let finished = try await child.finish()
        #expect(finished.errorLines.last?.contains("6,008 records read, 6,008 acked, 0 failed;") == true, "\(finished)")
        #expect(!finished.errorText.contains("warning"), "\(finished)")
        let again = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "--checkpoint", folder.path + "/state", log]
        )
        #expect(again.errorText.contains("nothing to send: 1 record (4 B)"), "\(again)")
        await broker.stop()
    }

    @Test("what is appended to the old file after the new one has lines is sent, each with its own place")
    func lateWriter() async throws {
        let broker = try await EmbeddedBroker.started()
        try folder.write("one\n", to: "log")
        let words = ["--checkpoint", folder.path + "/state"]
        let child = try follow(broker, words)
        #expect(try await child.nextLine() == "1 one")
        try rotate(0)
        try folder.write("new\nhalf", to: "log")
        #expect(try await child.nextLine() == "1 new")
        try append("two\nthree\n", to: log + ".1")
        #expect(try await child.nextLine() == "2 two")
        #expect(try await child.nextLine() == "3 three")
        try append(" a line\nmore\n", to: log)
        #expect(try await child.nextLine() == "2 half a line")
        #expect(try await child.nextLine() == "3 more")
        child.signal(SIGTERM)
        #expect(try await child.finish().status == 143)
        try append("later\n", to: log)
        let again = try await KafkaProducerBinary.run(["-b", broker.bootstrap, "-t", "t"] + words + [log])
        #expect(again.errorText.contains("3 records (21 B) are delivered"), "\(again)")
        #expect(again.errorLines.last?.contains("4 records read, 1 acked, 0 failed, 3 skipped;") == true, "\(again)")
        #expect(try await broker.sent(to: "t").last == SentRecord("later"))
        await broker.stop()
    }

    @Test("a log that is not there yet is waited for, and a person is told", arguments: [false, true])
    func notThereYet(hasCheckpoint: Bool) async throws {
        let broker = try await EmbeddedBroker.started()
        let words = hasCheckpoint ? ["--checkpoint", folder.path + "/state"] : []
        let child = try follow(broker, words)
        _ = try await child.line(of: .error) { $0.hasSuffix("log is not there; waiting for it") }
        try folder.write("one\n", to: "log")
        #expect(try await child.nextLine() == "1 one")
        child.signal(SIGTERM)
        #expect(try await child.finish().status == 143)
        if hasCheckpoint {
            let again = try await KafkaProducerBinary.run(["-b", broker.bootstrap, "-t", "t"] + words + [log])
            #expect(again.errorText.contains("nothing to send: 1 record (4 B)"), "\(again)")
        }
        #expect(try await broker.sent(to: "t") == [SentRecord("one")])
        await broker.stop()
    }

    @Test("a person is told that nobody writes into a FIFO, with and without --follow", arguments: [false, true])
    func noWriter(follows: Bool) async throws {
        let broker = try await EmbeddedBroker.started()
        try #require(unsafe mkfifo(log, 0o600) == 0)
        let words = ["-b", broker.bootstrap, "-t", "t", log] + (follows ? ["--follow"] : [])
        let child = try ChildProcess(TestTools.kafkaProducer(), words)
        let line =
            follows ? "nothing has come through \(log) yet; waiting for a writer" : "waiting for a writer to \(log)"
        _ = try await child.line(of: .error) { $0 == "kafka-producer: " + line }
        #expect(try await ChildProcess.run("/bin/sh", ["-c", "echo one > \(log)"]).status == 0)
        if follows {
            while try await broker.sent(to: "t").isEmpty { await Task.yield() }
            child.signal(SIGTERM)
        }
        #expect(try await child.finish().status == (follows ? 143 : 0))
        #expect(try await broker.sent(to: "t") == [SentRecord("one")])
        await broker.stop()
    }
}
