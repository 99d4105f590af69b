// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The waits between attempts to get one token.
@Suite("TokenRetry")
struct TokenRetryTests {
    @Test("waits double, and the time for all attempts together is the bound")
    func waits() {
        var retry = TokenRetry(backoff: .milliseconds(100), total: .seconds(1), now: 5000)
        #expect(retry.next(now: 5000) == 100)
        #expect(retry.next(now: 5100) == 200)
        #expect(retry.next(now: 5310) == 400)
        // What is left, and then nothing.
        #expect(retry.next(now: 5710) == 290)
        #expect(retry.next(now: 6000) == nil)
    }

    @Test("with no time there is one attempt, and with no wait too")
    func nothing() {
        var none = TokenRetry(backoff: .zero, total: .zero, now: 0)
        #expect(none.next(now: 0) == nil)
        var quick = TokenRetry(backoff: .zero, total: .seconds(1), now: 0)
        #expect(quick.next(now: 0) == nil)
    }

    @Test("waits of any length are no trap")
    func long() {
        var retry = TokenRetry(backoff: .seconds(Int64.max / 1000), total: .seconds(Int64.max), now: 0)
        for _ in 0..<100 { #expect(retry.next(now: 0) ?? 0 > 0) }
    }

    @Test(
        "statuses after which another attempt makes no sense are those of the Java client",
        arguments: [
            (400, true), (401, true), (403, true), (407, true), (408, false), (409, true), (415, true), (416, false),
            (429, false), (500, false), (501, true), (502, false), (503, false), (505, true), (302, false),
            (204, false),
        ]
    )
    func statuses(status: Int, isFinal: Bool) { #expect(TokenRetry.isFinal(status: status) == isFinal) }
}
