// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// What the vectors do not have.
@Suite("ScramMechanism")
struct ScramMechanismTests {
    private static let nonce = "fyko+d2lbbFgONRv9qkxdawL"

    private func login(password: String = "pencil", isToken: Bool = false) throws -> ScramMechanism {
        let mechanism = ScramMechanism(
            name: .scramSHA256,
            username: "user",
            password: Secret(password),
            isToken: isToken,
            nonce: Self.nonce
        )
        return try #require(mechanism)
    }

    @Test("only SCRAM has this mechanism", arguments: SASLMechanismName.allCases)
    func names(name: SASLMechanismName) {
        let mechanism = ScramMechanism(name: name, username: "u", password: Secret("p"), nonce: "n")
        #expect((mechanism != nil) == name.rawValue.hasPrefix("SCRAM-"))
        #expect(mechanism == nil || mechanism?.name == name)
    }

    @Test("a delegation token says that it is one")
    func token() throws {
        var mechanism = try login(isToken: true)
        #expect(try mechanism.start().text == "n,,n=user,r=\(Self.nonce),tokenauth=true")
    }

    @Test(
        "a broker may ask for 4096 to 1,000,000 iterations",
        arguments: [
            ("4095", SASLError.tooFewIterations(4095, .scramSHA256)), ("1", .tooFewIterations(1, .scramSHA256)),
            ("1000001", .tooManyIterations(1_000_001, .scramSHA256)),
            ("2147483648", .tooManyIterations(2_147_483_648, .scramSHA256)),
            ("99999999999999999999", .tooManyIterations(.max, .scramSHA256)),
        ]
    )
    func iterations(count: String, expected: SASLError) throws {
        var mechanism = try login()
        _ = try mechanism.start()
        let answer = Array("r=\(Self.nonce)x,s=QSXCR+Q6sek8bf92,i=\(count)".utf8)
        #expect(throws: expected) { try mechanism.respond(to: answer) }
    }

    @Test(
        "a salt is padded as Base64 is, no more and no less",
        arguments: ["QQ", "QQ=", "QQ===", "QUI", "QUI==", "QUJD=", "QUJD===="]
    )
    func padding(salt: String) throws {
        var mechanism = try login()
        _ = try mechanism.start()
        let error = #expect(throws: SASLError.self) {
            try mechanism.respond(to: Array("r=\(Self.nonce)x,s=\(salt),i=4096".utf8))
        }
        if case .malformed = error {} else { Issue.record("\(String(describing: error))") }
    }

    @Test("a login is not begun twice, nor gone on with after an error")
    func order() throws {
        var mechanism = try login()
        _ = try mechanism.start()
        #expect(throws: SASLError.unexpectedToken(.scramSHA256)) { try mechanism.start() }
        #expect(throws: SASLError.self) { try mechanism.respond(to: Array("e=x".utf8)) }
        let answer = Array("r=\(Self.nonce)x,s=QSXCR+Q6sek8bf92,i=4096".utf8)
        #expect(throws: SASLError.unexpectedToken(.scramSHA256)) { try mechanism.respond(to: answer) }
    }

    @Test("a missing password is told before anything is sent")
    func missing() throws {
        var mechanism = try login(password: "")
        let error = #expect(throws: SASLError.self) { try mechanism.start() }
        #expect(error?.description == "SCRAM-SHA-256 needs username and password: set both in sasl.jaas.config")
    }

    @Test("a broker's error is shown without what a terminal would obey")
    func error() throws {
        var mechanism = try login()
        _ = try mechanism.start()
        _ = try mechanism.respond(to: Array("r=\(Self.nonce)x,s=QSXCR+Q6sek8bf92,i=4096".utf8))
        let error = #expect(throws: SASLError.self) { try mechanism.respond(to: Array("e=a\u{1B}[2Jb\n".utf8)) }
        #expect(error?.description == "the broker refused the SCRAM-SHA-256 login: a?[2Jb?")
    }

    @Test(
        "a last message is a signature or an error, not both and nothing else",
        arguments: [
            "e=,v=AAAA", "v=AAAA,e", "v=AAAA,=x", "v=AAAA,x=", "x=y,v=AAAA", "v=AAA", "V=AAAA", "e=a=b", "v=AAAA\r\n",
        ]
    )
    func last(answer: String) throws {
        var mechanism = try login()
        _ = try mechanism.start()
        _ = try mechanism.respond(to: Array("r=\(Self.nonce)x,s=QSXCR+Q6sek8bf92,i=4096".utf8))
        let error = #expect(throws: SASLError.self) { try mechanism.respond(to: Array(answer.utf8)) }
        #expect(error == .malformed(.scramSHA256, "the last one must be v=SIGNATURE or e=ERROR"))
    }

    @Test("a broker's message of any bytes is refused, and none traps")
    func hostile() throws {
        for length in 0..<40 {
            for byte in [UInt8(0), 0x2C, 0x3D, 0x0D, 0x80, 0xFF] {
                var mechanism = try login()
                _ = try mechanism.start()
                let answer = Array("r=\(Self.nonce)x,s=QSXCR+Q6sek8bf92,i=409".utf8.prefix(length)) + [byte]
                #expect(throws: SASLError.self) { try mechanism.respond(to: answer) }
            }
        }
    }

    @Test("a nonce has 24 letters and digits, and comes of the generator alone")
    func makeNonce() {
        var generator = SystemRandomNumberGenerator()
        let nonces = (0..<100).map { _ in ScramMechanism.makeNonce(using: &generator) }
        #expect(Set(nonces).count == 100)
        #expect(nonces.allSatisfy { $0.utf8.count == 24 && $0.allSatisfy { $0.isLetter || $0.isNumber } })
    }

    @Test("nothing shows the password")
    func hidden() throws {
        let mechanism = try login(password: "hunter2")
        var dumped = ""
        dump(mechanism, to: &dumped)
        #expect("\(mechanism)" == "SCRAM-SHA-256")
        #expect(!dumped.contains("hunter2") && !dumped.contains("user"))
    }
}
