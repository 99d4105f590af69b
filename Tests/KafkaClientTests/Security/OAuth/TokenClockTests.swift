// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// What clocks say of a token that a broker refuses.
@Suite("Clocks and tokens")
struct TokenClockTests {
    private static func token(start: Int64?, end: Int64, ahead: Int64? = nil) -> BearerToken {
        var token = BearerToken(value: Secret("t"), principal: "alice", start: start, end: end)
        token.clock = ahead.map { ClockComparison(source: "the token endpoint", aheadMilliseconds: $0) }
        return token
    }

    @Test(
        "a token that does not hold by this machine's clock is in doubt, and so is one of an issuer with another time",
        arguments: [
            (token(start: 0, end: 100_000), nil), (token(start: nil, end: 10_001), nil),
            (token(start: 11_000, end: 100_000), nil),
            (token(start: 0, end: 4000), "by this machine's clock the token is over since 6 s"),
            (token(start: 0, end: 10_000), "by this machine's clock the token is over since 0 s"),
            (token(start: 15_000, end: 100_000), "by this machine's clock the token begins to hold in 5 s only"),
            (token(start: 0, end: 100_000, ahead: 4999), nil), (token(start: 0, end: 100_000, ahead: -4999), nil),
            (
                token(start: 0, end: 4000, ahead: 5000),
                "this machine's clock is 5 s ahead of that of the token endpoint"
            ),
            (
                token(start: 0, end: 100_000, ahead: -3_600_000),
                "this machine's clock is 3600 s behind that of the token endpoint"
            ),
        ] as [(BearerToken, String?)]
    )
    func doubt(token: BearerToken, expected: String?) {
        #expect(token.doubt(now: 10_000) == expected)
    }

    @Test("clocks that agree are told without a number that rounding would make up")
    func agreeing() {
        let comparison = ClockComparison(source: "the token endpoint", aheadMilliseconds: -700)
        #expect(!comparison.isApart)
        #expect(comparison.description == "this machine's clock and that of the token endpoint differ by less than 5 s")
    }
}
