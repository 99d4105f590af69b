// SPDX-License-Identifier: Apache-2.0
import KafkaReader
import Testing

@testable import ProducerCommand

/// Points in time, and places to read from, as arguments give them.
@Suite("Times and places of a topic")
struct RFC3339Tests {
    @Test(
        "dates with time and zone are milliseconds since 1970",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T08:00:29.123Z", 1_795_248_029_123),
            ("2026-11-21T09:00:29.1234567+01:00", 1_795_248_029_123),
            ("2026-11-21 03:30:29.1-04:30", 1_795_248_029_100),
            ("2024-02-29T23:59:60z", 1_709_251_200_000), ("1969-12-31T23:59:59.500Z", -500),
            ("2000-03-01t00:00:00Z", 951_868_800_000),
        ] as [(String, Int64)]
    )
    func dates(text: String, milliseconds: Int64) {
        #expect(RFC3339.milliseconds(text.utf8) == milliseconds)
        if milliseconds >= 0, text.hasSuffix("123Z") { #expect(TimeText.iso8601(milliseconds: milliseconds) == text) }
    }

    @Test(
        "what is no such text is none",
        arguments: [
            "", "2026-11-21", "2026-11-21T08:00:29", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-21T24:00:00Z", "2026-11-21T08:60:00Z", "2026-11-21T08:00:29.Z", "2026-11-21T08:00:29Zx",
            "2026-11-21T08:00:29+1:00", "-026-11-21T08:00:29Z", "2026-04-31T00:00:00Z",
        ]
    )
    func wrong(text: String) {
        #expect(RFC3339.milliseconds(text.utf8) == nil)
    }

    @Test(
        "where to begin",
        arguments: [
            ("beginning", .earliest), ("end", .latest), ("17", .offset(17)), ("-5", .last(5)),
            ("@1000", .timestamp(1000)),
            ("@-1s", .timestamp(9000)), ("@-1h", .timestamp(0)), ("@1970-01-01T00:00:01Z", .timestamp(1000)),
        ] as [(String, ReadStart)]
    )
    func starts(text: String, start: ReadStart) throws {
        #expect(try ReadArguments.start(text, of: "-o", now: 10_000) == start)
    }

    @Test(
        "where to end",
        arguments: [
            ("end", .latestAtStart), ("17", .offset(17)), ("@1000", .timestamp(1000)), ("@-1s", .timestamp(9000)),
        ] as [(String, ReadEnd)]
    )
    func ends(text: String, end: ReadEnd) throws {
        #expect(try ReadArguments.end(text, of: "--until", now: 10_000) == end)
    }

    @Test(
        "what is no place is refused with what there is",
        arguments: ["", "x", "@", "@x", "@-1", "@-1x", "1.5", "--1"]
    )
    func noPlace(text: String) {
        #expect(throws: UsageError.self) { try ReadArguments.start(text, of: "-o", now: 0) }
        #expect(throws: UsageError.self) { try ReadArguments.end(text, of: "--until", now: 0) }
    }
}
