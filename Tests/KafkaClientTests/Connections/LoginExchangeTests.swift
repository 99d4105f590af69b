// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaClient

/// A login, from the question for the mechanism to its end.
@Suite("LoginExchange")
struct LoginExchangeTests {
    static func versions(handshake: Int16 = 1, authenticate: Int16? = 2) -> NegotiatedVersions {
        var keys: [ApiVersionsResponse.API] = [
            .init(apiKey: .saslHandshake, minVersion: 0, maxVersion: handshake),
            .init(apiKey: .produce, minVersion: 0, maxVersion: 11),
        ]
        if let authenticate { keys.append(.init(apiKey: .saslAuthenticate, minVersion: 0, maxVersion: authenticate)) }
        return NegotiatedVersions(ApiVersionsResponse(apiKeys: keys))
    }

    private func exchange(_ versions: NegotiatedVersions = versions()) throws -> LoginExchange {
        try #require(LoginExchange(mechanism: .scramSHA256, user: "alice", versions: versions))
    }

    private func answer(_ text: String, lifetime: Int64 = 0) -> SaslAuthenticateResponse {
        SaslAuthenticateResponse(authBytes: ByteBuffer(string: text), sessionLifetimeMs: lifetime)
    }

    @Test("the mechanism is asked for, then tokens go back and forth until the mechanism is done")
    func rounds() throws {
        var exchange = try exchange()
        #expect(exchange.firstAction == .sendHandshake(.scramSHA256, version: 1))
        #expect(exchange.question == .handshake(1))
        let begin = exchange.handshakeAnswered(SaslHandshakeResponse(mechanisms: ["SCRAM-SHA-256"]))
        #expect(begin == .begin && exchange.question == nil)
        let first = exchange.tokenMade(Secret("one"))
        #expect(first == .sendToken(Secret("one"), version: 2) && exchange.question == .authenticate(2))
        let respond = exchange.authenticateAnswered(answer("two"))
        #expect(respond == .respond(Array("two".utf8)))
        let second = exchange.tokenMade(Secret("three"))
        #expect(second == .sendToken(Secret("three"), version: 2))
        _ = exchange.authenticateAnswered(answer("four", lifetime: 5000))
        let done = exchange.mechanismEnded()
        #expect(done == .done(sessionLifetimeMs: 5000))
    }

    @Test("a broker without SaslAuthenticate gets tokens as frames without a header")
    func bareTokens() throws {
        for versions in [Self.versions(authenticate: nil), Self.versions(handshake: 0)] {
            var exchange = try exchange(versions)
            #expect(exchange.firstAction == .sendHandshake(.scramSHA256, version: 0))
            _ = exchange.handshakeAnswered(SaslHandshakeResponse())
            let token = exchange.tokenMade(Secret("one"))
            #expect(token == .sendToken(Secret("one"), version: nil))
            #expect(exchange.awaitsBareToken && exchange.question == nil)
            let respond = exchange.bareTokenReceived([7])
            #expect(respond == .respond([7]) && !exchange.awaitsBareToken)
            let done = exchange.mechanismEnded()
            #expect(done == .done(sessionLifetimeMs: 0))
        }
    }

    @Test("a broker that knows no SaslHandshake has no logins")
    func noLogins() {
        let versions = NegotiatedVersions(ApiVersionsResponse(apiKeys: []))
        #expect(LoginExchange(mechanism: .plain, user: nil, versions: versions) == nil)
    }

    @Test("what a broker refuses says what to set")
    func refusals() throws {
        func failure(_ response: SaslHandshakeResponse) throws -> SecurityFailure? {
            var asked = try exchange()
            guard case .fail(let failure) = asked.handshakeAnswered(response) else { return nil }
            return failure
        }
        let other = try failure(.init(errorCode: .unsupportedSASLMechanism, mechanisms: ["PLAIN", "GSSAPI"]))
        #expect(other?.kind == .mechanism)
        #expect(other?.reason == "does not offer SCRAM-SHA-256; it offers PLAIN, GSSAPI: set sasl.mechanism")
        #expect(try failure(.init(errorCode: .illegalSASLState))?.kind == .noLogin)
        var saying = try exchange()
        _ = saying.handshakeAnswered(SaslHandshakeResponse())
        _ = saying.tokenMade(Secret("one"))
        let refused = saying.authenticateAnswered(
            SaslAuthenticateResponse(errorCode: .saslAuthenticationFailed, errorMessage: "no such\u{1B}[2J user")
        )
        let words =
            "refused the login of alice (SCRAM-SHA-256): no such?[2J user; "
            + "correct the name and the password in sasl.jaas.config"
        #expect(refused == .fail(SecurityFailure(.login, words)))
    }

    @Test("what comes out of order ends the login")
    func order() throws {
        var early = try exchange()
        for action in [early.tokenMade(Secret("x")), early.mechanismEnded(), early.authenticateAnswered(answer("x"))] {
            guard case .fail = action else {
                Issue.record("went on: \(action)")
                continue
            }
        }
        _ = early.handshakeAnswered(SaslHandshakeResponse())
        guard case .fail = early.handshakeAnswered(SaslHandshakeResponse()) else {
            Issue.record("a second handshake was taken")
            return
        }
    }
}
