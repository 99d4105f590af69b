// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

@Suite("Two configurations compared")
struct PerfComparisonTests {
    @Test("a median is the middle, or the mean of both in the middle")
    func medians() {
        #expect(PerfComparison.median([3, 1, 2]) == 2)
        #expect(PerfComparison.median([4, 1, 2, 3]) == 2.5)
        #expect(PerfComparison.median([]) == 0)
    }

    @Test("the ratio is the second over the first, of medians")
    func ratios() throws {
        let first = [4.0, 100, 5].map { PerfResult.sample(seconds: $0) }
        let second = [2.0, 2.5, 1].map { PerfResult.sample(seconds: $0) }
        let comparison = try #require(PerfComparison(names: ("a", "b"), first, second))
        let rate = try #require(comparison.rows.first)
        #expect(rate == .init(name: "records/s", first: 800, second: 2000, digits: 0))
        #expect(rate.ratio == 2.5)
        #expect(
            comparison.lines.prefix(2) == [
                "median of 3              a        b  ratio",
                "records/s              800     2000   2.50",
            ]
        )
        #expect(comparison.rows.last?.ratio == nil)
    }

    @Test("before both were measured there is nothing to compare, but the runs are told")
    func nothing() throws {
        #expect(PerfComparison(names: ("a", "b"), [.sample()], []) == nil)
        let json = try JSONText.of(PerfComparison.Document(names: ("a", "b\""), [.sample()], []))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect((object["runs"] as? [Any])?.count == 1 && (object["medians"] as? [Any])?.isEmpty == true)
    }
}
