// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaProducer
import Testing

/// `read` as a user runs it.
@Suite("Reading a topic back", .takesTurns, .timeLimit(.minutes(10)))
struct ReadCommandTests {
    /// A line of `read`.
    private struct Line: Decodable, Equatable {
        /// Bytes as the line has them: text, or base64 for what is none.
        struct Content: Decodable, Equatable {
            var bytes: Data
            var isText: Bool

            init(from decoder: any Decoder) throws {
                if let text = try? decoder.singleValueContainer().decode(String.self) {
                    (bytes, isText) = (Data(text.utf8), true)
                } else {
                    let object = try decoder.singleValueContainer().decode([String: String].self)
                    (bytes, isText) = (try #require(object["base64"].flatMap { Data(base64Encoded: $0) }), false)
                }
            }
        }

        struct Header: Decodable, Equatable {
            var key: String
            var value: Content?
        }

        var topic: String
        var partition: Int
        var offset: Int64
        var timestamp: Int64
        var key: Content?
        var value: Content?
        var headers: [Header]
    }

    private func read(
        _ broker: EmbeddedBroker,
        _ arguments: [String] = [],
        topic: String = "t",
        output: ChildProcessOutput = .collected
    ) async throws -> FinishedProcess {
        let folder = try TemporaryDirectory()
        return try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["read", "-b", broker.bootstrap, "-t", topic] + arguments,
            output: output,
            directory: folder.path
        )
    }

    private func configuration(_ broker: EmbeddedBroker) throws -> ProducerConfiguration {
        ProducerConfiguration(bootstrapServers: [try BootstrapServer(broker.bootstrap)])
    }

    private func lines(_ finished: FinishedProcess) throws -> [Line] {
        try finished.outputLines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    private func values(_ finished: FinishedProcess) throws -> [String] {
        try lines(finished).map { String(decoding: $0.value?.bytes ?? Data(), as: UTF8.self) }
    }

    private func send(_ text: String, _ broker: EmbeddedBroker, _ arguments: [String] = []) async throws {
        try await KafkaProducerBinary.send(.text(text), to: "t", at: broker.bootstrap, arguments: arguments)
    }

    @Test("null, empty, binary, large and doubled: all that a record has is in its line")
    func lossless() async throws {
        let broker = try await EmbeddedBroker.started()
        let appended = try KafkaProducer(configuration: configuration(broker))
        let large = [UInt8](repeating: 0xFE, count: 900_000)
        let records: [([UInt8]?, [UInt8]?)] = [
            (nil, nil), ([], []), ([0xFF, 0], [0xC3, 0x28]), (Array("\"\\\n\t\u{1}é𝄞".utf8), Array("text".utf8)),
            (nil, large),
        ]
        let headers = [
            ProducerRecordHeader(name: "a", value: [0x80]), ProducerRecordHeader(name: "a", value: nil),
            ProducerRecordHeader(name: "a", value: []), ProducerRecordHeader(name: "é\"", value: Array("x".utf8)),
        ]
        for (index, record) in records.enumerated() {
            _ = try await appended.send(
                ProducerRecord(
                    topic: "t",
                    key: record.0,
                    value: record.1,
                    headers: index == 0 ? headers : [],
                    timestamp: 1_600_000_000_000 + Int64(index)
                )
            )
        }
        await appended.close()
        let finished = try await read(broker)
        #expect(finished.status == 0, "\(finished)")
        let lines = try lines(finished)
        #expect(lines.map(\.offset) == [0, 1, 2, 3, 4])
        #expect(lines.map(\.timestamp) == (0..<5).map { 1_600_000_000_000 + Int64($0) })
        #expect(lines.map { $0.key.map { Array($0.bytes) } } == records.map(\.0))
        #expect(lines.map { $0.value.map { Array($0.bytes) } } == records.map(\.1))
        #expect(lines[2].key?.isText == false && lines[3].key?.isText == true)
        #expect(lines[0].headers.map(\.key) == headers.map(\.name))
        #expect(lines[0].headers.map { $0.value.map { Array($0.bytes) } } == headers.map(\.value))
        #expect(finished.errorLines.last?.hasPrefix("kafka-producer: 5 records read from 1 partition of t; ") == true)
        await broker.stop()
    }

    @Test(
        "where reading begins and ends, and how many records come",
        arguments: [
            ([], "0123456789"), (["-o", "beginning", "--until", "end"], "0123456789"), (["-o", "7"], "789"),
            (["-o", "-3"], "789"), (["-o-30"], "0123456789"), (["-o", "end"], ""),
            (["-o", "2", "--until", "5"], "234"),
            (["-n", "4"], "0123"), (["-o", "-3", "--count", "2"], "78"), (["--until", "@1970-01-02T00:00:00Z"], ""),
            (["-o", "@1970-01-02T00:00:00Z", "--until", "@33333333333333"], "0123456789"),
            (["-o", "@-1h", "-p0"], "0123456789"),
            (["-p", "0", "-o", "8", "--isolation", "read_uncommitted"], "89"),
        ]
    )
    func places(arguments: [String], expected: String) async throws {
        let broker = try await EmbeddedBroker.started()
        try await send((0..<10).map { "\($0)\n" }.joined(), broker)
        let finished = try await read(broker, arguments)
        #expect(finished.status == 0, "\(finished)")
        #expect(try values(finished).joined() == expected)
        let bare = try await read(broker, arguments + ["--output", "value", "-q"])
        #expect(bare.outputText == expected.map { "\($0)\n" }.joined())
        #expect(bare.error.isEmpty, "\(bare)")
        await broker.stop()
    }

    @Test("all partitions are read, each in its order, and a limit takes them in turn")
    func partitions() async throws {
        let broker = try await EmbeddedBroker.started(partitions: 12)
        try await send((0..<2000).map { "k\($0 % 100):\($0)\n" }.joined(), broker, ["-K:", "-z", "lz4"])
        let all = try lines(try await read(broker))
        #expect(all.count == 2000 && Set(all.map { "\($0.partition)-\($0.offset)" }).count == 2000)
        for partition in 0..<12 {
            let own = all.filter { $0.partition == partition }
            #expect(own.map(\.offset) == (0..<Int64(own.count)).map { $0 })
        }
        let few = try lines(try await read(broker, ["-n", "3"]))
        #expect(few.map(\.offset) == [0, 1, 2] && few.map(\.partition) == [0, 0, 0])
        await broker.stop()
    }

    @Test("records of aborted and open transactions are left out unless they are asked for")
    func isolation() async throws {
        let broker = try await EmbeddedBroker.started()
        var configuration = try configuration(broker)
        configuration.transactionalID = "x"
        let producer = try KafkaProducer(configuration: configuration)
        try await producer.initializeTransactions()
        for (value, commits) in [("a", true), ("b", false), ("c", true)] {
            try await producer.beginTransaction()
            _ = try await producer.send(ProducerRecord(topic: "t", value: Array(value.utf8)))
            if commits {
                try await producer.commitTransaction()
            } else {
                try await producer.abortTransaction()
            }
        }
        await producer.close()
        #expect(try values(try await read(broker)) == ["a", "c"])
        #expect(try values(try await read(broker, ["--isolation", "read_uncommitted"])) == ["a", "b", "c"])
        await broker.stop()
    }

    @Test(
        "--follow goes on with what is appended; a signal ends it after whole lines",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)]
    )
    func follow(signal: Int32, status: Int32) async throws {
        let broker = try await EmbeddedBroker.started()
        try await send("a\n", broker)
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["read", "-b", broker.bootstrap, "-t", "t", "--follow"]
        )
        #expect(try await child.nextLine().contains(#""value":"a""#))
        try await send("b\n", broker)
        #expect(try await child.nextLine().contains(#""value":"b""#))
        child.signal(SIGUSR1)
        #expect(try await child.nextLine(of: .error) == "kafka-producer: so far: 2 records read, 2 B")
        child.signal(signal)
        let finished = try await child.finish()
        #expect(finished.status == status)
        #expect(finished.errorLines.last?.hasPrefix("kafka-producer: 2 records read") == true, "\(finished)")
        await broker.stop()
    }

    @Test("a reader of the records that goes away ends reading, with a line and status 1")
    func closedPipe() async throws {
        let broker = try await EmbeddedBroker.started()
        try await send("a\n", broker)
        let gone = try await read(broker, ["--follow"], output: .readerGone)
        #expect(gone.status == 1)
        #expect(gone.errorText.contains("cannot write to stdout: Broken pipe"), "\(gone)")
        let full = try await read(broker, output: .file("/dev/full"))
        #expect(full.status == 1 && full.errorText.contains("cannot write to stdout: No space left"), "\(full)")
        let closed = try await read(broker, output: .closed)
        #expect(closed.status == 2 && closed.errorText.contains("stdout is not open for writing"), "\(closed)")
        await broker.stop()
    }

    @Test(
        "what is not there is told with its status",
        arguments: [
            (["-t", "nope"], 1, "nope: the cluster has no such topic"),
            (["-t", "t", "-p", "9"], 1, "t-9: there is no such partition"),
            (["-t", "t", "-o", "99"], 1, "offset 99 is out of range"),
        ] as [([String], Int32, String)]
    )
    func absent(arguments: [String], status: Int32, text: String) async throws {
        let broker = try await EmbeddedBroker.started {
            $0.autoCreateTopics = false; $0.topics = ["t": 2]
        }
        let finished = try await KafkaProducerBinary.run(["read", "-b", broker.bootstrap] + arguments)
        #expect(finished.status == status && finished.errorText.contains(text), "\(finished)")
        #expect(await broker.topics["nope"] == nil)
        await broker.stop()
    }

    @Test("no broker is status 3 after max.block.ms, and a wrong login at once")
    func unreachable() async throws {
        let nobody = try await KafkaProducerBinary.run([
            "read", "-b", "localhost:1", "-t", "t", "-X", "max.block.ms=300",
        ])
        #expect(nobody.status == 3 && nobody.errorText.contains("localhost:1: Connection refused"), "\(nobody)")
        let secured = try await SecuredBroker { security, _ in
            security.mechanisms = [.plain]
            security.users = ["alice": "right"]
        }
        let folder = try TemporaryDirectory()
        for (password, status) in [("right", Int32(0)), ("wrong", 3)] {
            let path = try folder.write(Array("\(password)\n".utf8), to: "pw")
            let words =
                ["-b", secured.bootstrap, "-X", "ssl.truststore.type=PEM"]
                + ["-X", "ssl.truststore.location=\(secured.folder.path)/ca.pem", "-X", "sasl.mechanism=PLAIN"]
                + ["--user", "alice", "--password-file", path, "-t", "t"]
            if status == 0 { #expect(try await KafkaProducerBinary.run(words, input: .text("x\n")).status == 0) }
            let finished = try await KafkaProducerBinary.run(["read"] + words)
            #expect(finished.status == status, "\(finished)")
            #expect(status == 0 || finished.errorText.contains("refused the login of alice"), "\(finished)")
        }
        await secured.broker.stop()
    }

    @Test("what was stored without a cluster is read without one")
    func embedded() async throws {
        let folder = try TemporaryDirectory()
        let words = ["-t", "t", "--embedded", folder.path + "/data"]
        #expect(try await KafkaProducerBinary.run(words, input: .text("a\nb\n")).status == 0)
        #expect(try await KafkaProducerBinary.run(["read"] + words + ["--output", "value"]).outputText == "a\nb\n")
    }

    @Test(
        "a wrong word is refused with what to write",
        arguments: [
            (["-t", "t", "-c", "5"], "write -n 5 for a count"),
            (["-t", "t", "-o", "middle"], "-o \"middle\": give beginning"),
            (["-t", "t", "--until", "-5"], "--until \"-5\": give end"), ([], "there is no --topic to read"),
            (["-t", "t", "-n", "0"], "-n takes a number above 0"),
            (["-t", "t", "-p", "-1"], "partitions are numbered from 0"),
            (["-t", "t", "-e"], "leave it out"), (["-t", "t", "--follow", "--until", "end"], "use one of them"),
        ]
    )
    func usage(arguments: [String], text: String) async throws {
        let finished = try await KafkaProducerBinary.run(["read", "-b", "localhost:1"] + arguments)
        #expect(finished.status == 2 && finished.errorText.contains(text), "\(finished)")
    }
}
