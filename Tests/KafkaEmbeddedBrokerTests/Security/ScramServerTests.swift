// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaEmbeddedBroker

/// The broker's side of SCRAM, against the example of RFC 7677 and an exchange of kafka-clients 4.3.0.
@Suite("SCRAM server")
struct ScramServerTests {
    /// What both sides say in a login that is right.
    struct Exchange: Sendable {
        let digest: ScramDigest
        let user: String
        let password: String
        let salt: String
        let serverNonce: String
        let clientFirst: String
        let serverFirst: String
        let clientFinal: String
        let serverFinal: String
    }

    static let exchanges = [
        Exchange(
            digest: .sha256,
            user: "user",
            password: "pencil",
            salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
            serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
            clientFirst: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
            serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            clientFinal: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        ),
        Exchange(
            digest: .sha512,
            user: "alice",
            password: "alice-secret",
            salt: "gfhYL1dUJFL3HLdBxUIoSjmVgH9lEhsaTA==",
            serverNonce: "01mhl0cdqumzanwzosfwcwdt",
            clientFirst: "n,,n=alice,r=dftytcpo828yd3iuuadeq7ep",
            serverFirst: "r=dftytcpo828yd3iuuadeq7ep01mhl0cdqumzanwzosfwcwdt,s=gfhYL1dUJFL3HLdBxUIoSjmVgH9lEhsaTA==,"
                + "i=4096",
            clientFinal: "c=biws,r=dftytcpo828yd3iuuadeq7ep01mhl0cdqumzanwzosfwcwdt,"
                + "p=Zg9fSOvHVIsSq9hQPEpNvKjEmP4hoMCWbhE36Ku8er3WxOHUe9Qdj4BrlupMNSf5g5+h/4bNMvfbiaypH8RuAA==",
            serverFinal: "v=6DtLqeQvWY9zdPTY2IAgEG5Qn6aaGJTA90WlgY161zdla2n+3ko19tgiZoF91BjO6GK8yaKOvcqgfrLGEu4BpQ=="
        ),
    ]

    @Test("the exchanges of others are repeated byte by byte", arguments: exchanges)
    func exchange(_ exchange: Exchange) throws {
        var server = try Self.server(exchange)
        #expect(
            try server.received(Array(exchange.clientFirst.utf8)) == .challenge(Array(exchange.serverFirst.utf8))
        )
        let identity = SASLIdentity(name: exchange.user)
        #expect(
            try server.received(Array(exchange.clientFinal.utf8))
                == .complete(Array(exchange.serverFinal.utf8), identity)
        )
        #expect(throws: SASLFailure.self) { try server.received(Array(exchange.clientFinal.utf8)) }
    }

    @Test("the whole nonce is compared, not its end alone")
    func wholeNonce() throws {
        let exchange = Self.exchanges[0]
        var server = try Self.server(exchange)
        _ = try server.received(Array(exchange.clientFirst.utf8))
        let final = exchange.clientFinal.replacing("r=rOprNGfwEbeRWgbNEkqO", with: "r=")
        let failure = #expect(throws: SASLFailure.self) { try server.received(Array(final.utf8)) }
        #expect(failure?.reason.contains("nonce") == true)
    }

    @Test("the client's part twice is refused too, and the log says whose mistake it is")
    func doubledNonce() throws {
        let exchange = Self.exchanges[0]
        var server = try Self.server(exchange)
        _ = try server.received(Array(exchange.clientFirst.utf8))
        let part = "rOprNGfwEbeRWgbNEkqO"
        let final = exchange.clientFinal.replacing("r=\(part)", with: "r=\(part)\(part)")
        let failure = #expect(throws: SASLFailure.self) { try server.received(Array(final.utf8)) }
        #expect(failure?.reason.contains("librdkafka") == true)
    }

    @Test(
        "a first message that is wrong in any way is refused",
        arguments: [
            "", "n", "n,,", "y,,n=alice,r=abc", "p=tls-unique,,n=alice,r=abc", "n,,n=,r=abc", "n,,n=alice,r=",
            "n,,n=al=ice,r=abc", "n,,n=al=2c,r=abc", "n,,r=abc,n=alice", "n,,m=x,n=alice,r=abc", "n,x,n=alice,r=abc",
            "n,,n=alice,r=a bc", "n,,n=alice,r=abc,", "n,,n=alice,r=abc,tokenauth", "n,,n=nobody,r=abc",
        ]
    )
    func firstMessages(text: String) {
        var server = ScramServer(.sha256, users: SASLUsers(["alice": "secret"]))
        #expect(throws: SASLFailure.self) { try server.received(Array(text.utf8)) }
    }

    @Test(
        "names are read with their escapes, and whom they act for must be themselves",
        arguments: [
            ("n,,n=a=2Cb=3Dc,r=abc", "a,b=c"), ("n,a=alice,n=alice,r=abc", "alice"), ("n,,n=jürgen,r=abc", "jürgen"),
            ("n,,n=alice,r=abc,tokenauth=true", "alice"),
        ]
    )
    func names(text: String, name: String) throws {
        #expect(ScramClientFirst(Array(text.utf8))?.name == name)
        var server = ScramServer(.sha256, users: SASLUsers([name: "secret"]))
        guard case .challenge = try server.received(Array(text.utf8)) else {
            Issue.record("no challenge")
            return
        }
        var other = ScramServer(.sha256, users: SASLUsers(["alice": "secret"]))
        #expect(throws: SASLFailure.self) { try other.received(Array("n,a=bob,n=alice,r=abc".utf8)) }
    }

    @Test(
        "a last message that is wrong in any way is refused",
        arguments: [
            ("c=biws,", "c=eSws,"), ("p=dHz", "p=eHz"), ("p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "p=dHzb"),
            (",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", ""), ("c=biws,r=", "r="), ("c=biws", "c=*"),
            (",p=", ",p=*"),
        ]
    )
    func lastMessages(part: String, replacement: String) throws {
        let exchange = Self.exchanges[0]
        var server = try Self.server(exchange)
        _ = try server.received(Array(exchange.clientFirst.utf8))
        let final = exchange.clientFinal.replacing(part, with: replacement)
        #expect(throws: SASLFailure.self) { try server.received(Array(final.utf8)) }
    }

    @Test("nonces and salts are new for each login and each user")
    func random() throws {
        #expect(ScramServer.randomNonce() != ScramServer.randomNonce())
        let users = SASLUsers(["a": "secret", "b": "secret"])
        let first = try #require(users.credential(of: "a", .sha256, iterations: 4096))
        #expect(first.salt != users.credential(of: "b", .sha256, iterations: 4096)?.salt)
        #expect(first == users.credential(of: "a", .sha256, iterations: 4096))
    }

    private static func server(_ exchange: Exchange) throws -> ScramServer {
        let salt = try #require(Base64Text.decode(Array(exchange.salt.utf8)))
        return ScramServer(
            exchange.digest,
            users: SASLUsers([exchange.user: exchange.password], salt: salt),
            serverNonce: Array(exchange.serverNonce.utf8)
        )
    }
}
