// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Times as AWS writes them.
@Suite("AWSTime")
struct AWSTimeTests {
    @Test(
        "a time is read and written",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "19700101T000000Z"), ("1969-12-31T23:59:59Z", -1, "19691231T235959Z"),
            ("2000-02-29T00:00:00Z", 951_782_400, "20000229T000000Z"),
            ("2024-02-28T20:00:00Z", 1_709_150_400, "20240228T200000Z"),
            ("2026-01-02T03:04:05Z", 1_767_323_045, "20260102T030405Z"),
            ("2026-01-02T03:04:05.678Z", 1_767_323_045, "20260102T030405Z"),
            ("2026-01-02T05:04:05+02:00", 1_767_323_045, "20260102T030405Z"),
            ("2026-01-01T22:34:05-0430", 1_767_323_045, "20260102T030405Z"),
            ("2100-03-01T00:00:00Z", 4_107_542_400, "21000301T000000Z"),
        ] as [(String, Int64, String)]
    )
    func times(text: String, seconds: Int64, timestamp: String) {
        #expect(AWSTime(text)?.seconds == seconds)
        #expect(AWSTime(seconds: seconds).timestamp == timestamp)
        #expect(AWSTime(seconds: seconds).date == String(timestamp.prefix(8)))
    }

    @Test(
        "what is no time is none",
        arguments: [
            "", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-13-02T03:04:05Z",
            "2026-00-02T03:04:05Z",
            "2026-01-32T03:04:05Z", "2026-01-02T24:04:05Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04:61Z",
            "2026-01-02T03:04:05ZZ", "2026-01-02T03:04:05+25:00", "2026-01-02T03:04:05+2:00", "x026-01-02T03:04:05Z",
            "2026-01-02T03:04:05.Z0",
        ]
    )
    func none(text: String) {
        #expect(AWSTime(text) == nil)
    }
}
