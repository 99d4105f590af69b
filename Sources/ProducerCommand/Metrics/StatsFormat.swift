// SPDX-License-Identifier: Apache-2.0

/// What is written every `--stats-interval`.
enum StatsFormat: String, OptionWord, Sendable {
    /// A line of JSON, behind the ones before.
    case json
    /// Prometheus' text format, in place of the text before where that is a file.
    case prometheus
}
