// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Which metrics are reported, when, and where to.
struct MetricsOptions: ParsableArguments {
    @Flag(
        help: "Print the producer's metrics at the end, under the Java client's names, in the format of Kafka's tools."
    )
    var printMetrics = false

    @Option(
        help: ArgumentHelp(
            "Write the metrics as a JSON line every so many seconds, and at the end.",
            valueName: "seconds"
        )
    )
    var statsInterval: Double?

    @Option(
        help: ArgumentHelp(
            "What is written then: json, or prometheus, which replaces the file of --stats-file each time.",
            valueName: "format"
        ),
        completion: .list(StatsFormat.allCases.map(\.rawValue))
    )
    var statsFormat: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where that goes, in place of standard error: a file, - for stdout, &FD for an open descriptor.",
            valueName: "file"
        ),
        completion: .file()
    )
    var statsFile: String?

    /// What these options ask for.
    func plan() throws(UsageError) -> MetricsPlan {
        guard let statsInterval else {
            for (option, value) in [("--stats-file", statsFile), ("--stats-format", statsFormat)] where value != nil {
                throw UsageError("\(option) needs --stats-interval SECONDS")
            }
            return MetricsPlan(printsAtEnd: printMetrics, interval: nil, destination: .descriptor(2))
        }
        guard statsInterval >= 0.1, statsInterval <= 86_400 else {
            throw UsageError("--stats-interval takes from 0.1 to 86400 seconds")
        }
        return MetricsPlan(
            printsAtEnd: printMetrics,
            interval: .milliseconds(Int64(statsInterval * 1000)),
            format: try statsFormat.map { word throws(UsageError) in try StatsFormat(word, of: "--stats-format") }
                ?? .json,
            destination: try statsFile.map { file throws(UsageError) in
                try OutputDestination(file, of: "--stats-file")
            } ?? .descriptor(2)
        )
    }
}
