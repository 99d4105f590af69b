// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

@testable import ProducerCommand

/// The built command that goes on where it was, stops at failures, and follows what grows.
@Suite("Going on", .takesTurns, .timeLimit(.minutes(10)))
struct CheckpointTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func append(_ text: String, to path: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    private func send(_ arguments: [String], at bootstrap: String) async throws -> FinishedProcess {
        try await KafkaProducerBinary.run(
            ["-b", bootstrap, "-t", "t", "--checkpoint", folder.path + "/state"] + arguments
        )
    }

    @Test("killed with records under way and started again, it leaves no line out and repeats only those")
    func killed() async throws {
        let broker = try ChildProcess(TestTools.kafkaProducer(), ["broker", "--port", "0"])
        let bootstrap = String(try await broker.nextLine().dropFirst("listening on ".count))
        let before = (0..<500).map { "line \($0)" }
        let path = try folder.write(before.joined(separator: "\n") + "\n", to: "in")
        let words = ["-b", bootstrap, "-t", "t", "--checkpoint", folder.path + "/state", path]
        let child = try ChildProcess(TestTools.kafkaProducer(), words + ["--follow", "-v", "--progress", "always"])
        _ = try await child.line(of: .error) { $0.contains("checkpoint: 500 records") }
        broker.signal(SIGSTOP)
        try append("last 1\nlast 2\n", to: path)
        _ = try await child.line(of: .error) { $0.contains("  2 in flight") }
        child.signal(SIGKILL)
        _ = try await child.finish()
        broker.signal(SIGCONT)
        let second = try await KafkaProducerBinary.run(words)
        #expect(second.status == 0)
        #expect(second.errorText.contains("going on where \(folder.path)/state says: 500 records"))
        #expect(second.errorText.contains("502 records read, 2 acked, 0 failed, 500 skipped;"))
        let read = try await TopicReader.values("t", from: bootstrap)
        #expect(Set(read) == Set(before + ["last 1", "last 2"]))
        #expect(read.count <= 504)
        let third = try await KafkaProducerBinary.run(words)
        #expect(third.status == 0)
        #expect(third.errorText.contains("nothing to send: 502 records"))
        #expect(third.errorText.contains("502 records read, 0 acked, 0 failed, 502 skipped;"), "\(third)")
        broker.signal(SIGTERM)
        _ = try await broker.finish()
    }

    @Test("a file that was replaced, cut off, or is parted otherwise is refused, and nothing is sent")
    func refuses() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = try folder.write("a\nb\n", to: "in")
        #expect(try await send([path], at: broker.bootstrap).status == 0)
        try append("c\n", to: path)
        for option in ["--receipts", "--dead-letter"] {
            let same = try await send([option, folder.path + "/state", path], at: broker.bootstrap)
            #expect(same.status == 2)
            #expect(same.errorText.contains("\(option): \(folder.path)/state is the checkpoint"), "\(same)")
        }
        let other = try await send(["-K", ":", path], at: broker.bootstrap)
        #expect(other.status == 2)
        #expect(other.errorText.contains("its options part the input into other records"))
        try folder.write("a\n", to: "in")
        let cut = try await send([path], at: broker.bootstrap)
        #expect(cut.status == 2)
        #expect(cut.errorText.contains("has shrunk to 2"))
        let stdin = try await send([], at: broker.bootstrap)
        #expect(stdin.status == 2)
        #expect(stdin.errorText.contains("--checkpoint needs files"))
        #expect(try await broker.sent(to: "t").count == 2)
        await broker.stop()
    }

    @Test("several files go on each where it was; a last line that has grown is sent as a whole")
    func grown() async throws {
        let broker = try await EmbeddedBroker.started()
        let (first, second) = (try folder.write("a\nb\n", to: "1"), try folder.write("c\nd", to: "2"))
        #expect(try await send([first, second], at: broker.bootstrap).status == 0)
        try append("b2\n", to: first)
        try append("dd\n", to: second)
        let finished = try await send([first, second], at: broker.bootstrap)
        #expect(finished.status == 0)
        #expect(finished.errorText.contains("5 records read, 2 acked, 0 failed, 3 skipped;"))
        let expected = ["a", "b", "c", "d", "b2", "ddd"].map { SentRecord($0) }
        #expect(try await broker.sent(to: "t") == expected)
        await broker.stop()
    }

    @Test("what is finished may be left out, be gone, have moved or be named otherwise, and is not sent again")
    func otherNames() async throws {
        let broker = try await EmbeddedBroker.started()
        let (first, second) = (try folder.write("a\nb\n", to: "1"), try folder.write("c\n", to: "2"))
        func send(_ files: [String]) async throws -> FinishedProcess {
            let words = ["-b", broker.bootstrap, "-t", "t", "--checkpoint", "state"] + files
            return try await ChildProcess.run(TestTools.kafkaProducer(), words, directory: folder.path)
        }
        #expect(try await send(["1"]).status == 0)
        try FileManager.default.moveItem(atPath: first, toPath: folder.path + "/moved")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "moved")
        for name in ["moved", "./moved", folder.path + "/moved", "link"] {
            let again = try await send([name])
            #expect(again.status == 0)
            #expect(again.errorText.contains("2 records read, 0 acked, 0 failed, 2 skipped;"), "\(again)")
        }
        let more = try await send(["2", "moved"])
        #expect(more.status == 0)
        #expect(more.errorText.contains("3 records read, 1 acked, 0 failed, 2 skipped;"), "\(more)")
        try FileManager.default.removeItem(atPath: folder.path + "/moved")
        try folder.write("d\n", to: "3")
        let without = try await send(["3"])
        #expect(without.status == 0)
        #expect(without.errorText.contains("1 record read, 1 acked, 0 failed;"), "\(without)")
        try append("e\n", to: second)
        let remembered = try await send(["3", "2"])
        #expect(remembered.errorText.contains("3 records read, 1 acked, 0 failed, 2 skipped;"), "\(remembered)")
        #expect(try await broker.sent(to: "t") == ["a", "b", "c", "d", "e"].map { SentRecord($0) })
        let twice = try await send(["2", "./2"])
        #expect(twice.status == 2)
        #expect(twice.errorText.contains("./2 is the same file as 2"), "\(twice)")
        await broker.stop()
    }

    @Test("a log that was rotated while nothing ran goes on under its old name, and then with the new one")
    func rotatedMeanwhile() async throws {
        let broker = try await EmbeddedBroker.started()
        let log = try folder.write("a\n", to: "log")
        #expect(try await send([log], at: broker.bootstrap).status == 0)
        try append("b\n", to: log)
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        try folder.write("c\n", to: "log")
        let alone = try await send([log], at: broker.bootstrap)
        #expect(alone.status == 2)
        #expect(alone.errorText.contains("If that file has another name now, name it too, before this one"), "\(alone)")
        let both = try await send([log + ".1", log], at: broker.bootstrap)
        #expect(both.status == 0)
        #expect(both.errorText.contains("3 records read, 2 acked, 0 failed, 1 skipped;"), "\(both)")
        #expect(try await broker.sent(to: "t") == ["a", "b", "c"].map { SentRecord($0) })
        await broker.stop()
    }

    @Test("a file that is not delivered to its end may not be left out")
    func leftOut() async throws {
        let broker = try await EmbeddedBroker.started()
        let (first, second) = (try folder.write("k:a\nbad\n", to: "1"), try folder.write("k:b\n", to: "2"))
        #expect(try await send(["-K:", first], at: broker.bootstrap).status == 1)
        let without = try await send(["-K:", second], at: broker.bootstrap)
        #expect(without.status == 2)
        #expect(without.errorText.contains("\(first) is not delivered to its end, but to byte 4 of 8"), "\(without)")
        await broker.stop()
    }

    @Test("a failed record is sent again by the next run, unless it is kept as a dead letter")
    func failed() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = try folder.write("k:a\nbad\nk:b\n", to: "in")
        let first = try await send(["-K", ":", path], at: broker.bootstrap)
        #expect(first.status == 1)
        #expect(first.errorText.contains("\(path):2: NO_KEY_SEPARATOR"))
        let again = try await send(["-K", ":", path], at: broker.bootstrap)
        #expect(again.status == 1)
        #expect(again.errorText.contains("\(path):2: NO_KEY_SEPARATOR"))
        #expect(again.errorText.contains("3 records read, 1 acked, 1 failed, 1 skipped;"))
        let kept = try await send(["-K", ":", "--dead-letter", folder.path + "/dead", path], at: broker.bootstrap)
        #expect(kept.status == 1)
        let done = try await send(["-K", ":", path], at: broker.bootstrap)
        #expect(done.status == 0)
        #expect(done.errorText.contains("nothing to send"))
        await broker.stop()
    }

    @Test("--on-error abort reads no further than the first refused record")
    func abort() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = try folder.write("k:a\nbad\nk:b\n", to: "in")
        let finished = try await send(["-K", ":", "--on-error", "abort", path], at: broker.bootstrap)
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("2 records read, 1 acked, 1 failed;"))
        #expect(try await broker.sent(to: "t") == [SentRecord("a", key: "k")])
        await broker.stop()
    }

    @Test("--on-error stop-partition lets nothing overtake the failed record", arguments: [true, false])
    func stopPartition(isKeyed: Bool) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 2)
        let long = String(repeating: "x", count: 3000)
        let text = isKeyed ? "k:a\nk:\(long)\nk:b\nk:c\n" : "a\n\(long)\nb\nc\n"
        let words = ["--on-error", "stop-partition", "-X", "max.request.size=2000", "-X", "batch.size=500"]
        let path = try folder.write(text, to: "in")
        let finished = try await send(words + (isKeyed ? ["-K", ":"] : ["-p", "1"]) + [path], at: broker.bootstrap)
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("4 records read, 1 acked, 3 failed;"))
        #expect(finished.errorText.contains("2 records failed with PARTITION_STOPPED"))
        let stored = try await broker.sent(to: "t", partition: 0) + broker.sent(to: "t", partition: 1)
        #expect(stored.map(\.value) == [Array("a".utf8)])
        await broker.stop()
    }

    @Test(
        "killed in the middle of a file and started again, every line is there",
        arguments: [
            (200_000, "\n", []), (20_000, "\r\n", ["--crlf", "strip"]), (20_000, "||", ["-D", "||"]),
            (20_000, "\n", ["-K:", "--dead-letter", "dead"]),
        ] as [(Int, String, [String])]
    )
    func killedInTheMiddle(count: Int, end: String, arguments: [String]) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 3)
        // Every fiftieth line is refused where keys are wanted.
        let lines = (0..<count).map { $0 % 50 == 0 ? "\($0)" : "k:\($0)" }
        let path = try folder.write(lines.joined(separator: end) + end, to: "in")
        let words = ["-b", broker.bootstrap, "-t", "t", "--checkpoint", "state", path] + arguments
        let child = try ChildProcess(TestTools.kafkaProducer(), words + ["-v", "--sync"], directory: folder.path)
        _ = try await child.line(of: .error) { $0.contains("checkpoint: ") && !$0.contains("checkpoint: 0 records") }
        child.signal(SIGKILL)
        #expect(try await child.finish().status == 137)
        let state = try #require(Checkpoint(text: String(contentsOfFile: folder.path + "/state", encoding: .utf8)))
        let second = try await ChildProcess.run(TestTools.kafkaProducer(), words, directory: folder.path)
        let isKeyed = arguments.first == "-K:"
        #expect(second.status == (isKeyed ? 1 : 0), "\(second)")
        #expect(second.errorText.contains("going on where state says: "), "\(second)")
        #expect(state.files[0].records > 0)
        #expect(second.errorText.contains(" \(NumberText.grouped(state.files[0].records)) skipped;"), "\(second)")

        var stored: [String: Int] = [:]
        for partition in 0..<3 {
            for record in try await broker.sent(to: "t", partition: partition) {
                let key = record.key.map { String(decoding: $0, as: UTF8.self) + ":" } ?? ""
                stored[key + String(decoding: record.value ?? [], as: UTF8.self), default: 0] += 1
            }
        }
        let letters = try LetterLine.all(in: folder.path + "/dead")
        let refused = Set(letters.map { $0.line - 1 })
        for (number, line) in lines.enumerated() {
            let isThere = isKeyed && number % 50 == 0 ? refused.contains(number) : stored[line] != nil
            if !isThere { Issue.record("\(line) is missing") }
        }
        // What is there twice lies behind the checkpoint.
        let twice = lines.indices.filter { (stored[lines[$0]] ?? 0) > 1 }
        #expect(twice.allSatisfy { $0 >= state.files[0].records })
        let third = try await ChildProcess.run(TestTools.kafkaProducer(), words, directory: folder.path)
        #expect(third.status == 0)
        #expect(third.errorText.contains("nothing to send: "), "\(third)")
        await broker.stop()
    }

    @Test("two runs at once with one checkpoint: the second is refused")
    func locked() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = try folder.write("a\n", to: "in")
        let words = ["-b", broker.bootstrap, "-t", "t", "--checkpoint", folder.path + "/state", path]
        let child = try ChildProcess(TestTools.kafkaProducer(), words + ["--follow", "--progress", "always"])
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
        let second = try await KafkaProducerBinary.run(words)
        #expect(second.status == 2)
        #expect(second.errorText.contains("another kafka-producer is at work with \(folder.path)/state"), "\(second)")
        child.signal(SIGKILL)
        _ = try await child.finish()
        #expect(try await KafkaProducerBinary.run(words).status == 0)
        await broker.stop()
    }
}
