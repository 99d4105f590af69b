// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Name and password in one token.
@Suite("PlainMechanism")
struct PlainMechanismTests {
    @Test(
        "the token has nobody to act for, the name and the password, as UTF-8",
        arguments: [
            ("alice", "alice-secret"), ("$ConnectionString", "Endpoint=sb://x/;SharedAccessKey=a+b="), ("결제", "é 🚀"),
        ]
    )
    func token(username: String, password: String) throws {
        var mechanism = PlainMechanism(username: username, password: Secret(password))
        #expect(mechanism.name.rawValue == "PLAIN")
        #expect(try mechanism.start() == Secret("\u{0}\(username)\u{0}\(password)"))
        #expect(try mechanism.respond(to: []) == .done)
        #expect(throws: SASLError.unexpectedToken(.plain)) { try mechanism.respond(to: []) }
    }

    @Test(
        "what cannot be said is refused before it is sent",
        arguments: [
            ("", "p", "PLAIN needs username and password: set both in sasl.jaas.config"),
            ("u", "", "PLAIN needs username and password: set both in sasl.jaas.config"),
            ("u\u{0}", "p", "PLAIN cannot send a NUL character: username or password in sasl.jaas.config has one"),
            (
                "u", "hunter2\u{0}",
                "PLAIN cannot send a NUL character: username or password in sasl.jaas.config has one"
            ),
        ]
    )
    func refused(username: String, password: String, expected: String) {
        var mechanism = PlainMechanism(username: username, password: Secret(password))
        let error = #expect(throws: SASLError.self) { try mechanism.start() }
        #expect(error?.description == expected)
        #expect(throws: SASLError.unexpectedToken(.plain)) { try mechanism.respond(to: []) }
    }

    @Test("a broker has nothing to say")
    func challenge() throws {
        var mechanism = PlainMechanism(username: "u", password: Secret("p"))
        _ = try mechanism.start()
        #expect(throws: SASLError.unexpectedToken(.plain)) { try mechanism.respond(to: [0x20]) }
    }

    @Test("nothing shows the password")
    func hidden() throws {
        var mechanism = PlainMechanism(username: "u", password: Secret("hunter2"))
        let token = try mechanism.start()
        for value in [mechanism, token, SASLReply.token(token)] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] { #expect(!text.contains("hunter2")) }
        }
    }
}
