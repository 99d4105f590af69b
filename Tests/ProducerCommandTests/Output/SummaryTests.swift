// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("The account at the end")
struct SummaryTests {
    @Test("one line says what was read, what became of it, and how fast")
    func line() {
        var ledger = Ledger()
        ledger.read = 5_000_000
        ledger.delivered(records: 5_000_000, bytes: 500_000_000)
        #expect(
            Summary(ledger: ledger, seconds: 0.5).line
                == "5,000,000 records read, 5,000,000 acked, 0 failed; 500.0 MB in 0.50 s (10,000,000 records/s, 1000.0 MB/s)"
        )
        #expect(ledger.unsettled == 0)
    }

    @Test("an empty input is a line as well")
    func nothing() {
        #expect(
            Summary(ledger: Ledger(), seconds: 0).line
                == "0 records read, 0 acked, 0 failed; 0 B in 0.000 s (0 records/s, 0.0 MB/s)"
        )
    }

    @Test("what was not settled when the command left is told")
    func unsettled() {
        var ledger = Ledger()
        ledger.read = 3
        ledger.delivered(records: 1, bytes: 1)
        #expect(
            Summary(ledger: ledger, seconds: 1).line.hasPrefix("3 records read, 1 acked, 0 failed, 2 not delivered;")
        )
    }

    @Test("each kind of failure has one line with its count and its first example")
    func failures() {
        var ledger = Ledger()
        ledger.read = 4
        let place = InputPlace(input: "in.txt", line: 17, offset: 0)
        for _ in 0..<3 { ledger.fail(kind: "MESSAGE_TOO_LARGE", place: place, message: "orders-3: too large") }
        ledger.fail(kind: "NO_KEY", place: nil, message: "no separator")
        #expect(
            Summary(ledger: ledger, seconds: 1).failureLines == [
                "3 records failed with MESSAGE_TOO_LARGE, first in.txt:17: orders-3: too large",
                "NO_KEY: no separator",
            ]
        )
        #expect(ledger.failed == 4)
    }
}
