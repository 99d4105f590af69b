// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// What a listener with SASL makes of requests, in Kafka's order of things.
@Suite("SASL login")
struct SASLLoginTests {
    private static let alice = Array("\0alice\0secret".utf8)
    private static let all = EmbeddedBroker.SASLMechanism.allCases.map(\.rawValue)

    private static func login(lifetime: Duration? = nil) -> SASLLogin {
        var security = EmbeddedBroker.Security()
        security.mechanisms = EmbeddedBroker.SASLMechanism.allCases
        security.users = ["alice": "secret", "bob": "secret"]
        security.sessionLifetime = lifetime
        return SASLLogin(security, users: SASLUsers(security.users))
    }

    private static func at(_ milliseconds: Int64) -> Moment {
        Moment(uptime: .uptimeNanoseconds(UInt64(10_000 + milliseconds) * 1_000_000), milliseconds: milliseconds)
    }

    /// A login by PLAIN that has succeeded at time 0.
    private static func ready(lifetime: Duration? = nil) -> SASLLogin {
        var login = login(lifetime: lifetime)
        _ = login.received(.handshake(mechanism: "PLAIN", version: 1), at: at(0))
        _ = login.received(.authenticate(alice, version: 2), at: at(0))
        return login
    }

    @Test("ApiVersions, SaslHandshake and a token lead to requests being served")
    func good() {
        var login = Self.login()
        #expect(login.received(.apiVersions(isServed: true), at: Self.at(0)) == .serve)
        let offer = SASLHandshakeAnswer(errorCode: .none, mechanisms: Self.all)
        #expect(login.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(0)) == .handshake(offer))
        #expect(login.name == nil)
        #expect(login.received(.authenticate(Self.alice, version: 2), at: Self.at(0)) == .token(SASLTokenAnswer()))
        #expect(login.name == "alice")
        #expect(login.received(.other(.metadata), at: Self.at(1)) == .serve)
        #expect(login.received(.apiVersions(isServed: true), at: Self.at(1)) == .serve)
    }

    @Test("ApiVersions may be asked once, and again only after a version that is not served")
    func versions() {
        var login = Self.login()
        #expect(login.received(.apiVersions(isServed: false), at: Self.at(0)) == .serve)
        #expect(login.received(.apiVersions(isServed: true), at: Self.at(0)) == .serve)
        guard case .close = login.received(.apiVersions(isServed: true), at: Self.at(0)) else {
            Issue.record("the third question is answered")
            return
        }
    }

    @Test(
        "before SaslHandshake nothing else is answered",
        arguments: [SASLLogin.Request.other(.metadata), .other(.produce), .authenticate(alice, version: 2)]
    )
    func before(request: SASLLogin.Request) {
        var login = Self.login()
        guard case .refuse(nil, _) = login.received(request, at: Self.at(0)) else {
            Issue.record("it is answered")
            return
        }
        guard case .close = login.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(0)) else {
            Issue.record("the connection goes on")
            return
        }
    }

    @Test("a mechanism that is not offered is refused with those that are")
    func mechanism() {
        var login = Self.login()
        let verdict = login.received(.handshake(mechanism: "plain", version: 1), at: Self.at(0))
        guard case .refuse(.handshake(let answer)?, _) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(answer == SASLHandshakeAnswer(errorCode: .unsupportedSASLMechanism, mechanisms: Self.all))
    }

    @Test(
        "a wrong token is refused with Kafka's words",
        arguments: [
            ("PLAIN", "\0alice\0wrong", "Authentication failed: Invalid username or password"),
            ("PLAIN", "\0nobody\0secret", "Authentication failed: Invalid username or password"),
            ("PLAIN", "\0\0secret", "Authentication failed: username not specified"),
            ("PLAIN", "\0alice\0", "Authentication failed: password not specified"),
            ("PLAIN", "alice\0secret", "Invalid SASL/PLAIN response: expected 3 tokens, got 2"),
            ("PLAIN", "\0alice\0secret\0x\0y", "Invalid SASL/PLAIN response: expected 3 tokens, got 4"),
            (
                "PLAIN", "bob\0alice\0secret",
                "Authentication failed: Client requested an authorization id that is different from username"
            ),
            (
                "SCRAM-SHA-512", "n,,n=nobody,r=abc",
                "Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512"
            ),
            (
                "OAUTHBEARER", "x",
                "Authentication failed during authentication due to invalid credentials with SASL mechanism OAUTHBEARER"
            ),
        ]
    )
    func refused(mechanism: String, token: String, words: String) {
        var login = Self.login()
        _ = login.received(.handshake(mechanism: mechanism, version: 1), at: Self.at(0))
        let verdict = login.received(.authenticate(Array(token.utf8), version: 1), at: Self.at(0))
        guard case .refuse(.token(let answer)?, let reason) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(answer == SASLTokenAnswer(errorCode: .saslAuthenticationFailed, errorMessage: words))
        #expect(!reason.contains("secret") && !reason.contains("wrong"))
        #expect(login.name == nil)
    }

    @Test("after version 0 of the handshake tokens have no header, and a failure no answer")
    func raw() {
        var login = Self.login()
        _ = login.received(.handshake(mechanism: "PLAIN", version: 0), at: Self.at(0))
        #expect(login.expectsRawToken)
        #expect(login.received(.rawToken(Self.alice), at: Self.at(0)) == .rawToken([]))
        #expect(!login.expectsRawToken)
        var other = Self.login()
        _ = other.received(.handshake(mechanism: "PLAIN", version: 0), at: Self.at(0))
        guard case .refuse(nil, _) = other.received(.rawToken(Array("\0alice\0no".utf8)), at: Self.at(0)) else {
            Issue.record("the failure is answered")
            return
        }
    }

    @Test("another request during the login is answered with ILLEGAL_SASL_STATE, and ends it")
    func during() {
        var login = Self.login()
        _ = login.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(0))
        let verdict = login.received(.other(.metadata), at: Self.at(0))
        guard case .refuse(.error(.illegalSASLState)?, _) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    @Test("without a lifetime a second handshake and a further token get ILLEGAL_SASL_STATE, and the login holds")
    func afterwards() {
        var login = Self.ready()
        let refusal = SASLHandshakeAnswer(errorCode: .illegalSASLState, mechanisms: [])
        #expect(login.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(5)) == .handshake(refusal))
        #expect(login.received(.authenticate(Self.alice, version: 2), at: Self.at(5)) == .token(.afterLogin))
        #expect(login.received(.other(.produce), at: Self.at(1_000_000_000)) == .serve)
    }

    @Test(
        "the lifetime is told from version 1 on",
        arguments: [(Int16(0), Int64(0)), (1, 5000), (2, 5000)]
    )
    func lifetime(version: Int16, told: Int64) {
        var login = Self.login(lifetime: .seconds(5))
        _ = login.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(0))
        let verdict = login.received(.authenticate(Self.alice, version: version), at: Self.at(0))
        #expect(verdict == .token(SASLTokenAnswer(lifetime: told)))
    }

    @Test(
        "a token's rest of life ends the login, unless the broker's lifetime ends it before",
        arguments: [(Duration?.none, Int64(3000)), (.seconds(5), 3000), (.seconds(2), 2000)]
    )
    func tokenLifetime(lifetime: Duration?, told: Int64) {
        var login = Self.login(lifetime: lifetime)
        _ = login.received(.handshake(mechanism: "OAUTHBEARER", version: 1), at: Self.at(2000))
        let token = OAuthBearerServerTests.message(OAuthBearerServerTests.token("{\"sub\":\"alice\",\"exp\":5}"))
        let verdict = login.received(.authenticate(token, version: 2), at: Self.at(2000))
        #expect(verdict == .token(SASLTokenAnswer(lifetime: told)))
    }

    @Test("a login that has expired ends with the next request, but may still be renewed")
    func expired() {
        var login = Self.ready(lifetime: .seconds(5))
        #expect(login.received(.other(.produce), at: Self.at(5000)) == .serve)
        var late = login
        guard case .close = login.received(.other(.produce), at: Self.at(5001)) else {
            Issue.record("it is served")
            return
        }
        #expect(late.beginsLogin(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(6000)))
        _ = late.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(6000))
        #expect(late.name == "alice")
        let verdict = late.received(.authenticate(Self.alice, version: 2), at: Self.at(6000))
        #expect(verdict == .token(SASLTokenAnswer(lifetime: 5000)))
        #expect(late.received(.other(.produce), at: Self.at(10_999)) == .serve)
    }

    @Test("a login is renewed at most once a second; the refusal leaves it as it is")
    func interval() {
        var login = Self.ready(lifetime: .seconds(5))
        let handshake = SASLLogin.Request.handshake(mechanism: "PLAIN", version: 1)
        _ = login.received(handshake, at: Self.at(100))
        _ = login.received(.authenticate(Self.alice, version: 2), at: Self.at(100))
        let refusal = SASLHandshakeAnswer(errorCode: .illegalSASLState, mechanisms: [])
        #expect(login.received(handshake, at: Self.at(1099)) == .handshake(refusal))
        #expect(login.received(.other(.produce), at: Self.at(1099)) == .serve)
        let offer = SASLHandshakeAnswer(errorCode: .none, mechanisms: Self.all)
        #expect(login.received(handshake, at: Self.at(1100)) == .handshake(offer))
    }

    @Test("a renewal must be by the same user")
    func otherUser() {
        var login = Self.ready(lifetime: .seconds(5))
        _ = login.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(100))
        let verdict = login.received(.authenticate(Array("\0bob\0secret".utf8), version: 2), at: Self.at(100))
        guard case .refuse(.token(let answer)?, _) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(answer.errorMessage == "Cannot change principals during re-authentication from User.alice: User.bob")
    }

    @Test("a renewal must be by the same mechanism")
    func otherMechanism() {
        var login = Self.ready(lifetime: .seconds(5))
        _ = login.received(.handshake(mechanism: "SCRAM-SHA-256", version: 1), at: Self.at(100))
        let verdict = login.received(.authenticate(Array("n,,n=alice,r=x".utf8), version: 2), at: Self.at(100))
        guard case .refuse(.token(let answer)?, _) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(answer.errorCode == .saslAuthenticationFailed)
        #expect(answer.errorMessage.contains("is not supported for re-authentication of mechanism 'PLAIN'"))
    }

    @Test("faults refuse a right password, and set the lifetime")
    func faults() {
        var login = Self.login()
        var faults = LoginFaults()
        faults.refusal = .saslAuthenticationFailed
        _ = login.received(.handshake(mechanism: "PLAIN", version: 1), at: Self.at(0), faults: faults)
        guard case .refuse = login.received(.authenticate(Self.alice, version: 2), at: Self.at(0)) else {
            Issue.record("it is not refused")
            return
        }
        var short = Self.login()
        _ = short.received(
            .handshake(mechanism: "PLAIN", version: 1),
            at: Self.at(0),
            faults: LoginFaults(lifetime: .milliseconds(700))
        )
        let verdict = short.received(.authenticate(Self.alice, version: 2), at: Self.at(0))
        #expect(verdict == .token(SASLTokenAnswer(lifetime: 700)))
    }

    @Test("no text of the settings shows a password")
    func hidden() {
        var security = EmbeddedBroker.Security()
        security.mechanisms = [.plain]
        security.users = ["alice": "s3cr3t"]
        var tls = EmbeddedBroker.TLS(certificate: .text("c"), key: .text("s3cr3t"), keyPassword: "s3cr3t")
        tls.clientCA = .text("ca")
        security.tls = tls
        var configuration = EmbeddedBroker.Configuration()
        configuration.security = security
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(security)", "\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("s3cr3t"))
        }
    }
}
