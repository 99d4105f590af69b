// SPDX-License-Identifier: Apache-2.0
import Testing

/// The command with OAUTHBEARER: tokens of an endpoint of the test, at the embedded broker, which believes what nobody has
/// signed.
@Suite("Logins by token", .timeLimit(.minutes(10)))
struct TokenLoginTests {
    private static let secret = "hunter2-secret"

    private func settings(_ endpoint: TokenEndpoint, _ more: [String: String] = [:]) -> String {
        let package = "org.apache.kafka.common.security.oauthbearer"
        let all = [
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "OAUTHBEARER",
            "sasl.login.callback.handler.class": "\(package).OAuthBearerLoginCallbackHandler",
            "sasl.jaas.config": "\(package).OAuthBearerLoginModule required;",
            "sasl.oauthbearer.token.endpoint.url": endpoint.url,
            "sasl.oauthbearer.client.credentials.client.id": "id",
            "sasl.oauthbearer.client.credentials.client.secret": Self.secret,
        ].merging(more) { $1 }
        return all.map { "\($0.key)=\($0.value)\n" }.sorted().joined()
    }

    @Test("tokens that nobody signs are made without an endpoint")
    func unsecured() async throws {
        let broker = try await EmbeddedBrokerProcess(["--sasl", "OAUTHBEARER"])
        let folder = try TemporaryDirectory()
        let package = "org.apache.kafka.common.security.oauthbearer"
        try folder.write(
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\n"
                + "sasl.jaas.config=\(package).OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"alice\";\n",
            to: "client.properties"
        )
        try await KafkaProducerBinary.send(
            .text("a\nb\n"),
            to: "t",
            at: broker.bootstrap,
            arguments: ["-c", folder.path + "/client.properties"]
        )
    }

    @Test("tokens are replaced, connections log in again, and every line is there once")
    func refreshed() async throws {
        let broker = try await EmbeddedBrokerProcess([
            "--sasl", "OAUTHBEARER", "--reauth-ms", "1000", "--partitions", "1",
        ])
        let endpoint = try await TokenEndpoint(lifetime: 8)
        let folder = try TemporaryDirectory()
        let windows = [
            "sasl.login.refresh.window.factor": "0.5", "sasl.login.refresh.window.jitter": "0",
            "sasl.login.refresh.min.period.seconds": "0", "sasl.login.refresh.buffer.seconds": "0",
        ]
        try folder.write(settings(endpoint, windows), to: "client.properties")
        let words = ["send", "-b", broker.bootstrap, "--topic", "t", "-c", folder.path + "/client.properties"]
        let producer = try ChildProcess(
            TestTools.kafkaProducer(),
            words + ["--receipts", "-", "-X", "linger.ms=0"],
            input: .open,
            directory: folder.path,
            limit: .seconds(120)
        )
        // Line by line, until there was a third token: some 8 s.
        var receipts: [String] = []
        while endpoint.count < 3 {
            producer.write("line \(receipts.count)\n")
            receipts.append(try await producer.nextLine())
        }
        producer.closeInput()
        let finished = try await producer.finish()
        #expect(finished.status == 0, "\(finished.description)")
        #expect(!finished.description.contains(Self.secret))
        // Each line has the next place: nothing is stored twice.
        let offsets = try Receipt.all(in: receipts.joined(separator: "\n")).map(\.offset)
        #expect(offsets == (0..<Int64(receipts.count)).map { $0 })
    }

    @Test("a refresh that fails is a warning, without the secret, and lines go on with the token that is there")
    func notRefreshed() async throws {
        let broker = try await EmbeddedBrokerProcess(["--sasl", "OAUTHBEARER"])
        let endpoint = try await TokenEndpoint(lifetime: 60)
        let folder = try TemporaryDirectory()
        // Two seconds after the first token.
        let windows = ["sasl.login.refresh.min.period.seconds": "1", "sasl.login.refresh.buffer.seconds": "58"]
        try folder.write(settings(endpoint, windows), to: "client.properties")
        let words = ["send", "-b", broker.bootstrap, "--topic", "t", "-c", folder.path + "/client.properties"]
        let producer = try ChildProcess(
            TestTools.kafkaProducer(),
            words + ["--receipts", "-", "-X", "linger.ms=0"],
            input: .open,
            directory: folder.path,
            limit: .seconds(60)
        )
        producer.write("one\n")
        _ = try await producer.nextLine()
        endpoint.refuse("secret \(Self.secret)")
        let warning = try await producer.line(of: .error) { $0.contains("refreshed") }
        let reason = "token endpoint \(endpoint.url): 401 invalid_client - secret [hidden]"
        #expect(warning.hasSuffix("the login could not be refreshed: \(reason); next attempt in 10000 ms"))
        producer.write("two\n")
        _ = try await producer.nextLine()
        producer.closeInput()
        let finished = try await producer.finish()
        #expect(finished.status == 0, "\(finished.description)")
        #expect(!finished.description.contains(Self.secret))
    }

    @Test("a refusal of the endpoint ends the command with status 3, and its reason is told without the secret")
    func refused() async throws {
        let broker = try await EmbeddedBrokerProcess(["--sasl", "OAUTHBEARER"])
        let endpoint = try await TokenEndpoint(lifetime: 60)
        endpoint.refuse("unknown client, secret \(Self.secret)")
        let folder = try TemporaryDirectory()
        try folder.write(settings(endpoint), to: "client.properties")
        let finished = try await KafkaProducerBinary.run(
            ["send", "-b", broker.bootstrap, "--topic", "t", "-c", folder.path + "/client.properties"],
            input: .text("a\n")
        )
        #expect(finished.status == 3)
        let expected = "token endpoint \(endpoint.url): 401 invalid_client - unknown client, secret [hidden]"
        #expect(finished.errorText.contains(expected))
        #expect(!finished.description.contains(Self.secret))
    }
}
