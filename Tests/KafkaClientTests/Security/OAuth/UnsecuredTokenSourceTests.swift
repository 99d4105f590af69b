// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Tokens that nobody signs.
@Suite("UnsecuredTokenSource")
struct UnsecuredTokenSourceTests {
    @Test("a token has its claims, when it was made and when it is over, and no signature")
    func token() async throws {
        var settings = UnsecuredTokenSettings(claims: [
            "sub": .string("alice \"é\""), "n": .number(1.5), "scope": .list(["a", "b"]),
        ])
        settings.lifetime = .seconds(60)
        let source = UnsecuredTokenSource(settings: settings, clock: ManualLoginClock(1_700_000_000_250).clock)
        let token = try await source.token()
        #expect(token.principal == "alice \"é\"")
        #expect(token.start == 1_700_000_000_250)
        #expect(token.end == 1_700_000_060_250)
        let parts = token.value.text.split(separator: ".", omittingEmptySubsequences: false)
        #expect(parts.count == 3)
        #expect(parts[2].isEmpty)
        #expect(Base64URL.decode(parts[0].utf8) == Array(#"{"alg":"none"}"#.utf8))
        let payload = try #require(Base64URL.decode(parts[1].utf8))
        let expected =
            #"{"exp":1700000060.25,"iat":1700000000.25,"n":1.5,"scope":["a","b"],"sub":"alice \"é\""}"#
        #expect(String(decoding: payload, as: UTF8.self) == expected)
    }
}
