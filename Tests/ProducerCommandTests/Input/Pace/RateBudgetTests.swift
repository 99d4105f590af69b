// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// How much may go by a time, without a clock.
@Suite("The rate of a load")
struct RateBudgetTests {
    @Test(
        "rates are records or bytes a second",
        arguments: [
            ("5000/s", .records, 5000), ("5000", .records, 5000), ("0.5/s", .records, 0.5),
            ("10MB/s", .bytes, 10_000_000),
            ("64KiB/s", .bytes, 65_536), ("100kB", .bytes, 100_000), ("7B/s", .bytes, 7),
            ("1GiB/s", .bytes, 1_073_741_824),
        ] as [(String, LoadRate.Unit, Double)]
    )
    func parses(text: String, unit: LoadRate.Unit, perSecond: Double) throws {
        let rate = try LoadRate(text)
        #expect(rate.unit == unit && rate.perSecond == perSecond)
    }

    @Test("what is no rate is refused", arguments: ["", "0", "-5/s", "x", "5/m", "MB/s", "nan", "1e99MB", "5 MB/sec"])
    func refuses(text: String) {
        #expect(throws: UsageError.self) { try LoadRate(text) }
    }

    /// Lets as much go as is allowed, in a time that is made up; returns how much went by its end.
    private func spent(_ budget: inout RateBudget, until end: Double, from begin: Double = 0, each: UInt64) -> UInt64 {
        var (time, sum): (Double, UInt64) = (begin, 0)
        while true {
            switch budget.share(at: time) {
            case .wait(let seconds): time += seconds
            case .go(let room):
                let count = max(each, min(room.records, room.bytes) / each * each)
                if time >= end { return sum }
                budget.spent(records: count, bytes: count)
                sum += count
            }
            if time >= end { return sum }
        }
    }

    @Test(
        "over ten seconds as much goes as the rate says, be records large or small",
        arguments: [("1000/s", 1), ("3/s", 1), ("1000000/s", 1), ("1MB/s", 100), ("1MB/s", 900_000)]
            as [(String, UInt64)]
    )
    func rate(text: String, each: UInt64) throws {
        let rate = try LoadRate(text)
        var budget = RateBudget(rate)
        let sum = Double(spent(&budget, until: 10, each: each))
        // The first record goes at once; one may be on its way at the end.
        #expect(abs(sum - 10 * rate.perSecond) <= max(Double(each), rate.perSecond / 100) + 1, "\(sum)")
    }

    @Test("a stall is not made up for by a burst")
    func stall() throws {
        var budget = RateBudget(try LoadRate("1000/s"))
        _ = spent(&budget, until: 1, each: 1)
        let after = spent(&budget, until: 101, from: 100, each: 1)
        #expect(after <= 1110 && after >= 1000, "\(after)")
    }

    @Test(
        "a part of a chunk ends behind a whole record",
        arguments: [
            ("a\nbb\nccc\n", 1, UInt64.max, 2), ("a\nbb\nccc\n", 2, .max, 5), ("a\nbb\nccc\n", 9, .max, 9),
            ("a\nbb\nccc\n", .max, 1, 2), ("a\nbb\nccc\n", .max, 3, 5), ("abc", 1, .max, 3), ("", 1, .max, 0),
        ] as [(String, UInt64, UInt64, Int)]
    )
    func share(text: String, records: UInt64, bytes: UInt64, end: Int) {
        let room = TransactionCuts.Room(records: records, bytes: bytes)
        #expect(RecordLoader.share(of: Array(text.utf8).span, RecordSplitter(), room) == end)
    }
}
