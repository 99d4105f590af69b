// SPDX-License-Identifier: Apache-2.0
import Foundation
import RandomNumbers
import KafkaEmbeddedBroker
import KafkaProducer
import Testing

/// The built command sending into an embedded broker in the test's process.
@Suite("send", .takesTurns, .timeLimit(.minutes(10)))
struct SendTests {
    /// Sends and insists on status 0 and an empty stdout; returns what was stored.
    private func send(
        _ input: ChildProcessInput.Source,
        _ arguments: [String] = [],
        partitions: Int = 1
    ) async throws -> [SentRecord] {
        let broker = try await EmbeddedBroker.started(partitions: partitions)
        let finished = try await KafkaProducerBinary.run(["-b", broker.bootstrap, "-t", "t"] + arguments, input: input)
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.output.isEmpty)
        var records: [SentRecord] = []
        for partition in 0..<partitions { records += try await broker.sent(to: "t", partition: partition) }
        await broker.stop()
        return records
    }

    @Test("lines of stdin become records; the last needs no newline, and an empty one is one")
    func lines() async throws {
        let records = try await send(.text("one\n\n three \r\nfour"))
        #expect(records == [SentRecord("one"), SentRecord(""), SentRecord(" three \r"), SentRecord("four")])
    }

    @Test("files are sent in order, a dash is stdin, and a line ends with its file")
    func files() async throws {
        let folder = try TemporaryDirectory()
        let first = try folder.write("a\nb", to: "first")
        let empty = try folder.write("", to: "empty")
        let last = try folder.write("d\n", to: "last")
        let records = try await send(.text("c"), [first, empty, "-", last])
        #expect(records == ["a", "b", "c", "d"].map { SentRecord($0) })
    }

    @Test("keys, fixed headers and null markers")
    func keys() async throws {
        let arguments = ["-K", "\\t", "-H", "h=1=2", "-H", "n", "-Hh=", "--null-marker", "NULL"]
        let records = try await send(.text("k\tv\tw\n\tx\nNULL\ty\nk\tNULL\n"), arguments)
        let headers = ["h=1=2", "n", "h="]
        #expect(
            records == [
                SentRecord("v\tw", key: "k", headers: headers), SentRecord("x", key: "", headers: headers),
                SentRecord("y", headers: headers), SentRecord(nil, key: "k", headers: headers),
            ]
        )
    }

    /// Of many partitions more is gathered at a time, also what has come through a pipe meanwhile.
    @Test("lines with keys keep their order in each of many partitions", arguments: [true, false])
    func manyPartitions(isFile: Bool) async throws {
        let partitions = 600
        let filling = String(repeating: "x", count: 1500)
        let lines = (0..<9000).map { (key: "k\($0 * 7919 % 2000)", value: "\($0) \(filling)") }
        let text = lines.map { "\($0.key)\t\($0.value)" }.joined(separator: "\n")
        let folder = try TemporaryDirectory()
        let file = try isFile ? [folder.write(text, to: "lines")] : []
        let broker = try await EmbeddedBroker.started(partitions: partitions)
        let words = ["-b", broker.bootstrap, "-t", "t", "-K", "\\t", "--receipts", folder.path + "/receipts"]
        let finished = try await KafkaProducerBinary.run(words + file, input: isFile ? .nothing : .text(text))
        #expect(finished.status == 0, "\(finished)")
        var expected: [Int32: [SentRecord]] = [:]
        for line in lines {
            let partition = Murmur2.partition(forKey: Array(line.key.utf8).span, count: Int32(partitions))
            expected[partition, default: []].append(SentRecord(line.value, key: line.key))
        }
        for partition in 0..<partitions {
            let isRight = try await broker.sent(to: "t", partition: partition) == expected[Int32(partition)] ?? []
            #expect(isRight, "partition \(partition)")
        }
        let receipts = try Receipt.all(in: String(contentsOfFile: folder.path + "/receipts", encoding: .utf8))
        #expect(Set(receipts.map(\.line)) == Set(1...lines.count) && receipts.count == lines.count)
        let isWrong = receipts.contains { receipt in
            guard let offset = receipt.offset.map({ Int($0) }), let own = expected[receipt.partition] else {
                return true
            }
            let line = lines[receipt.line - 1]
            return offset >= own.count || own[offset] != SentRecord(line.value, key: line.key)
        }
        #expect(!isWrong)
        await broker.stop()
    }

    @Test("a line with a key goes out while the input stays open, also where much is gathered at a time")
    func slowInput() async throws {
        let broker = try await EmbeddedBroker.started(partitions: 600)
        let words = ["-b", broker.bootstrap, "-t", "t", "-K", "\\t", "--receipts", "-"]
        let child = try ChildProcess(TestTools.kafkaProducer(), words, input: .open)
        let filling = String(repeating: "x", count: 50_000)
        for number in 1...20 {
            child.write("k\(number)\t\(number) \(filling)\n")
            let receipt = try await child.nextLine()
            #expect(receipt.contains("\"line\":\(number),"))
        }
        child.closeInput()
        #expect(try await child.finish().status == 0)
        await broker.stop()
    }

    @Test("the properties of kafka-console-producer's reader: headers and keys in the line")
    func readerProperties() async throws {
        let properties = ["parse.key=true", "key.separator=:", "parse.headers=true", "null.marker=NIL"]
        let records = try await send(
            .text("a:1,b:NIL\tk:v\n\tk:v:w\n"),
            ["-H", "x=y"] + properties.flatMap { ["--property", $0] }
        )
        #expect(
            records == [
                SentRecord("v", key: "k", headers: ["x=y", "a=1", "b"]), SentRecord("v:w", key: "k", headers: ["x=y"]),
            ]
        )
    }

    @Test("one key for all, another delimiter, stripped carriage returns, an explicit partition")
    func fixedKey() async throws {
        let records = try await send(
            .text("a\n\r\0b\r\0"),
            ["-k", "key", "-D", "\\0", "--crlf", "strip", "-p", "2"],
            partitions: 3
        )
        #expect(records == [SentRecord("a\n", key: "key"), SentRecord("b", key: "key")])
    }

    @Test("text becomes the bytes of the serializer's type")
    func serializers() async throws {
        let package = "org.apache.kafka.common.serialization."
        let records = try await send(
            .text("1=-2\n"),
            [
                "-K=", "-X", "key.serializer=\(package)ShortSerializer", "-X",
                "value.serializer=\(package)LongSerializer",
            ]
        )
        #expect(records == [SentRecord(bytes: [255, 255, 255, 255, 255, 255, 255, 254], key: [0, 1])])
    }

    @Test("one record at a time, also by its old name", arguments: [["--sync"], ["-X", "producer.type=sync"]])
    func sync(arguments: [String]) async throws {
        #expect(try await send(.text("a\nb\nc\n"), arguments) == ["a", "b", "c"].map { SentRecord($0) })
    }

    @Test(
        "random bytes through random chunk boundaries arrive as they were, in order",
        arguments: [
            [], ["-z", "lz4"], ["-X", "batch.size=0"], ["-X", "batch.size=1000000"], ["--null-marker", "0"],
        ]
    )
    func randomBytes(arguments: [String]) async throws {
        var random = SplitMix64(seed: UInt64(arguments.joined().utf8.count))
        let lines = (0..<2000).map { _ in
            random.bytes(Int.random(in: 0...1, using: &random) * Int.random(in: 0...3000, using: &random), without: 10)
        }
        let input = lines.reduce(into: [UInt8]()) { $0 += $1 + [10] }
        var (slices, begin) = ([[UInt8]](), 0)
        while begin < input.count {
            let end = min(input.count, begin + Int.random(in: 1...40_000, using: &random))
            slices.append(Array(input[begin..<end]))
            begin = end
        }
        let records = try await send(.slices(slices), arguments)
        let difference = zip(records.map(\.value), lines).enumerated().first { $1.0 != $1.1 }?.offset
        #expect(records.count == lines.count)
        #expect(difference == nil)
    }

    @Test("the broker may be inside the process, and its files are there afterwards")
    func embedded() async throws {
        let folder = try TemporaryDirectory()
        for text in ["first\n", "second\n"] {
            let arguments = ["send", "--topic", "t", "--embedded", folder.path + "/data"]
            let finished = try await KafkaProducerBinary.run(arguments, input: .text(text))
            #expect(finished.status == 0, "\(finished)")
        }
        var configuration = EmbeddedBroker.Configuration()
        configuration.dataDirectory = folder.path + "/data"
        let broker = try await EmbeddedBroker.start(configuration)
        #expect(try await broker.sent(to: "t") == [SentRecord("first"), SentRecord("second")])
        await broker.stop()
    }

    @Test("the settings file of the current folder is used and said, and an option comes before it")
    func settingsFile() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        try folder.write("bootstrap.servers=\(broker.bootstrap)\ncompression.type=nonsense\n", to: "producer.config")
        let run = { (arguments: [String]) in
            try await ChildProcess.run(
                TestTools.kafkaProducer(),
                ["-t", "t"] + arguments,
                input: .text("a\n"),
                directory: folder.path
            )
        }
        let finished = try await run(["-z", "gzip", "-v"])
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.errorLines.contains("kafka-producer: settings from ./producer.config"))
        #expect(finished.errorText.contains("compression.type is taken from -z, not from producer.config:2"))
        #expect(finished.errorText.contains("compression.type = gzip (-z)"))
        let wrong = try await run([])
        #expect(wrong.status == 2)
        #expect(
            wrong.errorText.contains("producer.config:2: Invalid value nonsense for configuration compression.type")
        )
        await broker.stop()
    }
}
