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
        #expect(again.errorText.contains("nothing to send: 1 record (4 B)"), "\(again)")
        // The same file by its inode, with another content than was delivered.
        let handle = try #require(FileHandle(forWritingAtPath: log))
        try handle.write(contentsOf: Data("TWO\nmore\n".utf8))
        let changed = try await KafkaProducerBinary.run(send)
        #expect(changed.status == 2)
        #expect(changed.errorText.contains("its beginning has changed"), "\(changed)")
        #expect(try await broker.sent(to: "t") == [SentRecord("one"), SentRecord("two")])
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
}
