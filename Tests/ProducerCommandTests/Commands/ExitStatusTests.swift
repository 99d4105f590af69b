// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaEmbeddedBroker
import Testing

@testable import ProducerCommand

/// How the built command ends: one clear line, and the status that a script can rely on.
@Suite("Exit statuses", .takesTurns, .timeLimit(.minutes(10)))
struct ExitStatusTests {
    /// A port on which nothing listens.
    private static let deadBroker = "127.0.0.1:1"

    private func run(
        _ arguments: [String],
        _ input: ChildProcessInput.Source = .text("a\n")
    ) async throws -> FinishedProcess {
        let finished = try await KafkaProducerBinary.run(arguments, input: input)
        #expect(finished.output.isEmpty, "stdout is for what was asked for")
        return finished
    }

    @Test("help and version are what was asked for: stdout and 0")
    func help() async throws {
        for arguments in [["--help"], ["-h"], ["send", "--help"], ["--version"], ["broker", "--help"]] {
            let finished = try await KafkaProducerBinary.run(arguments)
            #expect(finished.status == 0)
            #expect(!finished.output.isEmpty)
            #expect(finished.error.isEmpty)
        }
        for shell in ["bash", "zsh", "fish"] {
            let script = try await KafkaProducerBinary.run(["--generate-completion-script", shell])
            #expect(script.status == 0 && script.outputText.contains("dead-letter"))
        }
        let help = try await KafkaProducerBinary.run(["--help"]).outputText
        for text in ["EXIT STATUS", "EXAMPLES", "--topic", "kafka-producer broker"] { #expect(help.contains(text)) }
    }

    @Test("no line of a help text is broken into two, so that what it shows can be pasted into a shell")
    func unbroken() {
        let commands = KafkaProducerCommand.subcommands.flatMap { [$0] + $0.configuration.subcommands }
        let texts = commands.map { $0.configuration.discussion } + [HelpText.root, HelpText.send]
        for text in texts {
            #expect(text.split(separator: "\n").filter { $0.count >= 80 } == [])
        }
    }

    @Test("an option like no other has no suggestion, and the hint names the command's own help")
    func unlike() async throws {
        let sent = try await run(["-t", "t", "--nope", "1"])
        #expect(
            sent.errorLines == [
                "kafka-producer: error: Unknown option '--nope'", "kafka-producer: try kafka-producer --help",
            ]
        )
        let broker = try await run(["broker", "--port-file", "p"])
        #expect(broker.errorLines.last == "kafka-producer: try kafka-producer broker --help")
        let perf = try await run(["perf", "--topic", "t", "--num-records", "1", "--record-size", "0"])
        #expect(perf.errorLines.last == "kafka-producer: try kafka-producer perf --help")
    }

    @Test(
        "a wrong command line is 2, and one line says what is wrong",
        arguments: [
            ([], "--topic"), (["-t", "t", "--nonsense"], "--nonsense"), (["-t", "a b"], "cannot be a topic"),
            (["--topci", "t"], "Did you mean '--topic'?"), (["resnd"], "\"resnd\" is neither a command nor a file"),
            (["-t", "t", "-X", "nonsense"], "-X takes key=value"),
            (["-t", "t", "--property", "x=y"], "x is not supported"),
            (["broker", "--data", "d"], "Unknown option '--data'. Did you mean '--data-dir'?"),
            (["--bootstrap", "h:1"], "Unknown option '--bootstrap'. Did you mean '--bootstrap-server'?"),
            (["broker", "--port", "x"], "--port"), (["broker", "--port", "70000"], "70000"),
            (["broker", "--transaction-version", "3"], "--transaction-version 3: it must be 1 or 2"),
        ] as [([String], String)]
    )
    func usage(arguments: [String], expected: String) async throws {
        let finished = try await run(arguments)
        #expect(finished.status == 2)
        #expect(try #require(finished.errorLines.first).hasPrefix("kafka-producer: error: "))
        #expect(finished.errorLines.first?.contains(expected) == true, "\(finished)")
        #expect(finished.errorLines.count <= 2)
    }

    @Test(
        "a wrong setting is 2, named with its value, rule and origin",
        arguments: [
            ([], "bootstrap.servers"), (["-b", "h:1", "-X", "acks=7"], "-X: Invalid value 7 for configuration acks"),
            (["-b", "h:1", "-z", "x"], "-z: Invalid value x for configuration compression.type"),
            (["-b", "h:1", "-X", "linger=5"], "linger is not a setting of Kafka's producer; did you mean linger.ms?"),
            (["-b", "h:1", "-c", "missing"], "cannot read settings file missing: No such file or directory"),
            (["-b", "h:1", "-X", "security.protocol=SASL_SSL"], "sasl.jaas.config is not set"),
            (
                ["-b", "h:1", "-X", "transactional.id=x", "-X", "transaction.two.phase.commit.enable=true"],
                "two.phase.commit"
            ),
            (["-b", "h:1", "-k", "x", "-X", "key.serializer=Integer"], "-k: Integer serializer"),
        ] as [([String], String)]
    )
    func settings(arguments: [String], expected: String) async throws {
        let finished = try await run(["-t", "t"] + arguments)
        #expect(finished.status == 2)
        #expect(finished.errorLines.count == 1, "\(finished)")
        #expect(finished.errorText.contains("error: ") && finished.errorText.contains(expected), "\(finished)")
    }

    @Test(
        "no broker at a wrong port or name is 3, told while waiting and at the end",
        arguments: [deadBroker, "no-such-host.invalid:9092"]
    )
    func unreachable(server: String) async throws {
        let finished = try await run(["-b", server, "-t", "t", "-X", "max.block.ms=2000"])
        #expect(finished.status == 3)
        let lines = finished.errorLines
        #expect(lines.first?.hasPrefix("kafka-producer: warning: cannot reach \(server): ") == true)
        #expect(lines.first?.hasSuffix("trying for up to 2 s (max.block.ms)") == true)
        let errors = lines.filter { $0.contains("error: ") }
        #expect(errors.count == 1, "\(finished)")
        #expect(errors.first?.contains("stdin:1: NO_BROKER_REACHABLE: no broker of \(server)") == true)
        for text in ["unknown(", "descriptor:", "errno", "Error("] {
            #expect(!finished.errorText.contains(text), "\(finished)")
        }
        #expect(lines.last?.hasPrefix("kafka-producer: 1 record read, 0 acked, 1 failed;") == true)
    }

    @Test("no broker for an empty input is 3, and two lines")
    func unreachableForNothing() async throws {
        let quick = try await run(["-b", Self.deadBroker, "-t", "t", "-X", "max.block.ms=100"], .nothing)
        #expect(quick.status == 3)
        #expect(quick.errorLines.count == 2, "\(quick)")
        #expect(quick.errorLines.first?.hasPrefix("kafka-producer: error: no broker of ") == true)
        #expect(quick.errorLines.last?.hasPrefix("kafka-producer: 0 records read, 0 acked, 0 failed;") == true)
    }

    @Test("an input that cannot be read is 4, and nothing is sent")
    func unreadable() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let good = try folder.write("a\n", to: "good")
        let cases: [([String], ChildProcessInput.Source, String)] = [
            ([good, folder.path + "/missing"], .nothing, "missing: No such file or directory"),
            ([good, folder.path], .nothing, "it is a directory"), ([], .file(folder.path), "stdin: it is a directory"),
            ([], .closed, "stdin: it is closed"),
        ]
        for (files, input, expected) in cases {
            let finished = try await run(["-b", broker.bootstrap, "-t", "t"] + files, input)
            #expect(finished.status == 4)
            #expect(finished.errorLines.count == 1, "\(finished)")
            #expect(finished.errorText.contains(expected), "\(finished)")
        }
        #expect(await broker.topics["t"] == nil)
        await broker.stop()
    }

    @Test("a read error is not the end of the input: what was read is delivered, and the status is 4")
    func readError() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let good = try folder.write("a\nb", to: "good")
        // Reading the first page of a process's memory fails.
        let finished = try await run(["-b", broker.bootstrap, "-t", "t", good, "/proc/self/mem"])
        #expect(finished.status == 4)
        #expect(finished.errorText.contains("error: reading /proc/self/mem failed after 0 bytes: "), "\(finished)")
        #expect(finished.errorLines.last?.hasPrefix("kafka-producer: 2 records read, 2 acked, 0 failed") == true)
        #expect(try await broker.sent(to: "t") == [SentRecord("a"), SentRecord("b")])
        await broker.stop()
    }

    @Test("a line over max.request.size fails alone, with its place and what to do")
    func oversized() async throws {
        let broker = try await EmbeddedBroker.started()
        let long = [UInt8](repeating: 0x78, count: 5_000_000)
        let finished = try await run(["-b", broker.bootstrap, "-t", "t"], .bytes([97, 10] + long + [10, 98]))
        #expect(finished.status == 1)
        #expect(
            finished.errorLines.first
                == "kafka-producer: error: stdin:2: RECORD_TOO_LARGE: the record of 5,000,000 bytes is larger than "
                + "max.request.size=1048576 allows; raise max.request.size, and the topic's max.message.bytes"
        )
        #expect(finished.errorLines.last?.hasPrefix("kafka-producer: 3 records read, 2 acked, 1 failed;") == true)
        #expect(try await broker.sent(to: "t") == [SentRecord("a"), SentRecord("b")])
        await broker.stop()
    }

    @Test("records that cannot be parted or converted fail alone, and each kind is counted")
    func failedRecords() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await run(
            ["-b", broker.bootstrap, "-t", "t", "-K:", "-X", "value.serializer=Integer"],
            .text("a:1\nb\nc:x\nd:2\ne:y\n")
        )
        #expect(finished.status == 1)
        let lines = finished.errorLines.filter { $0.contains("error:") }
        #expect(
            lines == [
                "kafka-producer: error: stdin:2: NO_KEY_SEPARATOR: there is no key separator \":\" in the record. Correct "
                    + "the line, name another separator with -K, or send such lines without a key (--reader-property "
                    + "ignore.error=true).",
                "kafka-producer: error: 2 records failed with SERIALIZATION, first stdin:3: the value: Integer "
                    + "serializer: expected an integer from -2147483648 to 2147483647, got \"x\". Correct the line, or set "
                    + "another key.serializer or value.serializer.",
            ],
            "\(finished)"
        )
        #expect(finished.errorLines.last?.contains("5 records read, 2 acked, 3 failed;") == true)
        #expect(try await broker.sent(to: "t").map(\.key) == [[97], [100]])
        await broker.stop()
    }

    @Test("a topic that is not there and is not made is 1, and says how to make it")
    func unknownTopic() async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.autoCreateTopics = false
        let broker = try await EmbeddedBroker.start(configuration)
        let finished = try await run(["-b", broker.bootstrap, "-t", "t", "-X", "max.block.ms=500"])
        #expect(finished.status == 1)
        #expect(
            finished.errorLines.first
                == "kafka-producer: error: stdin:1: UNKNOWN_TOPIC_OR_PARTITION: topic t does not exist, and the cluster did "
                + "not make it within max.block.ms. Check the topic's name, or create it: kafka-topics --create --topic "
                + "TOPIC.",
            "\(finished)"
        )
        #expect(finished.errorLines.last?.contains("1 record read, 0 acked, 1 failed;") == true)
        await broker.stop()
    }

    @Test("records that the broker refuses are failed, with its error's name")
    func refusedByBroker() async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.messageMaxBytes = 1000
        let broker = try await EmbeddedBroker.start(configuration)
        let lines = ["a", String(repeating: "x", count: 5000), String(repeating: "b", count: 100)]
        let arguments = ["-b", broker.bootstrap, "-t", "t", "-X", "batch.size=0"]
        let finished = try await run(arguments, .text(lines.joined(separator: "\n")))
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("stdin:2: MESSAGE_TOO_LARGE: t-0"), "\(finished)")
        #expect(finished.errorLines.last?.contains("3 records read, 2 acked, 1 failed;") == true)
        #expect(try await broker.sent(to: "t") == [SentRecord(lines[0]), SentRecord(lines[2])])
        await broker.stop()
    }

    @Test("an empty input is delivered: nothing was read")
    func empty() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await run(["-b", broker.bootstrap, "-t", "t"], .nothing)
        #expect(finished.status == 0)
        #expect(finished.errorText.contains("0 records read, 0 acked, 0 failed;"))
        await broker.stop()
    }
}
