// SPDX-License-Identifier: Apache-2.0
import Testing

/// `kafka-producer broker` with faults and topic settings, as a person starts it.
@Suite("The broker command", .takesTurns, .timeLimit(.minutes(10)))
struct BrokerCommandTests {
    @Test("--faults says how many there are, they happen, and -v logs each one")
    func faults() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("# one\nproduce 1 error NOT_ENOUGH_REPLICAS\nmetadata 1 delay 1ms\n", to: "faults")
        let broker = try await EmbeddedBrokerProcess(["-v", "--faults", file])
        try await KafkaProducerBinary.send(.text("a\n"), to: "t", at: broker.bootstrap)
        let finished = try await broker.stop()
        #expect(finished.status == 0)
        #expect(finished.errorLines.contains("kafka-producer: 2 faults loaded from \(file)"))
        let logged = finished.errorLines.filter { $0.contains("fault=") }
        #expect(logged.count == 2, "\(finished)")
        #expect(logged.contains { $0.contains("produce 1 error NOT_ENOUGH_REPLICAS") })
    }

    @Test("a fault that cannot be read is 2, named with file and line")
    func unreadableFault() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("produce 3 drop\nproduce 4 fail\n", to: "faults")
        let finished = try await KafkaProducerBinary.run(["broker", "--port", "0", "--faults", file])
        #expect(finished.status == 2)
        #expect(finished.errorLines == ["kafka-producer: error: \(file):2: \"fail\" is nothing that can happen"])
        let missing = try await KafkaProducerBinary.run(["broker", "--port", "0", "--faults", folder.path + "/none"])
        #expect(missing.status == 2)
        #expect(missing.errorText.contains("cannot read fault file \(folder.path)/none: No such file or directory"))
    }

    @Test("a topic's max.message.bytes holds until a restart says otherwise, and resend delivers then")
    func topicSettings() async throws {
        let folder = try TemporaryDirectory()
        let data = ["--data-dir", folder.path + "/data"]
        let letters = folder.path + "/failed"
        let first = try await EmbeddedBrokerProcess(data + ["--topic", "t:1,max.message.bytes=100"])
        let words = ["-t", "t", "--dead-letter", letters, "-X", "batch.size=0"]
        let long = String(repeating: "x", count: 200)
        let sent = try await KafkaProducerBinary.run(
            ["-b", first.bootstrap] + words,
            input: .text("short\n\(long)\nbrief\n")
        )
        #expect(sent.status == 1)
        #expect(try LetterLine.all(in: letters).map(\.error) == ["MESSAGE_TOO_LARGE"])
        try await first.stop()
        let second = try await EmbeddedBrokerProcess(data)
        #expect(try await KafkaProducerBinary.run(["resend", "-b", second.bootstrap, letters]).status == 1)
        try await second.stop()
        let third = try await EmbeddedBrokerProcess(data + ["--topic", "t,max.message.bytes=1000"])
        #expect(try await KafkaProducerBinary.run(["resend", "-b", third.bootstrap, letters]).status == 0)
        try await third.stop()
    }

    @Test(
        "a topic that cannot be read is 2",
        arguments: [
            ("t:x", "--topic takes NAME"), ("t,max.message.bytes", "--topic takes NAME"),
            ("t,size=1", "size is none of"),
            ("t,min.insync.replicas=0", "it must be a number from 1"),
            ("t:1,cleanup.policy=compact,delete,retention.ms=x", "retention.ms cannot be x"),
            ("t,replication.factor=2", "there are 1 brokers"),
        ]
    )
    func unreadableTopic(topic: String, expected: String) async throws {
        let finished = try await KafkaProducerBinary.run(["broker", "--port", "0", "--topic", topic])
        #expect(finished.status == 2)
        #expect(finished.errorText.contains(expected), "\(finished)")
    }

    @Test("a port that is taken, a host that is not there: one line in words, with what to do")
    func cannotListen() async throws {
        let first = try await EmbeddedBrokerProcess()
        let port = first.bootstrap.split(separator: ":").last.map(String.init) ?? ""
        for (words, expected) in [
            (
                ["--port", port],
                "cannot listen on 127.0.0.1:\(port): Address already in use; choose another port, or 0 for any"
            ),
            (
                ["--port", "0", "--host", "192.0.2.1"],
                "cannot listen on 192.0.2.1:0: Cannot assign requested address; that is no address of this machine"
            ),
            (
                ["--port", "0", "--host", "no-such-host.invalid"],
                "cannot listen on no-such-host.invalid:0: the host name could not be resolved"
            ),
        ] {
            let finished = try await KafkaProducerBinary.run(["broker"] + words)
            #expect(finished.status == 2)
            #expect(finished.errorLines == ["kafka-producer: error: \(expected)"], "\(finished)")
        }
        try await first.stop()
    }
}
