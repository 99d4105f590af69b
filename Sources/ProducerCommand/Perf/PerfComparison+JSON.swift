// SPDX-License-Identifier: Apache-2.0

extension PerfComparison {
    /// All runs and the ratios of their medians as one JSON object, also before both were measured.
    struct Document: Encodable {
        private struct Run: Encodable {
            var config: String
            var result: PerfResult
        }

        private struct Median: Encodable {
            var name: String
            var first: Double
            var second: Double
            /// Null when the first is nothing.
            var ratio: Double?
        }

        private let runs: [Run]
        private let medians: [Median]

        init(names: (String, String), _ first: [PerfResult], _ second: [PerfResult]) {
            runs = first.map { Run(config: names.0, result: $0) } + second.map { Run(config: names.1, result: $0) }
            medians = (PerfComparison(names: names, first, second)?.rows ?? []).map { row in
                Median(
                    name: row.name,
                    first: row.first.roundedToThousandths,
                    second: row.second.roundedToThousandths,
                    ratio: row.ratio?.roundedToThousandths
                )
            }
        }
    }
}
