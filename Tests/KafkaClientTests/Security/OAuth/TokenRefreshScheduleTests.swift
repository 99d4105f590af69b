// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// When a token is replaced, to the millisecond.
@Suite("TokenRefreshSchedule")
struct TokenRefreshScheduleTests {
    /// A token's start and end, the time, the random number, and what follows, in milliseconds from a moment on.
    struct Row: Sendable {
        var start: Int64?
        var end: Int64
        var now: Int64
        var random: Double
        var expected: Int64
    }

    private static let epoch: Int64 = 1_700_000_000_000

    private func refresh(_ row: Row, _ settings: TokenRefreshSettings = TokenRefreshSettings()) -> Int64 {
        let token = BearerToken(
            value: Secret("t"),
            principal: "a",
            start: row.start.map { Self.epoch + $0 },
            end: Self.epoch + row.end
        )
        let schedule = TokenRefreshSchedule(settings: settings)
        return schedule.refresh(of: token, now: Self.epoch + row.now, random: row.random) - Self.epoch
    }

    @Test(
        "with the defaults",
        arguments: [
            // 80 to 85 % of an hour.
            Row(start: 0, end: 3_600_000, now: 0, random: 0, expected: 2_880_000),
            Row(start: 0, end: 3_600_000, now: 1000, random: 1, expected: 3_060_000),
            Row(start: 0, end: 3_600_000, now: 1000, random: 0.5, expected: 2_970_000),
            // Without a start the token begins now.
            Row(start: nil, end: 3_600_000, now: 600_000, random: 0, expected: 3_000_000),
            // A random number from elsewhere stays within its bounds.
            Row(start: 0, end: 3_600_000, now: 0, random: 7, expected: 3_060_000),
            // The last 300 s are a buffer.
            Row(start: 0, end: 1_000_000, now: 0, random: 0, expected: 700_000),
            // A token is left alone for 60 s.
            Row(start: 0, end: 3_600_000, now: 2_860_000, random: 0, expected: 2_920_000),
            Row(start: 0, end: 3_600_000, now: 3_200_000, random: 0, expected: 3_260_000),
            // What is shorter than both waits is used to 80 % of its rest.
            Row(start: 0, end: 300_000, now: 0, random: 0, expected: 240_000),
            Row(start: 0, end: 3_600_000, now: 3_300_000, random: 0, expected: 3_540_000),
            Row(start: 0, end: 360_000, now: 0, random: 0, expected: 60_000),
            Row(start: 0, end: 359_999, now: 0, random: 0, expected: 287_999),
            // At its end, and close to it, an issuer is not asked without a pause.
            Row(start: 0, end: 1000, now: 1000, random: 0, expected: 1100),
            Row(start: 0, end: 1000, now: 990, random: 0, expected: 1090),
            // What is over is replaced after 10 s.
            Row(start: 0, end: 1000, now: 1001, random: 0, expected: 11_001),
        ]
    )
    func defaults(row: Row) { #expect(refresh(row) == row.expected) }

    @Test("with other settings")
    func others() {
        var settings = TokenRefreshSettings()
        settings.windowFactor = 0.5
        settings.windowJitter = 0.25
        settings.minimumPeriod = .zero
        settings.buffer = .zero
        #expect(refresh(Row(start: 0, end: 1000, now: 0, random: 0, expected: 0), settings) == 500)
        #expect(refresh(Row(start: 0, end: 1000, now: 0, random: 1, expected: 0), settings) == 750)
        #expect(refresh(Row(start: 0, end: 10_000, now: 9000, random: 0, expected: 0), settings) == 9100)
    }

    @Test("after a failure it is tried again in 10 s")
    func failure() {
        #expect(TokenRefreshSchedule(settings: TokenRefreshSettings()).retry(now: 5) == 10_005)
    }
}
