// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The lines of other tools after their first word was changed, on the built command: beside one for each option, further ones.
@Suite("The lines of other tools", .takesTurns, .timeLimit(.minutes(20)))
struct OtherToolsTests {
    /// A line that works: BROKER stands for the cluster, DIR for a folder with files.
    struct Row: Sendable, CustomTestStringConvertible {
        var line: String
        var input = "a\nb\n"
        var stored: [SentRecord] = [SentRecord("a"), SentRecord("b")]
        var output = ""
        var says = ""

        var testDescription: String { line }
    }

    private func words(_ line: String, _ bootstrap: String, _ folder: String) -> [String] {
        // A blank within a word is a tilde.
        line.split(separator: " ").map { word in
            var text = String(word)
            for (name, value) in [("BROKER", bootstrap), ("DIR", folder), ("EMPTY", ""), ("~", " ")] {
                text = text.replacing(name, with: value)
            }
            return text
        }
    }

    private func run(_ row: Row) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 3) { $0.topics = ["t": 1, "wide": 3] }
        let folder = try TemporaryDirectory()
        try folder.write(Array("one\ntwo\n".utf8), to: "lines")
        try folder.write(Array("parse.key=true\nkey.separator=:\n".utf8), to: "reader.properties")
        try folder.write(Array("linger.ms=1\n".utf8), to: "kafka.properties")
        let finished = try await KafkaProducerBinary.run(
            words(row.line, broker.bootstrap, folder.path),
            input: .text(row.input)
        )
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.outputText == row.output, "\(finished)")
        #expect(try await broker.sent(to: "t") == row.stored, "\(finished)")
        #expect(row.says.isEmpty || finished.errorText.contains(row.says), "\(finished)")
        await broker.stop()
    }

    private func refuse(_ line: String, _ advice: String) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(Array("message.timeout.ms=1\n".utf8), to: "kcat.conf")
        let finished = try await KafkaProducerBinary.run(words(line, "localhost:1", folder.path))
        #expect(finished.status == 2, "\(finished)")
        #expect(finished.errorText.contains(advice), "\(finished)")
        #expect(finished.output.isEmpty)
    }

    // MARK: kcat

    private static let keyed = [SentRecord("1", key: "a"), SentRecord("b")]

    static let kcat: [Row] = [
        Row(line: "-P -b BROKER -t t"), Row(line: "kcat -P -b BROKER -t t"), Row(line: "kcat -b BROKER -t t -P"),
        Row(line: "kcat -PbBROKER -tt"), Row(line: "kcat -P -b BROKER -t t -p 0"),
        Row(line: "kcat -P -b BROKER -t t -p -1"),
        Row(line: "kcat -P -b BROKER -t t -D ;", input: "a;b"),
        Row(line: #"kcat -P -b BROKER -t t -D \x00"#, input: "a\0b"),
        Row(
            line: "kcat -P -b BROKER -t t -K:",
            input: "a:1\nb\n",
            stored: keyed,
            says: "the same key may have another partition"
        ),
        Row(
            line: #"kcat -P -b BROKER -t t -k \x"#,
            stored: [SentRecord("a", key: #"\x"#), SentRecord("b", key: #"\x"#)]
        ),
        Row(
            line: #"kcat -P -b BROKER -t t -H a=\1 -H b"#,
            stored: [SentRecord("a", headers: [#"a=\1"#, "b"]), SentRecord("b", headers: [#"a=\1"#, "b"])]
        ),
        Row(line: "kcat -P -b BROKER -t t -c 1", stored: [SentRecord("a")]), Row(line: "kcat -P -b BROKER -t t -m 5"),
        Row(line: "kcat -P -b BROKER -t t -z lz4"), Row(line: "kcat -P -b BROKER -t t -q"),
        Row(line: "kcat -P -b BROKER -t t -vv"),
        Row(line: "kcat -P -b BROKER -t t -E"), Row(line: "kcat -P -b BROKER -t t -T", output: "ab"),
        Row(line: "kcat -P -b BROKER -t t -l DIR/lines", stored: [SentRecord("one"), SentRecord("two")]),
        Row(line: "kcat -P -b BROKER -t t -Z", input: "a\n\nb\n"),
        Row(line: "kcat -P -b BROKER -t t -Z -K:", input: "a:\n", stored: [SentRecord(nil, key: "a")]),
        Row(line: "kcat -P -b BROKER -t t -F DIR/kafka.properties"),
        Row(
            line:
                "kcat -P -b BROKER -t t -X topic.request.required.acks=1 -X queue.buffering.max.ms=1 -X message.timeout.ms=9000"
        ),
        Row(
            line: "kcat -P -t t -X metadata.broker.list=BROKER -X compression.codec=gzip -X partitioner=murmur2_random"
        ),
        Row(
            line: "kcat -P -b BROKER -t t -X transactional.id=x",
            says: "kcat commits all records at the end"
        ),
    ]

    @Test("kcat: the same is done", arguments: kcat)
    func kcatLines(row: Row) async throws { try await run(row) }

    @Test(
        "kcat: refused with what to write",
        arguments: [
            ("kcat -P -t t -b BROKER -k {file} file", "would be replaced here"),
            ("kcat -P -t t -b BROKER -l a b", "-l takes one file"),
            ("kcat -P -t t -b BROKER -k a -K:", "use one of them"),
            ("kcat -C -t t -b BROKER", "kafka-producer read does that"),
            ("kcat -L -b BROKER", "kafka-producer doctor does that"), ("kcat -P -t t -d all", "write -v"),
            ("kcat -P -t t -X list", "kafka-producer config lists"),
            ("kcat -P -t t -F DIR/kcat.conf", "message.timeout.ms is librdkafka's name"),
            ("kcat -P -t t -X partitioner=consistent", "partition-of --as librdkafka"),
            ("kcat -P -t t -X sasl.password=x", "write --user NAME"),
            ("kcat -P -t t -X statistics.interval.ms=1", "write --stats-interval"),
            ("kcat -M 3", "kafka-producer broker"),
            ("kcat -P -t t -m x", "-X max.block.ms=MILLISECONDS"),
            ("kcat -P -t t -X nosuch.setting=1 -b BROKER", "not a setting"),
        ]
    )
    func kcatRefusals(line: String, advice: String) async throws { try await refuse(line, advice) }

    // MARK: kafka-console-producer

    static let console: [Row] =
        [
            "--bootstrap-server BROKER --topic t", "--broker-list BROKER --topic t",
            "--topic t --bootstrap-server BROKER --sync",
            "--bootstrap-server BROKER --topic t --compression-codec",
            "--bootstrap-server BROKER --topic t --compression-codec zstd",
            "--bootstrap-server BROKER --compression-codec --topic t",
            "--bootstrap-server BROKER --topic t --request-required-acks -1",
            "--bootstrap-server BROKER --topic t --request-required-acks 1",
            "--bootstrap-server BROKER --topic t --batch-size 1000 --max-partition-memory-bytes 1000",
            "--bootstrap-server BROKER --topic t --timeout 10 --max-block-ms 9000 --request-timeout-ms 1500",
            "--bootstrap-server BROKER --topic t --message-send-max-retries 3 --retry-backoff-ms 100",
            "--bootstrap-server BROKER --topic t --max-memory-bytes 33554432 --socket-buffer-size 102400",
            "--bootstrap-server BROKER --topic t --metadata-expiry-ms 300000",
            "--bootstrap-server BROKER --topic t --producer-property linger.ms=1 --command-property acks=all",
            "--bootstrap-server BROKER --topic t --producer.config DIR/kafka.properties",
            "--bootstrap-server BROKER --topic t --command-config DIR/kafka.properties",
            "--bootstrap-server BROKER --topic t --line-reader org.apache.kafka.tools.LineMessageReader",
            "--bootstrap-server BROKER --topic t --line-reader=kafka.tools.ConsoleProducer$LineMessageReader",
        ].map { Row(line: $0) } + [
            Row(
                line: "--bootstrap-server BROKER --topic t --property parse.key=true --property key.separator=:",
                input: "a:1\n",
                stored: [SentRecord("1", key: "a")]
            ),
            Row(
                line: "--bootstrap-server BROKER --topic t --reader-config DIR/reader.properties",
                input: "a:1\n",
                stored: [SentRecord("1", key: "a")]
            ),
            Row(
                line:
                    "--bootstrap-server BROKER --topic t --reader-config DIR/reader.properties --reader-property key.separator=;",
                input: "a;1\n",
                stored: [SentRecord("1", key: "a")]
            ),
            Row(
                line:
                    #"--bootstrap-server BROKER --topic t --reader-property parse.headers=true --reader-property headers.separator=\|"#,
                input: "a:1|b:2\tv\n",
                stored: [SentRecord("v", headers: ["a=1", "b=2"])]
            ),
            Row(line: "console --bootstrap-server BROKER --topic t", input: "a\r\nb\r\n"),
            Row(line: "console --bootstrap-server BROKER --topic t", input: "a\rb\r"),
        ]

    @Test("kafka-console-producer: the same is done", arguments: console)
    func consoleLines(row: Row) async throws {
        try await run(row)
        guard !row.line.hasPrefix("console") else { return }
        var named = row
        named.line = "console " + row.line
        try await run(named)
    }

    @Test(
        "kafka-console-producer: refused with what to write",
        arguments: [
            ("console --topic t --line-reader com.example.Reader", "is a Java class, and this program loads none"),
            ("--topic t --reader-config DIR/none", "--reader-config:"),
            (
                "--topic t --reader-property parse.headers=true --reader-property headers.separator=[,;]",
                "is a regular expression to Kafka's tool"
            ),
            (
                #"--topic t --reader-property parse.headers=true --reader-property headers.separator=\s"#,
                "is a regular expression"
            ),
        ]
    )
    func consoleRefusals(line: String, advice: String) async throws { try await refuse(line, advice) }

    // MARK: kafka-producer-perf-test

    @Test(
        "kafka-producer-perf-test: the same is measured",
        arguments: [
            "--record-size 10 --throughput -1 --producer-props bootstrap.servers=BROKER acks=all",
            "--record-size 10 --throughput 100000 --bootstrap-server BROKER --command-property linger.ms=1",
            "--payload-file DIR/lines --throughput -1 --producer.config DIR/kafka.properties --producer-props bootstrap.servers=BROKER",
            #"--payload-file DIR/lines --payload-delimiter \n --throughput -1 --bootstrap-server BROKER --command-config DIR/kafka.properties"#,
            "--payload-monotonic --throughput -1 --bootstrap-server BROKER --print-metrics",
            "--record-size 10 --throughput -1 --bootstrap-server BROKER --transactional-id x --transaction-duration-ms 100",
            "--record-size 10 --throughput -1 --bootstrap-server BROKER --warmup-records 5 --reporting-interval 1000",
        ]
    )
    func perfLines(line: String) async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        try folder.write(Array("one\ntwo\n".utf8), to: "lines")
        try folder.write(Array("linger.ms=1\n".utf8), to: "kafka.properties")
        let words = ["perf", "--topic", "t", "--num-records", "20"] + words(line, broker.bootstrap, folder.path)
        let finished = try await KafkaProducerBinary.run(words)
        #expect(finished.status == 0 && finished.outputText.contains("20 records sent"), "\(finished)")
        await broker.stop()
    }

    @Test(
        "kafka-producer-perf-test: refused with what to write",
        arguments: [
            (
                #"perf --topic t --num-records 1 --payload-file DIR/kcat.conf --payload-delimiter [,;]+ --throughput -1"#,
                "is a regular expression"
            )
        ]
    )
    func perfRefusals(line: String, advice: String) async throws { try await refuse(line, advice) }

    // MARK: rpk

    private static let produced = "Produced to partition 0 at offset 0 with timestamp "

    static let rpk: [Row] = [
        Row(line: "produce t --brokers BROKER -o EMPTY"), Row(line: "topic produce t -X brokers=BROKER -o EMPTY"),
        Row(line: "rpk topic produce t -X brokers=BROKER -o EMPTY"),
        Row(line: "produce t --brokers=BROKER --output-format="),
        Row(line: #"produce t --brokers BROKER -o %t/%p/%o~%v\n"#, output: "t/0/0 a\nt/0/1 b\n"),
        Row(
            line: "produce t --brokers BROKER -o EMPTY -k K",
            stored: [SentRecord("a", key: "K"), SentRecord("b", key: "K")]
        ),
        Row(
            line: "produce t --brokers BROKER -o EMPTY -H a:1:2",
            stored: [SentRecord("a", headers: ["a=1:2"]), SentRecord("b", headers: ["a=1:2"])]
        ),
        Row(line: "produce t --brokers BROKER -o EMPTY -p 0"), Row(line: "produce t --brokers BROKER -o EMPTY -p -1"),
        Row(line: "produce t --brokers BROKER -o EMPTY -z zstd --acks -1"),
        Row(line: "produce t --brokers BROKER -o EMPTY --acks=1 -v"),
        Row(line: "produce t --brokers BROKER -o EMPTY --delivery-timeout 5s --max-message-bytes 100000"),
        Row(line: "produce t --brokers BROKER -o EMPTY --allow-auto-topic-creation"),
        Row(
            line: "produce t --brokers BROKER -o EMPTY -Z",
            input: "a\n\n",
            stored: [SentRecord("a"), SentRecord(nil)]
        ),
        Row(line: #"produce t --brokers BROKER -o EMPTY -f %v;"#, input: "a;b;"),
        Row(line: #"produce t --brokers BROKER -o EMPTY -f %v\n"#),
        Row(
            line: #"produce t --brokers BROKER -o EMPTY -f %k:%v\n"#,
            input: "a:1\n",
            stored: [SentRecord("1", key: "a")]
        ),
    ]

    @Test("rpk topic produce: the same is done", arguments: rpk)
    func rpkLines(row: Row) async throws { try await run(row) }

    @Test("rpk says for each record where it is, unless it is told otherwise")
    func rpkSays() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await KafkaProducerBinary.run(
            ["produce", "t", "--brokers", broker.bootstrap],
            input: .text("a\n")
        )
        #expect(finished.outputText.hasPrefix(Self.produced) && finished.outputText.hasSuffix(".\n"), "\(finished)")
        await broker.stop()
    }

    @Test(
        "rpk topic produce: refused with what to write",
        arguments: [
            ("produce t -Z -f %V{big32}%v", "of which -1 is null"), ("produce t -f %q", "unknown verb %q"),
            ("produce t -o %h", "there are %t %p %o %d %k %v"),
            ("produce t --schema-id 3", "not encoded by schemas"), ("produce t --profile p", "profiles are not read"),
            ("produce t -X user=a -X pass=b", "--password-file FILE"),
            ("produce t -X redpanda.x=1", "that is a setting of rpk's"),
            ("produce", "there is no topic"), ("produce a b", "there are 2 topics"),
            ("produce t --tls-key k", "ssl.keystore.type=PEM"),
            ("produce t -H a", "rpk's headers are name:value"), ("produce t --delivery-timeout 5", "give 1s or more"),
            ("rpk topic produce t -t 5", "records get the time of sending"),
        ]
    )
    func rpkRefusals(line: String, advice: String) async throws { try await refuse(line, advice) }

    // MARK: links

    @Test(
        "a link of a tool's name does what the tool does",
        arguments: [
            ("kcat", ["-P", "-b", "BROKER", "-t", "t"], ""),
            ("kafka-console-producer.sh", ["--bootstrap-server", "BROKER", "--topic", "t"], ""),
            ("rpk", ["topic", "produce", "t", "--brokers", "BROKER", "-o", #"%v\n"#], "a\nb\n"),
        ]
    )
    func links(name: String, arguments: [String], output: String) async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let link = folder.path + "/" + name
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: TestTools.kafkaProducer())
        let finished = try await ChildProcess.run(
            link,
            arguments.map { $0.replacing("BROKER", with: broker.bootstrap) },
            input: .text("a\nb\n")
        )
        #expect(finished.status == 0 && finished.outputText == output, "\(finished)")
        #expect(try await broker.sent(to: "t") == [SentRecord("a"), SentRecord("b")])
        await broker.stop()
    }
}
