// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaProducer
import Mutation
import RecordText
import Testing

@testable import ProducerCommand

/// Damaged files and arguments: settings, dead letters, checkpoints, faults, input in every format.
@Suite("Damaged files")
struct DecoderMutationTests {
    private static let trial = MutationTrial("files")

    @Test("they are refused or read; none traps or takes memory for a lie")
    func files() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let note = try trial.begin()
        var mutator = trial.mutator
        for (name, samples, read) in readers {
            for round in 0..<400 * MutationTrial.factor {
                note.trying("\(name), round \(round)")
                let sample = Array((samples.randomElement(using: &mutator.generator) ?? "").utf8)
                let donor = Array((samples.randomElement(using: &mutator.generator) ?? "").utf8)
                read(mutator.mutate(sample, donor: donor))
            }
        }
    }

    private static var readers: [(name: String, samples: [String], read: ([UInt8]) -> Void)] {
        [
            ("settings", settings, readSettings), ("dead letters", letters, readLetter),
            ("checkpoint", checkpoints, readCheckpoint), ("input", inputs, readInput),
            ("arguments", arguments, readArgument), ("faults", faults, readFaults),
            ("formats", formatted, readFormats),
        ]
    }

    // MARK: settings

    private static let settings = [
        "bootstrap.servers=localhost:9092,[::1]:9093\nlinger.ms = 5\nbatch.size:16384\n",
        "a=b\\\n  c\\u00e9\\u0041\n! note\n# note\n\\ k\\:=\\t v\r\nlast\\",
        "acks=all\nretries=2147483647\ncompression.type=zstd\nbuffer.memory=33554432\nmax.request.size=1048576\n"
            + "delivery.timeout.ms=120000\nkey.serializer=org.apache.kafka.common.serialization.LongSerializer\n"
            + "config.providers=env\nclient.id=${env:HOME}\n",
    ]

    private static func readSettings(_ bytes: [UInt8]) {
        guard let properties = try? Properties(bytes: bytes) else { return }
        for entry in properties.entries { _ = properties[entry.key] }
        let source = PropertySource(name: "file", entries: properties.entries)
        _ = try? ProducerConfiguration(merging: [source])
        _ = try? Properties(text: String(decoding: bytes, as: UTF8.self))
    }

    // MARK: dead letters

    private static let letters = [
        #"{"file":"u.txt","line":17,"byteOffset":1042,"error":"E","message":"m","attempts":1,"time":"2026-11-21T08:19:06.695Z","#
            + #""topic":"users","partition":3,"explicitPartition":true,"timestamp":1795249145728,"key":"k","#
            + #""value":{"base64":"//4="},"headers":[{"name":"h","value":"1"},{"name":"h","value":null}]}"#,
        #"{"file":"stdin","line":1,"byteOffset":0,"error":"E","message":"m","topic":"t","truncated":true,"size":99999999}"#,
        #"{"topic":"t","value":"\u00e9\ud83d\ude00\n"}"#, #"{"topic":"t","input":"x","message":"m"}"#,
    ]

    private static func readLetter(_ bytes: [UInt8]) {
        _ = try? DeadLetterDecoder().decode(bytes)
    }

    // MARK: checkpoints

    private static let checkpoints = [
        "kafka-producer checkpoint 1\ntopic t\noptions 1f\nfile 12 4096 4096 abc 100 3 a b.txt\nend\n",
        "kafka-producer checkpoint 1\ntopic t\noptions 1f\nfile 1 5 5 a 5 1 x\nfile 2 18446744073709551615 5 b "
            + "18446744073709551615 18446744073709551615 y\nend\n",
        "kafka-producer checkpoint 1\ntopic t\noptions 1f\nfile 12 4096 4096 abc 100 3 a\nfile 13 9 9 abc 0 0 b\nend\n"
            + "at 0 4096 90\nat 1 7 2\nat 1 9 3\n",
    ]

    private static func readCheckpoint(_ bytes: [UInt8]) {
        guard let checkpoint = Checkpoint(text: String(decoding: bytes, as: UTF8.self)) else { return }
        _ = (checkpoint.summary(), checkpoint.files.allSatisfy(\.isComplete))
        precondition(Checkpoint(text: checkpoint.text) == checkpoint, "a checkpoint changes when it is written again")
        for file in checkpoint.files { precondition(off_t(exactly: file.offset) != nil, "no file is that large") }
    }

    // MARK: input

    private static let inputs = [
        "k\tv\nk2\tv2\n\n", "h:1,i:2\tkey\tvalue\r\nNULL\tNULL\tNULL\n", "a\\0b::c::d\0e",
        String(repeating: "x", count: 300) + "\n",
    ]

    private static func readInput(_ bytes: [UInt8]) {
        var format = DelimitedFormat()
        format.stripsCarriageReturn = true
        format.keySeparator = .tab
        format.nullMarker = Array("NULL".utf8)
        format.headers = HeaderLayout()
        let parser = DelimitedParser(format: format)
        for limit in [Int.max, 50] {
            var splitter = RecordSplitter(stripsCarriageReturn: true, limit: limit)
            while let record = splitter.next(in: bytes.span) { parse(record, bytes, parser) }
            _ = splitter.releasable(in: bytes.span)
            if splitter.skipped != nil {
                _ = splitter.lastOfSkipped(in: bytes.span)
            } else if let record = splitter.last(in: bytes.span) {
                parse(record, bytes, parser)
            }
        }
    }

    // MARK: other formats

    private static let formatted = [
        #"{"topic":"t","partition":1,"ts":3,"headers":["a","b","c",null],"key":null,"payload":"\u00e9\n"}"#
            + "\n[{\"value\":[1]},\n{}]",
        #"{"key":{"base64":"//4="},"value":{"a":[1,{"b":"}"}]},"headers":{"n":"\ud83d\ude00"},"timestamp":"2026-01-02T03:04:05Z"}"#,
        "id,name,at\r\n1,\"a \"\"q\"\", b\",7\r\n\r\n2,\"x\ny\",8\n", "2h=1,i=2,7 t k v\n0 8 t k v\n",
        "\0\0\0\u{2}ab\0\0\0\u{1}c",
    ]

    private static let formats: [RecordFormat] = {
        var csv = CSVFormat(key: "id", timestamp: "at")
        csv.headers = [CSVFormat.Header(name: "h", column: "name")]
        csv.row = .json
        var paths = PathFormat(
            paths: JSONPaths([".key.base64", "timestamp", ".value.a[1]"].compactMap { JSONPath($0) })
        )
        (paths.key, paths.timestamp) = (0, 1)
        let layouts = ["%H%h{%k=%v,}%d %t %k %v\\n", "%V{big32}%v", "%v{json} %k{base64}\\n"].compactMap {
            try? RecordLayout($0)
        }
        return [.json(JSONFormat(kept: [.topic, .partition, .timestamp])), .csv(csv), .paths(paths)]
            + layouts.map { .layout($0) } + [.files(FilesFormat())]
    }()

    /// Each record lies behind the one before it, and what is found of one again is the same in whatever pieces it comes.
    private static func readFormats(_ bytes: [UInt8]) {
        for format in formats {
            var settings = RecordSettings()
            settings.format = format
            var parser = RecordParser(settings)
            try? parser.begin(InputContext(name: "in", columns: ["id", "name", "at"]))
            let chunk = Chunk(bytes.span, at: 0, isEnd: true, time: 0)
            var splitter = format.splitter(limit: .max)
            var place = 0
            while let record = splitter.next(in: bytes.span) ?? splitter.last(in: bytes.span) {
                precondition(record.lowerBound >= place && record.upperBound <= bytes.count, "records overlap")
                place = record.upperBound
                guard let parsed = try? parser.parse(record, in: chunk) else { continue }
                _ = parser.record(parsed, in: chunk)
                _ = parser.encodedHeaders(in: bytes.span)
            }
            var limited = format.splitter(limit: 10)
            while limited.next(in: bytes.span) != nil {}
            _ = limited.releasable(in: bytes.span)
            _ = limited.lastOfSkipped(in: bytes.span)
        }
    }

    private static func parse(_ record: Range<Int>, _ bytes: [UInt8], _ parser: DelimitedParser) {
        guard let parts = try? parser.parse(record, in: bytes.span) else { return }
        for part in [parts.headers, parts.key, parts.value].compactMap({ $0 }) {
            precondition(record.lowerBound <= part.lowerBound && part.upperBound <= record.upperBound)
        }
        var fields: [HeaderField] = []
        if let headers = parts.headers { try? parser.readHeaders(headers, in: bytes.span, to: &fields) }
        let value = parts.value.map { Array(bytes[$0]) } ?? []
        var serialized: [UInt8] = []
        for serializer in [Serializer.short, .long, .float, .double, .uuid(.utf8), .string(.iso88591), .boolean, .void]
        {
            _ = try? serializer.serialize(value.span, into: &serialized)
        }
    }

    // MARK: arguments

    private static let arguments = [
        #"\t\n\x41\\ %t:%p\t%o %d %k %v %s %l %f %b%%\n"#,
        "localhost:9092,[::1]:9093", "name=value", "users:12,max.message.bytes=1000", "&3",
    ]

    private static func readArgument(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        _ = try? EscapedText.bytes(text)
        _ = try? EscapedText.bytes(text, isLenient: true)
        _ = try? ReceiptFormat(template: text)
        _ = try? BootstrapServer(text)
        _ = try? TopicArgument(text)
    }

    // MARK: faults

    private static let faults = [
        "seed 42\nproduce 3 error NOT_ENOUGH_REPLICAS\nany every 100 delay 200ms\nproduce 1% limit 20 node 2 drop\n",
        "produce topic orders partition 3 error-after-append REQUEST_TIMED_OUT\nproduce 40 down 2s keeping-leaders\n"
            + "produce 60-70 move-leader to 2 without-hints stale-metadata 3\nconnection 2- drop\n# note\n\n",
        "produce topic orders refuse-records containing BAD\nany torn 7 2ms\nproduce 5 forget-producers refusing\n",
    ]

    private static func readFaults(_ bytes: [UInt8]) {
        _ = try? FaultScript(parsing: String(decoding: bytes, as: UTF8.self), file: "faults")
    }
}
