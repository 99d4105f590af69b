// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import NIOCore
import NIOPosix
import Testing

/// `kafka-producer doctor` as a user runs it, against brokers of this program.
@Suite("The doctor", .takesTurns, .timeLimit(.minutes(10)))
struct DoctorCommandTests {
    private static func doctor(_ arguments: [String]) async throws -> FinishedProcess {
        try await KafkaProducerBinary.run(["doctor"] + arguments)
    }

    /// The report as if no line had been too long.
    private static func flowing(_ finished: FinishedProcess) -> String {
        finished.outputLines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }

    @Test("a cluster in plain text is told layer by layer, and nothing is written or made")
    func plain() async throws {
        let broker = try await EmbeddedBrokerProcess(["--brokers", "2", "--topic", "orders:3"])
        let finished = try await Self.doctor(["-b", broker.bootstrap, "-t", "orders"])
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.outputText.contains("3 partitions, leaders on 2 of 2 brokers"), "\(finished)")
        #expect(finished.outputLines.last?.hasPrefix("nothing has failed: ") == true)
        #expect(finished.outputLines.allSatisfy { $0.count <= 80 }, "\(finished)")
        let missing = try await Self.doctor(["-b", broker.bootstrap, "-t", "missing"])
        #expect(
            missing.status == 0 && missing.outputText.contains("warning  topic        it does not exist"),
            "\(missing)"
        )
        // The first question made none.
        let again = try await Self.doctor(["-b", broker.bootstrap, "-t", "missing"])
        #expect(again.outputText.contains("it does not exist"), "\(again)")
        try await broker.stop()
    }

    @Test("a topic that nobody makes is a failure of the layer topic")
    func missing() async throws {
        let broker = try await EmbeddedBrokerProcess(["--no-auto-create-topics"])
        let finished = try await Self.doctor(["-b", broker.bootstrap, "-t", "missing"])
        #expect(finished.status == 3, "\(finished)")
        #expect(finished.outputLines.last?.hasPrefix("failed at topic (topic missing)") == true, "\(finished)")
        try await broker.stop()
    }

    @Test("a broker that the cluster advertises and nobody reaches is named with advertised.listeners")
    func unreachable() async throws {
        // It listens on 127.0.0.1 only.
        let broker = try await EmbeddedBrokerProcess(["--advertise", "127.0.0.2"])
        let port = try #require(broker.bootstrap.split(separator: ":").last)
        let finished = try await Self.doctor(["-b", "127.0.0.1:\(port)"])
        #expect(finished.status == 3, "\(finished)")
        #expect(finished.outputText.contains("broker 1 at 127.0.0.2:\(port)"), "\(finished)")
        #expect(Self.flowing(finished).contains("mend advertised.listeners of broker 1"), "\(finished)")
        #expect(finished.outputLines.last?.hasPrefix("failed at TCP (broker 1 at 127.0.0.2:") == true, "\(finished)")
        // Nobody listens there.
        let closed = try await Self.doctor(["-b", "127.0.0.2:\(port)"])
        #expect(closed.status == 3 && closed.outputText.contains("Connection refused"), "\(closed)")
        // One server of several is enough.
        let both = try await Self.doctor(["-b", "127.0.0.2:\(port),127.0.0.1:\(port)"])
        #expect(both.outputText.contains("warning  TCP          Connection refused"), "\(both)")
        try await broker.stop()
    }

    @Test("a secured cluster is told with its certificates and its login, and no secret is shown")
    func secured() async throws {
        let folder = try TemporaryDirectory()
        let broker = try await EmbeddedBrokerProcess(["--dev-security", folder.path, "--topic", "orders"])
        let file = folder.path + "/client.properties"
        let finished = try await Self.doctor(["-v", "-c", file, "-t", "orders"])
        #expect(finished.status == 0, "\(finished)")
        for words in [
            "TLSv1.3, TLS_", "certificate CN=localhost", "days left", "trusted by \(folder.path)/ca.pem",
            "logged in as dev",
            "clock", "[hidden]",
        ] { #expect(Self.flowing(finished).contains(words), "\(words): \(finished)") }
        let users = try String(contentsOfFile: folder.path + "/users.txt", encoding: .utf8)
        let line = users.split(separator: "\n").last { !$0.hasPrefix("#") } ?? ""
        let password = try #require(line.split(separator: ":", maxSplits: 1).last)
        #expect(!finished.outputText.contains(password) && !finished.errorText.contains(password))
        try await broker.stop()
    }

    @Test("what is wrong with TLS and the login is told at its layer")
    func refused() async throws {
        let (folder, other) = (try TemporaryDirectory(), try TemporaryDirectory())
        let broker = try await EmbeddedBrokerProcess(["--dev-security", folder.path])
        try await EmbeddedBrokerProcess(["--dev-security", other.path]).stop()
        let file = folder.path + "/client.properties"
        let module = "org.apache.kafka.common.security.scram.ScramLoginModule"
        let cases = [
            (
                ["-X", "sasl.jaas.config=\(module) required username=\"dev\" password=\"wr0ng\";"], "SASL",
                "refused the login"
            ),
            (["-X", "ssl.truststore.location=\(other.path)/ca.pem"], "TLS", "that no CA in"),
            (["-X", "security.protocol=SSL"], "SASL", "looks like a SASL listener"),
            (["-X", "security.protocol=PLAINTEXT"], "TLS", "looks like TLS"),
        ]
        for (arguments, layer, words) in cases {
            let finished = try await Self.doctor(["-c", file] + arguments)
            #expect(finished.status == 3, "\(finished)")
            #expect(finished.outputLines.last?.hasPrefix("failed at \(layer) (bootstrap ") == true, "\(finished)")
            #expect(Self.flowing(finished).contains(words), "\(finished)")
            #expect(!finished.outputText.contains("wr0ng"))
        }
        try await broker.stop()
    }

    @Test("--json prints one object")
    func json() async throws {
        let broker = try await EmbeddedBrokerProcess()
        for options in [["--json", "-b", broker.bootstrap], ["-b", broker.bootstrap, "--json", "-t", "t"]] {
            let finished = try await Self.doctor(options)
            #expect(finished.status == 0 && finished.outputLines.count == 1, "\(finished)")
            let object = try JSONSerialization.jsonObject(with: Data(finished.output)) as? [String: Any]
            #expect(object?["status"] as? String == (options.contains("-t") ? "warning" : "ok"))
            let cluster = object?["cluster"] as? [String: Any]
            #expect((cluster?["brokers"] as? [[String: Any]])?.count == 1)
            #expect((object?["findings"] as? [[String: Any]])?.isEmpty == false)
        }
        try await broker.stop()
    }

    @Test(
        "wrong settings end with status 2",
        arguments: [
            ["-b", "a"], ["-X", "acks=7", "-b", "a:1"], ["-b", "a:1", "-t", "?"],
            ["-b", "a:1", "-X", "transaction.two.phase.commit.enable=true"],
        ]
    )
    func settings(arguments: [String]) async throws {
        let finished = try await Self.doctor(arguments)
        #expect(finished.status == 2 && finished.output.isEmpty && !finished.error.isEmpty, "\(finished)")
    }

    @Test("with client.dns.lookup for canonical names those are inspected")
    func canonical() async throws {
        let broker = try await EmbeddedBrokerProcess()
        let port = try #require(broker.bootstrap.split(separator: ":").last)
        let lookup = ["-X", "client.dns.lookup=resolve_canonical_bootstrap_servers_only"]
        let finished = try await Self.doctor(["-b", "127.0.0.1:\(port)"] + lookup)
        #expect(finished.status == 0, "\(finished)")
        // The name that this machine has for the address, if it has one.
        let server = BrokerAddress(nodeID: nil, host: "127.0.0.1", port: try #require(Int(port)))
        for name in BootstrapResolver.canonicalServers([server]) {
            #expect(finished.outputLines.contains("bootstrap \(name)"), "\(finished)")
        }
    }

    @Test("a peer that says nothing is given up after the time of a layer")
    func silent() async throws {
        let peer = try await SilentPeer()
        let finished = try await Self.doctor(["-b", peer.place, "--layer-timeout", "200"])
        #expect(finished.status == 3, "\(finished)")
        #expect(finished.outputText.contains("no answer to the first request"), "\(finished)")
        #expect(finished.outputLines.last?.hasPrefix("failed at ApiVersions") == true, "\(finished)")
    }

    @Test("a signal ends it with what is known")
    func signal() async throws {
        let peer = try await SilentPeer()
        let words = ["doctor", "-b", peer.place, "--layer-timeout", "3600000"]
        let child = try ChildProcess(TestTools.kafkaProducer(), words)
        await peer.wasAsked()
        child.signal(SIGINT)
        let finished = try await child.finish()
        #expect(finished.status == 130, "\(finished)")
        #expect(finished.outputText.contains("TCP          127.0.0.1 connected in"), "\(finished)")
        #expect(finished.outputLines.last?.hasPrefix("ended by a signal") == true, "\(finished)")
    }
}

/// A peer that takes connections and questions, and answers nothing.
private final class SilentPeer: Sendable {
    private let listener: any Channel
    private let questions: AsyncStream<Void>

    init() async throws {
        let (questions, continuation) = AsyncStream.makeStream(of: Void.self)
        self.questions = questions
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Listener(continuation))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    deinit { listener.close(promise: nil) }

    /// Where it listens.
    var place: String { "127.0.0.1:\(listener.localAddress?.port ?? 0)" }

    /// Waits until something was asked.
    func wasAsked() async { for await _ in questions { return } }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<Void>.Continuation
        init(_ continuation: AsyncStream<Void>.Continuation) { self.continuation = continuation }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield() }
    }
}
