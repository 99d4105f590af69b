// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What the built command and its doctor say when security settings do not fit a Kafka broker, and when nobody gives a token.
@Suite("Logins and listeners that do not fit", .takesTurns, .timeLimit(.minutes(10)))
struct LoginMismatchTests {
    private static let security = "org.apache.kafka.common.security"

    /// A broker's options, a client that does not fit it, and what is told.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var isSecured = false
        var broker: [String] = []
        var settings: [String] = []
        var layer = "SASL"
        var status: Int32 = 3
        let words: [String]
    }

    private static func login(_ mechanism: String, _ password: String) -> [String] {
        let module = mechanism == "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule"
        return [
            "sasl.mechanism=\(mechanism)",
            "sasl.jaas.config=\(security).\(module) required username=\"alice\" password=\"\(password)\";",
        ]
    }

    private static let users = ["--user", "alice:right"]

    private static let cases = [
        Case(
            testDescription: "a client without TLS, a listener with it",
            isSecured: true,
            settings: ["security.protocol=PLAINTEXT"],
            layer: "TLS",
            words: ["looks like TLS: set security.protocol to SSL, or to SASL_SSL"]
        ),
        Case(
            testDescription: "a login without TLS, a listener with both",
            isSecured: true,
            broker: ["--sasl", "PLAIN"] + users,
            settings: ["security.protocol=SASL_PLAINTEXT"] + login("PLAIN", "right"),
            layer: "TLS",
            words: ["looks like TLS: set security.protocol to SSL, or to SASL_SSL"]
        ),
        Case(
            testDescription: "a client with TLS, a listener without",
            layer: "TLS",
            words: ["the TLS handshake", "without TLS", "security.protocol"]
        ),
        Case(
            testDescription: "a login that is not wanted",
            settings: ["security.protocol=SASL_PLAINTEXT"] + login("PLAIN", "right"),
            words: ["has a listener without SASL: set security.protocol to SSL or PLAINTEXT"]
        ),
        Case(
            testDescription: "a login that is missing",
            broker: ["--sasl", "PLAIN"] + users,
            settings: ["security.protocol=PLAINTEXT"],
            words: ["looks like a SASL listener", "set security.protocol to SASL_PLAINTEXT"]
        ),
        Case(
            testDescription: "a login that is missing in TLS",
            isSecured: true,
            broker: ["--sasl", "PLAIN"] + users,
            words: ["looks like a SASL listener", "or to SASL_SSL in place of SSL"]
        ),
        Case(
            testDescription: "another mechanism",
            broker: ["--sasl", "PLAIN,SCRAM-SHA-256"] + users,
            settings: ["security.protocol=SASL_PLAINTEXT"] + login("SCRAM-SHA-512", "right"),
            words: ["does not offer SCRAM-SHA-512; it offers PLAIN, SCRAM-SHA-256: set sasl.mechanism"]
        ),
        Case(
            testDescription: "a wrong password, PLAIN",
            broker: ["--sasl", "PLAIN"] + users,
            settings: ["security.protocol=SASL_PLAINTEXT"] + login("PLAIN", "hush"),
            words: [
                "refused the login of alice (PLAIN): Authentication failed: Invalid username or password; ",
                "correct the name and the password in sasl.jaas.config",
            ]
        ),
        Case(
            testDescription: "a wrong password, SCRAM over TLS",
            isSecured: true,
            broker: ["--sasl", "SCRAM-SHA-512"] + users,
            settings: ["security.protocol=SASL_SSL"] + login("SCRAM-SHA-512", "hush"),
            words: [
                "refused the login of alice (SCRAM-SHA-512): ",
                "; correct the name and the password in sasl.jaas.config",
            ]
        ),
        Case(
            testDescription: "a right that is missing",
            broker: ["--sasl", "PLAIN"] + users + ["--allow", "User:bob All Topic:*"],
            settings: ["security.protocol=SASL_PLAINTEXT"] + login("PLAIN", "right"),
            layer: "",
            status: 1,
            words: [
                "TOPIC_AUTHORIZATION_FAILED: t: ", "Allow the client's principal to Write to the topic: kafka-acls",
            ]
        ),
    ]

    @Test("it is told within seconds, in one line with what to do, by the load and by the doctor", arguments: cases)
    func told(_ mismatch: Case) async throws {
        let files = try MismatchFiles()
        var options = mismatch.broker
        if mismatch.isSecured {
            let identity = try files.server()
            options += ["--tls-cert", identity.certificate, "--tls-key", identity.key]
        }
        let broker = try await EmbeddedBrokerProcess(options)
        let settings = try files.settings(files.trust + Told.patience + mismatch.settings)
        try await Told.bySend(to: broker.bootstrap, settings, mismatch.words, status: mismatch.status)
        if !mismatch.layer.isEmpty {
            let words = mismatch.layer == "TLS" && mismatch.words.count > 1 ? ["TLS handshake"] : mismatch.words
            try await Told.byDoctor(of: broker.bootstrap, settings, words, failedAt: mismatch.layer)
        }
        try await broker.stop()
    }

    @Test("a broker that advertises a listener that does not fit is told with that address and advertised.listeners")
    func advertised() async throws {
        let files = try MismatchFiles()
        let identity = try files.server(hosts: ["127.0.0.1"])
        let broker = try await EmbeddedBrokerProcess([
            "--tls-cert", identity.certificate, "--tls-key", identity.key, "--advertise", "localhost",
        ])
        let port = broker.bootstrap.split(separator: ":").last ?? ""
        // Longer than the second after which an absence is told.
        let times = ["delivery.timeout.ms=4000", "request.timeout.ms=500", "linger.ms=0"]
        let settings = try files.settings(files.trust + times)
        let finished = try await KafkaProducerBinary.run(
            ["-t", "t", "-b", "127.0.0.1:\(port)", "-c", settings],
            input: .bytes(Array("a\n".utf8))
        )
        #expect(finished.status == 1, "\(finished)")
        let words = "localhost:\(port) (id 1) shows a certificate for 127.0.0.1, not for localhost: "
        let warning = finished.errorLines.first { $0.contains(words) }
        #expect(warning?.contains("; the broker advertises that address: see its advertised.listeners") == true)
        let found = [
            "broker 1 at localhost:\(port)", "it shows a certificate for 127.0.0.1",
            "do advertised.listeners of broker 1",
        ]
        try await Told.byDoctor(of: "127.0.0.1:\(port)", settings, found, failedAt: "TLS")
        try await broker.stop()
    }

    // MARK: tokens

    private static func tokens(_ url: String, options: String = "") -> [String] {
        [
            "security.protocol=SASL_PLAINTEXT", "sasl.mechanism=OAUTHBEARER",
            "sasl.login.callback.handler.class=\(security).oauthbearer.OAuthBearerLoginCallbackHandler",
            "sasl.jaas.config=\(security).oauthbearer.OAuthBearerLoginModule required\(options);",
            "sasl.oauthbearer.token.endpoint.url=\(url)", "sasl.oauthbearer.client.credentials.client.id=id",
            "sasl.oauthbearer.client.credentials.client.secret=hush", "sasl.login.retry.backoff.max.ms=200",
        ]
    }

    @Test(
        "a token endpoint that is down is told by its address, also by a doctor whose time is over before the last attempt"
    )
    func endpointDown() async throws {
        let files = try MismatchFiles()
        let broker = try await EmbeddedBrokerProcess(["--sasl", "OAUTHBEARER"])
        let settings = try files.settings(Self.tokens("http://127.0.0.1:1/token"))
        let words = ["the login is not possible: token endpoint http://127.0.0.1:1/token: Connection refused"]
        try await Told.bySend(to: broker.bootstrap, settings, words)
        let found = ["there is nothing to log in with: token endpoint http://127.0.0.1:1/token: Connection refused"]
        try await Told.byDoctor(of: broker.bootstrap, settings, found, failedAt: "SASL")
        let long = try files.settings(
            Self.tokens("http://127.0.0.1:1/token") + ["sasl.login.retry.backoff.max.ms=3600000"]
        )
        let limit = ["--layer-timeout", "1000"]
        try await Told.byDoctor(of: broker.bootstrap, long, found, failedAt: "SASL", options: limit)
        try await broker.stop()
    }

    @Test(
        "a token endpoint that is not trusted is told as an endpoint, with the place of its own ssl settings",
        .needsPeers
    )
    func endpointUntrusted() async throws {
        let files = try MismatchFiles()
        let peer = try await ForeignPeer(.openSSL, ForeignPeer.Server(identity: try files.server()))
        let options = #" ssl.truststore.type="PEM" ssl.truststore.location="\#(files.otherCA)""#
        let settings = try files.settings(Self.tokens("https://\(peer.place)/token", options: options))
        let words = [
            "token endpoint https://\(peer.place)/token: it shows a certificate (CN=localhost, issued by CN=Test CA)",
            "set ssl.truststore.location to a store with the endpoint's CA", "ssl.* are options in sasl.jaas.config",
        ]
        try await Told.bySend(to: "127.0.0.1:1", settings, words)
    }

    @Test(
        "a token that the broker refuses is told with the issuer's clock, when that is another one",
        .needsPeers,
        arguments: [(-7200, "s ahead of that of the token endpoint"), (7200, "s behind that of the token endpoint")]
    )
    func clockSkew(ahead: Int, words: String) async throws {
        let files = try MismatchFiles()
        let broker = try await EmbeddedBrokerProcess(["--sasl", "OAUTHBEARER"])
        let issuer = try await ForeignPeer(python: "tokens", ["--ahead=\(ahead)"])
        let settings = try files.settings(Self.tokens("http://\(issuer.place)/token") + Told.patience)
        let login = "the login of alice (OAUTHBEARER): "
        try await Told.bySend(to: broker.bootstrap, settings, [login, "this machine's clock is ", words])
        let found = ["warning clock this machine's clock is ", words, "set this machine's clock"]
        let finished = try await KafkaProducerBinary.run(["doctor", "-b", broker.bootstrap, "-c", settings])
        let text = finished.outputText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for word in found { #expect(text.contains(word), "\(word): \(finished)") }
        try await broker.stop()
    }

    @Test("with an issuer whose clock agrees the doctor says so, and nothing has failed", .needsPeers)
    func clockAgrees() async throws {
        let files = try MismatchFiles()
        let broker = try await EmbeddedBrokerProcess(["--sasl", "OAUTHBEARER"])
        let issuer = try await ForeignPeer(python: "tokens")
        let settings = try files.settings(Self.tokens("http://\(issuer.place)/token"))
        let finished = try await KafkaProducerBinary.run(["doctor", "-b", broker.bootstrap, "-c", settings])
        #expect(finished.status == 0, "\(finished)")
        let text = finished.outputText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("ok clock this machine's clock and that of the token endpoint differ by less than"))
        try await broker.stop()
    }

    // MARK: others

    @Test("a name that nobody knows is told by the doctor at its layer")
    func unknownName() async throws {
        // A label of more than 63 letters: no name server is asked.
        let name = String(repeating: "x", count: 64) + ".example"
        let settings = try MismatchFiles()
        let file = try settings.settings(["security.protocol=PLAINTEXT"])
        try await Told.byDoctor(of: "\(name):9092", file, ["\(name) cannot be resolved: "], failedAt: "DNS")
    }

    @Test(
        "--embedded with settings for TLS or a login is refused before anything is made",
        arguments: [["security.protocol=SSL"], ["security.protocol=SASL_SSL"] + login("PLAIN", "hush")]
    )
    func embedded(lines: [String]) async throws {
        let files = try MismatchFiles()
        let file = try files.settings(lines)
        let data = files.path("data")
        let load = ["--num-records", "1", "--record-size", "1"]
        for words in [["-t", "t"], ["perf", "-t", "t"] + load] {
            let finished = try await KafkaProducerBinary.run(words + ["-c", file, "--embedded", data])
            #expect(finished.status == 2, "\(finished)")
            let errors = finished.errorLines.filter { $0.hasPrefix("kafka-producer: error: ") }
            let start =
                "kafka-producer: error: \(file):1: --embedded starts a broker in plain text without logins, and "
            #expect(errors.count == 1 && errors.first?.hasPrefix(start) == true, "\(finished)")
            #expect(!finished.errorText.contains("hush"))
        }
        #expect(!FileManager.default.fileExists(atPath: data))
    }
}
