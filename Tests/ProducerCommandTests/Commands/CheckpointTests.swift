// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

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

    @Test("killed with records under way and started again, it leaves no line out and repeats only those", .needsPeers)
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
        let read = try await Kcat.read("t", from: bootstrap).compactMap {
            $0.value.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(Set(read) == Set(before + ["last 1", "last 2"]))
        #expect(read.count <= 504)
        let third = try await KafkaProducerBinary.run(words)
        #expect(third.status == 0)
        #expect(third.errorText.contains("nothing to send: 502 records"))
        broker.signal(SIGTERM)
        _ = try await broker.finish()
    }

    @Test("a file that was replaced, cut off, or is parted otherwise is refused, and nothing is sent")
    func refuses() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = try folder.write("a\nb\n", to: "in")
        #expect(try await send([path], at: broker.bootstrap).status == 0)
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

    @Test("--follow goes on with a FIFO's next writer, until a signal")
    func fifo() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = folder.path + "/fifo"
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let words = ["-b", broker.bootstrap, "-t", "t", "--follow", "--progress", "always", path]
        let child = try ChildProcess(TestTools.kafkaProducer(), words)
        for (number, text) in ["one\n", "two\n"].enumerated() {
            let writer = try await ChildProcess.run("/bin/sh", ["-c", "printf '\(text)' > \(path)"])
            #expect(writer.status == 0)
            _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: \(number + 1) record") }
        }
        child.signal(SIGTERM)
        #expect(try await child.finish().status == 143)
        #expect(try await broker.sent(to: "t") == [SentRecord("one"), SentRecord("two")])
        await broker.stop()
    }

    @Test("a stall says what is waited for, and that it is over")
    func stall() async throws {
        let broker = try ChildProcess(TestTools.kafkaProducer(), ["broker", "--port", "0"])
        let bootstrap = String(try await broker.nextLine().dropFirst("listening on ".count))
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", bootstrap, "-t", "t", "--progress", "always"],
            input: .open
        )
        child.write("one\n")
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
        broker.signal(SIGSTOP)
        child.write("two\n")
        _ = try await child.line(of: .error) { $0.contains("waiting: no answer from broker 127.0.0.1") }
        broker.signal(SIGCONT)
        _ = try await child.line(of: .error) { $0.contains("going on after") }
        child.closeInput()
        #expect(try await child.finish().status == 0)
        broker.signal(SIGTERM)
        _ = try await broker.finish()
    }
}
