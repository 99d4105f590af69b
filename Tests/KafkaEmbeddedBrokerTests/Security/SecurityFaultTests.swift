// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// What goes wrong on order with handshakes and logins.
@Suite("Security faults", .timeLimit(.minutes(10)))
struct SecurityFaultTests {
    @Test(
        "faults of connections and logins are read and written",
        arguments: [
            ("connection 2 alert 40", Fault(.alert(40), to: .connection, when: .nth(2))),
            ("connection no-answer", Fault(.noAnswer, to: .connection)),
            ("connection close-after 100", Fault(.closeAfter(bytes: 100), to: .connection)),
            (
                "connection 3- certificate new.pem new.key",
                Fault(.certificate(file: "new.pem", keyFile: "new.key"), to: .connection, when: .from(3))
            ),
            (
                "login 3 error SASL_AUTHENTICATION_FAILED",
                Fault(.error(.saslAuthenticationFailed), to: .login, when: .nth(3))
            ),
            ("login wrong-signature", Fault(.wrongSignature, to: .login)),
            ("login iterations 100", Fault(.iterations(100), to: .login)),
            ("login lifetime 1500ms", Fault(.lifetime(.milliseconds(1500)), to: .login)),
            ("login expire-after 200ms", Fault(.expireAfter(.milliseconds(200)), to: .login)),
        ]
    )
    func words(text: String, fault: Fault) throws {
        #expect(try Fault(parsing: text) == fault)
        #expect("\(fault)" == text)
    }

    @Test(
        "what cannot happen there is refused",
        arguments: [
            "login drop", "login alert 40", "login topic t lifetime 1s", "connection wrong-signature",
            "connection error NOT_ENOUGH_REPLICAS", "produce alert 40", "any lifetime 1s", "connection alert 256",
            "connection certificate a.pem", "login iterations 0",
        ]
    )
    func refused(text: String) {
        #expect(throws: EmbeddedBrokerError.self) { _ = try Fault(parsing: text) }
    }

    /// A broker that wants a login.
    private static func withLogin(
        _ faults: String...,
        body: (EmbeddedBroker, TestClient) async throws -> Void
    ) async throws {
        let parsed = try faults.map { try Fault(parsing: $0) }
        try await withBroker {
            $0.security.mechanisms = [.plain, .scramSHA256]
            $0.security.users = ["alice": "secret"]
            $0.faults = FaultScript(parsed)
        } _: { broker, client in
            try await body(broker, client)
        }
    }

    private static let password = SaslAuthenticateRequest(authBytes: ByteBuffer(string: "\0alice\0secret"))

    @Test("the n-th login fails though its password is right, and the next one does not")
    func nthLogin() async throws {
        try await Self.withLogin("login 1 error SASL_AUTHENTICATION_FAILED") { broker, client in
            _ = try await client.send(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            let refused = try await client.send(Self.password, version: 2)
            #expect(refused.errorCode == .saslAuthenticationFailed)
            #expect(try await client.nextFrame() == nil)
            let second = try await TestClient.connect(port: broker.ports[0])
            _ = try await second.send(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            #expect(try await second.send(Self.password, version: 2).errorCode == .none)
            #expect(try await second.send(MetadataRequest(topics: []), version: 9).brokers.count == 1)
            await second.close()
        }
    }

    @Test("a step of a login that a fault refuses ends the connection, and nobody is logged in")
    func step() async throws {
        try await Self.withLogin("sasl-authenticate error SASL_AUTHENTICATION_FAILED") { _, client in
            _ = try await client.send(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            #expect(try await client.send(Self.password, version: 2).errorCode == .saslAuthenticationFailed)
            #expect(try await client.nextFrame() == nil)
        }
    }

    @Test("a login that ends in silence is not told of, and the next request ends the connection")
    func silentEnd() async throws {
        try await Self.withLogin("login expire-after 0ms") { _, client in
            _ = try await client.send(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            let response = try await client.send(Self.password, version: 2)
            #expect(response.errorCode == .none && response.sessionLifetimeMs == 0)
            _ = await #expect(throws: ConnectionClosed.self) {
                _ = try await client.send(MetadataRequest(topics: []), version: 9)
            }
        }
    }

    @Test("a client of SCRAM is told the rounds that are wanted")
    func iterations() async throws {
        try await Self.withLogin("login iterations 17") { _, client in
            _ = try await client.send(SaslHandshakeRequest(mechanism: "SCRAM-SHA-256"), version: 1)
            let first = SaslAuthenticateRequest(authBytes: ByteBuffer(string: "n,,n=alice,r=abc"))
            let response = try await client.send(first, version: 2)
            #expect(String(buffer: response.authBytes).hasSuffix(",i=17"))
        }
    }

    @Test("the whole of a listener with SASL: before, refusals, the limit, and what is served afterwards")
    func listener() async throws {
        try await Self.withLogin { broker, client in
            #expect(
                try await client.send(
                    ApiVersionsRequest(clientSoftwareName: "a", clientSoftwareVersion: "1"),
                    version: 3
                ).errorCode == .none
            )
            let offered = try await client.send(SaslHandshakeRequest(mechanism: "GSSAPI"), version: 1)
            #expect(offered.errorCode == .unsupportedSASLMechanism)
            #expect(offered.mechanisms == ["PLAIN", "SCRAM-SHA-256"])
            #expect(try await client.nextFrame() == nil)
            let hasty = try await TestClient.connect(port: broker.ports[0])
            _ = await #expect(throws: ConnectionClosed.self) {
                _ = try await hasty.send(MetadataRequest(topics: []), version: 9)
            }
            let large = try await TestClient.connect(port: broker.ports[0])
            try await large.write(ByteBuffer(integer: Int32(SASLLogin.largestRequest + 1)))
            #expect(try await large.nextFrame() == nil)
        }
    }

    @Test("a listener without SASL says so")
    func withoutLogin() async throws {
        try await withBroker { _, client in
            let handshake = try await client.send(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            #expect(handshake == SaslHandshakeResponse(errorCode: .illegalSASLState))
            #expect(try await client.send(Self.password, version: 2).errorCode == .illegalSASLState)
            #expect(try await client.send(MetadataRequest(topics: []), version: 9).brokers.count == 1)
        }
    }

    @Test("an alert comes instead of a handshake, and the connection ends")
    func alert() async throws {
        try await withBroker {
            $0.faults = FaultScript([Fault(.alert(40), to: .connection)])
        } _: { _, client in
            // A client of TLS speaks first.
            try await client.write(ByteBuffer(bytes: [0x16, 0x03, 0x01, 0x00, 0x00]))
            #expect(try await client.nextFrame() == nil)
        }
    }

    @Test("a connection ends after so many bytes")
    func closeAfter() async throws {
        try await withBroker {
            $0.faults = FaultScript([Fault(.closeAfter(bytes: 10), to: .connection)])
        } _: { _, client in
            _ = await #expect(throws: ConnectionClosed.self) {
                _ = try await client.send(MetadataRequest(topics: []), version: 9)
            }
        }
    }

    @Test("each listener tells its clients its own address, and only one of them wants a login")
    func plaintext() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.plaintextPort = 0
            $0.advertisedHost = "localhost"
            $0.security.mechanisms = [.plain]
            $0.security.users = ["alice": "secret"]
        } _: { broker, client in
            _ = try await client.send(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            _ = try await client.send(Self.password, version: 2)
            let main = try await client.send(MetadataRequest(topics: []), version: 9)
            #expect(main.brokers.map { "\($0.host):\($0.port)" } == broker.bootstrapServers)
            let port = try #require(broker.plaintextServers.first?.split(separator: ":").last.flatMap { Int($0) })
            let plain = try await TestClient.connect(port: port)
            let other = try await plain.send(MetadataRequest(topics: []), version: 9)
            #expect(other.brokers.map { "\($0.host):\($0.port)" } == broker.plaintextServers)
            await plain.close()
        }
    }

    @Test("a certificate is changed while the broker runs; one that cannot be read leaves it as it was")
    func certificate() async throws {
        let authority = try CertificateAuthority()
        let (first, second) = (try authority.server(hosts: ["localhost"]), try authority.server(hosts: ["other"]))
        var configuration = EmbeddedBroker.Configuration()
        configuration.security.tls = EmbeddedBroker.TLS(certificate: .text(first.certificate), key: .text(first.key))
        let broker = try await EmbeddedBroker.start(configuration, logger: .silent)
        try await broker.changeCertificate(
            EmbeddedBroker.TLS(certificate: .text(second.certificate), key: .text(second.key))
        )
        _ = await #expect(throws: EmbeddedBrokerError.self) {
            try await broker.changeCertificate(
                EmbeddedBroker.TLS(certificate: .text(second.certificate), key: .text(first.key))
            )
        }
        await broker.stop()
        try await withBroker { plain, _ in
            _ = await #expect(throws: EmbeddedBrokerError.self) {
                try await plain.changeCertificate(
                    EmbeddedBroker.TLS(certificate: .text(second.certificate), key: .text(second.key))
                )
            }
        }
    }

    @Test("settings that cannot be are refused before a port is taken")
    func objections() async throws {
        let authority = try CertificateAuthority()
        let server = try authority.server(hosts: ["localhost"])
        let changes: [@Sendable (inout EmbeddedBroker.Configuration) -> Void] = [
            { $0.security.mechanisms = [.plain] }, { $0.security.users = ["a": "b"] },
            {
                $0.security.mechanisms = [.plain]; $0.security.users = ["a": ""]
            },
            { $0.security.mechanisms = [.oauthBearer, .oauthBearer] }, { $0.security.sessionLifetime = .seconds(1) },
            {
                $0.security.mechanisms = [.oauthBearer]; $0.security.sessionLifetime = .zero
            },
            { $0.advertisedHost = "" }, { $0.plaintextPort = 65_536 },
            { $0.security.tls = .init(certificate: .file("/nonexistent"), key: .text(server.key)) },
            { $0.security.tls = .init(certificate: .text(server.key), key: .text(server.key)) },
            { $0.security.tls = .init(certificate: .text(server.certificate), key: .text("x")) },
            { $0.security.tls = .init(certificate: .text(authority.identity.certificate), key: .text(server.key)) },
        ]
        for (number, change) in changes.enumerated() {
            var configuration = EmbeddedBroker.Configuration()
            change(&configuration)
            let error = await failure(starting: configuration)
            #expect(error?.code == .invalidConfiguration, "\(number)")
            #expect(error?.message.contains("PRIVATE") == false, "\(number)")
        }
    }
}
