// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaEmbeddedBroker
import KafkaProducer
import Testing

/// Mistakes that a new user makes, on the built command: one clear line, the right status, and nothing sent.
@Suite("First mistakes", .takesTurns, .timeLimit(.minutes(10)))
struct FirstMistakeTests {
    /// A port on which nothing listens, should anything get so far.
    private static let server = ["-b", "127.0.0.1:1", "-X", "max.block.ms=100"]

    private static func refusal(_ arguments: [String]) async throws -> String {
        let finished = try await KafkaProducerBinary.run(arguments, input: .text("a\n"))
        #expect(finished.status == 2, "\(finished)")
        #expect(finished.output.isEmpty)
        let errors = finished.errorLines.filter { $0.hasPrefix("kafka-producer: error: ") }
        #expect(errors.count == 1, "\(finished)")
        return errors.first.map { String($0.dropFirst("kafka-producer: error: ".count)) } ?? ""
    }

    @Test(
        "what was meant to be encrypted is never sent in plain text",
        arguments: [
            ["-b", "SSL://127.0.0.1:1"], ["--broker-list", "SASL_SSL://127.0.0.1:1"],
            ["--bootstrap-server", "https://127.0.0.1:1"], server + ["-X", "security.protcol=SSL"],
            server + ["--producer-property", "sasl.username=u"], server + ["-X", "ssl.ca.location=ca.pem"],
        ]
    )
    func encryption(arguments: [String]) async throws {
        let error = try await Self.refusal(["-t", "t"] + arguments)
        #expect(error.contains("plain text") || error.contains("security.protocol"))
        let isServer = arguments.count == 2
        #expect(error.hasPrefix(isServer ? arguments[0] : arguments[arguments.count - 2]))
    }

    @Test(
        "a settings file that cannot be meant is refused, and encryption in a file is not lost",
        arguments: [
            ("{\"acks\": 1}", "is JSON"), ("bootstrap.servers=SSL://a:1", "set security.protocol=SSL"),
            ("bootstrap.servers=a:1\nsasl.mechanisms=PLAIN", ":2: sasl.mechanisms is not a setting"),
            ("a=C:\\users", "write \\\\ for a backslash"), ("bootstrap.servers=${env:X}", "${env:X} is not filled in"),
        ]
    )
    func files(text: String, expected: String) async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write(text, to: "client.properties")
        let error = try await Self.refusal(["-t", "t", "-c", file])
        #expect(error.hasPrefix(file) && error.contains(expected), "\(error)")
    }

    @Test(
        "an argument that would be misunderstood is refused",
        arguments: [
            (["-topic", "t"], "-topic: did you mean --topic?"), (["-t", "a", "-t", "b"], "-t is given as"),
            (
                ["-t", "t", "-X", "lingr.ms=1"],
                "-X: lingr.ms is not a setting of Kafka's producer; did you mean linger.ms?"
            ),
            (["-t", "t", "--linger", "-1"], "--linger: Invalid value -1 for configuration linger.ms"),
            (["-t", "t", "-c", ""], "-c takes the name of a settings file"),
            (["-t", "t", "-b", "127.0.0.1:1", "b:2"], "\"b:2\" looks like a broker and is no file"),
            (["-t", "t", "-k", #"\q"#], #"-k "\q" has the unknown escape \q"#),
            (["-t", "t", "-X", "buffer.memory=50"], "-X: buffer.memory=50 holds no record"),
            (["-L", "-t", "t"], "-L is none of the options"), (["-t", "t", ""], "a file's name is empty"),
            (["-t", "a\nb"], #""a\nb" cannot be a topic"#),
            (["-t", "t", "--config", "f"], "--config is none of the options"),
        ] as [([String], String)]
    )
    func misunderstood(arguments: [String], expected: String) async throws {
        let error = try await Self.refusal(Self.server + arguments)
        #expect(error.hasPrefix(expected), "\(error)")
    }

    @Test("warnings about the settings and all that is wrong with them come together, also without a broker")
    func together() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("bootstrap.server=a:1\nacks=7\n", to: "client.properties")
        let finished = try await KafkaProducerBinary.run(["-t", "t", "-c", file])
        #expect(finished.status == 2)
        #expect(
            finished.errorLines == [
                "kafka-producer: warning: \(file):1: bootstrap.server is not a setting of Kafka's producer and has no effect; "
                    + "did you mean bootstrap.servers?",
                "kafka-producer: error: Missing required configuration \"bootstrap.servers\" which has no default value. Say "
                    + "where with -b HOST:PORT or in a file with -c.",
                "kafka-producer: error: \(file):2: Invalid value 7 for configuration acks: String must be one of: all, -1, "
                    + "0, 1",
            ]
        )
    }

    @Test("a negative number is a value, and escapes make bytes that no argument can hold")
    func taken() async throws {
        let broker = try await EmbeddedBroker.started()
        let arguments = ["-b", broker.bootstrap, "-t", "t", "--request-required-acks", "-1", "-k", #"\xff"#]
        let finished = try await KafkaProducerBinary.run(arguments, input: .text("a\n"))
        #expect(finished.status == 0, "\(finished)")
        #expect(try await broker.sent(to: "t").map(\.key) == [[0xFF]])
        await broker.stop()
    }

    @Test("memory for hardly a record ends: what does not fit fails, and the others go", arguments: ["none", "lz4"])
    func littleMemory(codec: String) async throws {
        let broker = try await EmbeddedBroker.started()
        for memory in [83, 84, 90, 91, 92, 100, 164, 166, 250, 1000, 16_384, 16_385] {
            let arguments = ["-b", broker.bootstrap, "-t", "t", "-z", codec, "-X", "buffer.memory=\(memory)"]
            let lines = ["", "12345678", String(repeating: "x", count: 500), ""].joined(separator: "\n") + "\n"
            let finished = try await KafkaProducerBinary.run(arguments, input: .text(lines))
            let failed = [8, 500].count { 83 + $0 > memory }
            #expect(finished.status == (failed == 0 ? 0 : 1), "\(memory): \(finished)")
            let account = "4 records read, \(4 - failed) acked, \(failed) failed"
            #expect(finished.errorLines.last?.contains(account) == true, "\(memory): \(finished)")
        }
        await broker.stop()
    }

    @Test("the version is the one that brokers are told, with the codecs and Swift; a plain build names no commit")
    func version() async throws {
        let finished = try await KafkaProducerBinary.run(["--version"])
        let lines = finished.outputLines
        #expect(lines.first == "kafka-producer " + ClientSoftware.version)
        for codec in ["zlib", "snappy", "lz4", "zstd"] {
            #expect(try lines[1].contains(Regex("\(codec) [0-9]+\\.[0-9]+")), "\(codec)")
        }
        #expect(lines.count == 3 && lines[2].hasPrefix("Swift 6."))
    }

    @Test("help says how completions are installed")
    func completions() async throws {
        let finished = try await KafkaProducerBinary.run(["--help"])
        #expect(finished.outputText.contains("COMPLETIONS:") && finished.outputText.contains("Scripts/completions"))
    }
}
