// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// Inputs that are compressed, or not UTF-8, with what goes on after an end: places count what is read.
@Suite("Going on within compressed inputs", .takesTurns, .timeLimit(.minutes(10)))
struct ChangedInputTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    /// `one`, `two` and `three`, made with gzip, zstd and lz4 of their own projects in two frames, and in UTF-16.
    private static let three: [(name: String, base64: String)] = [
        ("gzip", "H4sIAAAAAAACA8vPS+UqKQcAig8/6gYAAAAfiwgAAAAAAAIDy+cqyShKTeUCAEtWHYYIAAAA"),
        ("zstd", "KLUv/QRYMQAAb25lCnR3KtmDxyi1L/0EWEEAAG8KdGhyZWUKMPW0uw=="),
        ("lz4", "BCJNGGRApwYAAIBvbmUKdHcAAAAAfFvlnwQiTRhkQKcIAACAbwp0aHJlZQoAAAAA2XlWHg=="),
        ("utf-16", "//5vAG4AZQAKAHQAdwBvAAoAdABoAHIAZQBlAAoA"),
    ]

    private func file(_ index: Int) throws -> (words: [String], path: String) {
        let bytes = try Array(#require(Data(base64Encoded: Self.three[index].base64)))
        let words = Self.three[index].name == "utf-16" ? ["--encoding", "utf-16"] : []
        return (words, try folder.write(bytes, to: "in"))
    }

    private func gzip(_ lines: [String], as name: String) async throws -> String {
        let plain = try folder.write(lines.joined(separator: "\n") + "\n", to: "plain")
        let packed = try await ChildProcess.run("/usr/bin/gzip", ["-c", plain])
        return try folder.write(Array(packed.output), to: name)
    }

    @Test("a run goes on where the one before has ended, and knows that all is delivered", arguments: three.indices)
    func goesOn(index: Int) async throws {
        let broker = try await EmbeddedBroker.started()
        let (words, path) = try file(index)
        let send = { (more: [String]) in
            try await KafkaProducerBinary.run(
                ["-b", broker.bootstrap, "-t", "t", "--checkpoint", folder.path + "/state"] + words + more + [path]
            )
        }
        let first = try await send(["--count", "1"])
        #expect(first.status == 0 && first.errorText.contains("1 record read, 1 acked"), "\(first)")
        let second = try await send([])
        #expect(second.errorText.contains("3 records read, 2 acked, 0 failed, 1 skipped;"), "\(second)")
        let third = try await send([])
        #expect(third.status == 0 && third.errorText.contains("nothing to send: 3 records"), "\(third)")
        #expect(try await broker.sent(to: "t") == ["one", "two", "three"].map { SentRecord($0) })
        await broker.stop()
    }

    @Test("frames that are appended are read by the next run; another --decompress is refused")
    func grows() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = try await gzip(["a", "b"], as: "in.gz")
        let words = ["-b", broker.bootstrap, "-t", "t", "--checkpoint", folder.path + "/state", path]
        #expect(try await KafkaProducerBinary.run(words).status == 0)
        let more = try await gzip(["c"], as: "more.gz")
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: try Data(contentsOf: URL(fileURLWithPath: more)))
        try handle.close()
        // Of a short file more is hashed now, but the same beginning counts.
        let second = try await KafkaProducerBinary.run(words)
        #expect(second.errorText.contains("3 records read, 1 acked, 0 failed, 2 skipped;"), "\(second)")
        let other = try await KafkaProducerBinary.run(words + ["--decompress", "never"])
        #expect(other.status == 2 && other.errorText.contains("give the same --decompress"), "\(other)")
        #expect(try await broker.sent(to: "t") == ["a", "b", "c"].map { SentRecord($0) })
        await broker.stop()
    }

    @Test("columns of a compressed csv are known to a run that goes on in its middle")
    func columns() async throws {
        let broker = try await EmbeddedBroker.started()
        let path = try await gzip(["id,name", "1,a", "2,b"], as: "in.gz")
        let words = [
            "-b", broker.bootstrap, "-t", "t", "--input", "csv", "--columns", "key=id,value=name", "--checkpoint",
            folder.path + "/state", path,
        ]
        #expect(try await KafkaProducerBinary.run(words + ["--count", "1"]).status == 0)
        #expect(try await KafkaProducerBinary.run(words).status == 0)
        #expect(try await broker.sent(to: "t") == [SentRecord("a", key: "1"), SentRecord("b", key: "2")])
        await broker.stop()
    }

    @Test("killed in a compressed file and started again, a load with a checkpoint leaves nothing out")
    func killed() async throws {
        let broker = try await EmbeddedBroker.started()
        let lines = (0..<3000).map { "line \($0)" }
        let path = try await gzip(lines, as: "in.gz")
        let words = ["-b", broker.bootstrap, "-t", "t", "--checkpoint", folder.path + "/state", "-v", path]
        let child = try ChildProcess(TestTools.kafkaProducer(), words + ["--rate", "500/s"])
        _ = try await child.line(of: .error) { $0.contains("checkpoint: ") && !$0.contains(" 0 records") }
        child.signal(SIGKILL)
        _ = try await child.finish()
        let second = try await KafkaProducerBinary.run(words)
        #expect(second.status == 0 && second.errorText.contains("going on where"), "\(second)")
        let stored = try await broker.sent(to: "t")
        #expect(Set(stored.map(\.description)) == Set(lines.map { SentRecord($0).description }))
        #expect(stored.count < 6000)
        await broker.stop()
    }

    @Test(
        "killed and started again, a load that is sent exactly once has each record of a compressed input once",
        arguments: [false, true]
    )
    func exactlyOnce(isStream: Bool) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 1)
        let lines = (0..<2000).map { "line \($0)" }
        let path = try await gzip(lines, as: "in.gz")
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        let input: ChildProcessInput.Source = isStream ? .bytes(bytes) : .text("")
        let words =
            [
                "-b", broker.bootstrap, "-t", "t", "--exactly-once", "load", "--commit-records", "100", "--rate",
                "1000/s",
            ]
            + ["--receipts", "-", "--receipts-format", #"%v\n"#] + (isStream ? [] : [path])
        let child = try ChildProcess(TestTools.kafkaProducer(), words, input: input)
        _ = try await child.nextLine()
        child.signal(SIGKILL)
        _ = try await child.finish()
        let second = try await KafkaProducerBinary.run(words, input: input)
        #expect(second.status == 0 && second.errorText.contains("going on where load is"), "\(second)")
        let read = try await KafkaProducerBinary.run(["read", "-b", broker.bootstrap, "-t", "t", "--output", "value"])
        #expect(read.outputLines == lines)
        await broker.stop()
    }
}
