// SPDX-License-Identifier: Apache-2.0

/// What is written every `--stats-interval`.
enum StatsFormat: String, CaseIterable, Sendable {
    /// A line of JSON, behind the ones before.
    case json
    /// Prometheus' text format, in place of the text before where that is a file.
    case prometheus

    /// Reads an argument of `--stats-format`.
    init(_ argument: String) throws(UsageError) {
        guard let format = StatsFormat(rawValue: argument) else {
            throw UsageError("--stats-format takes \(Self.words), not '\(argument)'")
        }
        self = format
    }

    private static var words: String { allCases.map(\.rawValue).joined(separator: " or ") }
}
