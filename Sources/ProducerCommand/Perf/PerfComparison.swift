// SPDX-License-Identifier: Apache-2.0

/// Two configurations against each other: the medians of what each run has measured, and their ratio.
struct PerfComparison: Sendable {
    /// One figure of both.
    struct Row: Equatable, Sendable {
        var name: String
        var first: Double
        var second: Double
        /// How many digits it takes after the point.
        var digits: Int

        /// The second over the first, or nil when the first is nothing.
        var ratio: Double? { first > 0 ? second / first : nil }
    }

    let names: (String, String)
    let rounds: Int
    let rows: [Row]

    /// Nil before both were measured once.
    init?(names: (String, String), _ first: [PerfResult], _ second: [PerfResult]) {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let figures: [(String, Int, (PerfResult) -> Double)] = [
            ("records/s", 0, { $0.recordsPerSecond }),
            ("MiB/s", 2, { $0.megabytesPerSecond }),
            ("CPU s per million", 3, { $0.cpuSecondsPerMillion }),
            ("50th, ms", 2, { $0.total.percentile(50) }),
            ("99th, ms", 2, { $0.total.percentile(99) }),
            ("99.9th, ms", 2, { $0.total.percentile(99.9) }),
            ("batch bytes", 0, { $0.batches.average }),
            ("request bytes", 0, { $0.requestSize }),
            ("failed", 0, { Double($0.ledger.failed) }),
        ]
        self.names = names
        rounds = min(first.count, second.count)
        rows = figures.map { name, digits, figure in
            Row(
                name: name,
                first: Self.median(first.map(figure)),
                second: Self.median(second.map(figure)),
                digits: digits
            )
        }
    }

    /// The middle one, or the mean of the two in the middle; 0 of nothing.
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// A table for a person.
    var lines: [String] {
        let head = ["median of \(rounds)", names.0, names.1, "ratio"]
        let body = rows.map { row in
            [
                row.name, NumberText.fixed(row.first, digits: row.digits),
                NumberText.fixed(row.second, digits: row.digits),
                row.ratio.map { NumberText.fixed($0, digits: 2) } ?? "-",
            ]
        }
        let table = [head] + body
        let widths = (0..<4).map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { row in
            row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + padding : padding + text
            }.joined(separator: "  ")
        }
    }
}
