// SPDX-License-Identifier: Apache-2.0

/// All options of one other tool.
struct ToolTable: Sendable {
    /// The tool, as the heading in docs/other-tools.md has it.
    var tool: String
    var rows: [ToolRow]

    /// The sentence that the document has to have.
    var count: String {
        let same = rows.filter(\.isSame).count
        guard same < rows.count else { return "\(rows.count) options, all of them." }
        return "\(rows.count) options, \(same) do the same, \(rows.count - same) are refused."
    }

    static let all = [kcat, console, perf, rpk]
}

extension ToolTable {
    private static let keyed = [SentRecord("1", key: "a"), SentRecord("b")]

    static let kcat = ToolTable(
        tool: "kcat -P",
        rows: [
            .same("-P", "-P -b BROKER -t t"),
            .same("-t TOPIC", "kcat -P -b BROKER -tt"),
            .same("-b BROKERS", "kcat -P -bBROKER -t t"),
            .same("-p N", "kcat -P -b BROKER -t t -p 0"),
            .same("-D DELIMITER", #"kcat -P -b BROKER -t t -D \x3b"#, input: "a;;b"),
            .same("-K SEPARATOR", "kcat -P -b BROKER -t t -K:", input: "a:1\n\nb\n", stored: keyed),
            .same(
                "-k KEY",
                "kcat -P -b BROKER -t t -k x",
                stored: [SentRecord("a", key: "x"), SentRecord("b", key: "x")]
            ),
            .same(
                "-H NAME=VALUE",
                "kcat -P -b BROKER -t t -H n=v -H n",
                stored: [SentRecord("a", headers: ["n=v", "n"]), SentRecord("b", headers: ["n=v", "n"])]
            ),
            .same("-l FILE", "kcat -P -b BROKER -t t -l DIR/lines", stored: [SentRecord("one"), SentRecord("two")]),
            .same(
                "FILE...",
                "kcat -P -b BROKER -t t -K: -D; DIR/lines DIR/empty DIR/reader.properties",
                stored: [SentRecord("one\ntwo\n"), SentRecord("parse.key=true\nkey.separator=:\n")]
            ),
            .same("-c N", "kcat -P -b BROKER -t t -c 1", stored: [SentRecord("a")]),
            .same("-z CODEC", "kcat -P -b BROKER -t t -z lz4"),
            .same("-Z", "kcat -P -b BROKER -t t -Z -K:", input: "a:\n", stored: [SentRecord(nil, key: "a")]),
            .same("-T", "kcat -P -b BROKER -t t -T", output: "ab"),
            .same("-E", "kcat -P -b BROKER -t t -E"),
            .same("-u", "kcat -P -b BROKER -t t -u"),
            .same("-m SECONDS", "kcat -P -b BROKER -t t -m 5"),
            .same("-F FILE", "kcat -P -b BROKER -t t -F DIR/kafka.properties"),
            .same(
                "-X NAME=VALUE",
                "kcat -P -b BROKER -t t -X topic.request.required.acks=1 -X queue.buffering.max.ms=1"
            ),
            .same("-q", "kcat -P -b BROKER -t t -q"),
            .same("-v", "kcat -P -b BROKER -t t -vv"),
            .refused("-d CONTEXTS", "kcat -P -b BROKER -t t -d all", "write -v"),
            .refused("-V", "kcat -V", "kafka-producer --version"),
            .refused("-L, -Q", "kcat -L -b BROKER", "kafka-producer doctor does that"),
            .refused("-C, -G, -J, -o, -e, -f, -s, -O", "kcat -C -b BROKER -t t -e", "kafka-producer read does that"),
        ]
    )

    static let console = ToolTable(
        tool: "kafka-console-producer",
        rows: [
            .same("--topic", "console --bootstrap-server BROKER --topic t", input: "a\r\nb\r"),
            .same("--bootstrap-server", "console --topic t --bootstrap-server BROKER", input: "a\rb"),
            .same("--broker-list", "console --broker-list BROKER --topic t"),
            .same("--sync", "console --bootstrap-server BROKER --topic t --sync"),
            .same("--compression-codec", "console --bootstrap-server BROKER --compression-codec --topic t"),
            .same("--batch-size", "console --bootstrap-server BROKER --topic t --batch-size 1000"),
            .same(
                "--message-send-max-retries",
                "console --bootstrap-server BROKER --topic t --message-send-max-retries 3"
            ),
            .same("--retry-backoff-ms", "console --bootstrap-server BROKER --topic t --retry-backoff-ms 100"),
            .same("--timeout", "console --bootstrap-server BROKER --topic t --timeout 10"),
            .same("--request-required-acks", "console --bootstrap-server BROKER --topic t --request-required-acks -1"),
            .same("--request-timeout-ms", "console --bootstrap-server BROKER --topic t --request-timeout-ms 1500"),
            .same("--metadata-expiry-ms", "console --bootstrap-server BROKER --topic t --metadata-expiry-ms 300000"),
            .same("--max-block-ms", "console --bootstrap-server BROKER --topic t --max-block-ms 9000"),
            .same("--max-memory-bytes", "console --bootstrap-server BROKER --topic t --max-memory-bytes 33554432"),
            .same(
                "--max-partition-memory-bytes",
                "console --bootstrap-server BROKER --topic t --max-partition-memory-bytes 1000"
            ),
            .same("--socket-buffer-size", "console --bootstrap-server BROKER --topic t --socket-buffer-size 102400"),
            .same(
                "--line-reader",
                "console --bootstrap-server BROKER --topic t --line-reader org.apache.kafka.tools.LineMessageReader"
            ),
            .same(
                "--property",
                "console --bootstrap-server BROKER --topic t --property parse.key=true --property key.separator=:",
                input: "a:1\n",
                stored: [SentRecord("1", key: "a")]
            ),
            .same(
                "--reader-property",
                "console --bootstrap-server BROKER --topic t --reader-property null.marker=a",
                stored: [SentRecord(nil), SentRecord("b")]
            ),
            .same(
                "--reader-config",
                "console --bootstrap-server BROKER --topic t --reader-config DIR/reader.properties",
                input: "a:1\n",
                stored: [SentRecord("1", key: "a")]
            ),
            .same("--producer-property", "console --bootstrap-server BROKER --topic t --producer-property linger.ms=1"),
            .same("--command-property", "console --bootstrap-server BROKER --topic t --command-property acks=all"),
            .same(
                "--producer.config",
                "console --bootstrap-server BROKER --topic t --producer.config DIR/kafka.properties"
            ),
            .same(
                "--command-config",
                "console --bootstrap-server BROKER --topic t --command-config DIR/kafka.properties"
            ),
        ]
    )

    static let perf = ToolTable(
        tool: "kafka-producer-perf-test",
        rows: [
            ("--topic", ""), ("--num-records", ""), ("--record-size", ""), ("--throughput", ""),
            ("--bootstrap-server", ""),
            ("--print-metrics", "--print-metrics"), ("--warmup-records", "--warmup-records 5"),
            ("--reporting-interval", "--reporting-interval 1000"),
            ("--command-property", "--command-property linger.ms=1"),
            ("--producer-props", "--producer-props acks=all linger.ms=1"),
            ("--producer.config", "--producer.config DIR/kafka.properties"),
            ("--command-config", "--command-config DIR/kafka.properties"),
            ("--transactional-id", "--transactional-id x"),
            ("--transaction-duration-ms", "--transactional-id x --transaction-duration-ms 100"),
        ].map { perfRow($0.0, "--record-size 10 " + $0.1) } + [
            perfRow("--payload-file", "--payload-file DIR/lines"),
            perfRow("--payload-delimiter", #"--payload-file DIR/lines --payload-delimiter \n"#),
            perfRow("--payload-monotonic", "--payload-monotonic"),
        ]
    )

    private static func perfRow(_ option: String, _ line: String) -> ToolRow {
        ToolRow(
            option: option,
            line: "perf --topic t --num-records 20 --throughput -1 --bootstrap-server BROKER " + line,
            outcome: .measured
        )
    }

    static let rpk = ToolTable(
        tool: "rpk topic produce",
        rows: [
            .same("TOPIC", "rpk topic produce t --brokers BROKER -o EMPTY"),
            .same(
                "-k, --key",
                "produce t --brokers BROKER -o EMPTY -k K",
                stored: [SentRecord("a", key: "K"), SentRecord("b", key: "K")]
            ),
            .same(
                "-H, --header",
                "produce t --brokers BROKER -o EMPTY -H a:1:2 -H a:3",
                stored: [SentRecord("a", headers: ["a=1:2", "a=3"]), SentRecord("b", headers: ["a=1:2", "a=3"])]
            ),
            .same("-p, --partition", "produce t --brokers BROKER -o EMPTY -p 0"),
            .same("-z, --compression", "produce t --brokers BROKER -o EMPTY -z zstd"),
            .same("--acks", "produce t --brokers BROKER -o EMPTY --acks=-1"),
            .same("--delivery-timeout", "produce t --brokers BROKER -o EMPTY --delivery-timeout 5s"),
            .same("--max-message-bytes", "produce t --brokers BROKER -o EMPTY --max-message-bytes 100000"),
            .same(
                "-Z, --tombstone",
                "produce t --brokers BROKER -o EMPTY -Z",
                input: "a\n\n",
                stored: [SentRecord("a"), SentRecord(nil)]
            ),
            .same(
                "-f, --format",
                #"produce --brokers BROKER -o EMPTY -f %T{byte}%t%K{ascii}~%k%V{hex8}%v%H{1}%h{%K{byte}%k%V{3}%v}\n"#,
                input: "\u{1}t1 k02va\u{1}hxyz\n\u{1}t-1 00\u{1}hxyz\n",
                stored: [SentRecord("va", key: "k", headers: ["h=xyz"]), SentRecord("", headers: ["h=xyz"])]
            ),
            .same("-o, --output-format", #"produce t --brokers BROKER -o %t/%p/%o~%v\n"#, output: "t/0/0 a\nt/0/1 b\n"),
            .same("--brokers", "produce t --brokers=BROKER -o EMPTY"),
            .same("-X", "produce t -X brokers=BROKER -o EMPTY"),
            .same("-v, --verbose", "produce t --brokers BROKER -o EMPTY -v"),
            .same("--allow-auto-topic-creation", "produce t --brokers BROKER -o EMPTY --allow-auto-topic-creation"),
            // Its broker has no TLS, so that what was tried shows.
            ToolRow(
                option: "--tls-enabled, --tls-truststore",
                line: "produce t --brokers BROKER -o EMPTY --tls-enabled --tls-truststore DIR/ca.pem",
                outcome: .tried(status: 2, words: "Failed to load SSL trust store")
            ),
            .refused("--user, --password", "produce t --user a --password b", "--password-file FILE"),
            .refused("--schema-id", "produce t --schema-id 3", "not encoded by schemas"),
            .refused("--schema-key-id", "produce t --schema-key-id 3", "not encoded by schemas"),
            .refused("--schema-type, --schema-key-type", "produce t --schema-type M", "not encoded by schemas"),
            .refused("--profile", "produce t --profile p", "profiles are not read"),
            .refused("--config", "produce t --config c", "profiles are not read"),
            .refused("--timestamp", "produce t -t 5", "records get the time of sending"),
        ]
    )
}
