// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// When a record counts as done, and whether progress is shown.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Wait for each record's acknowledgement before the next record.")
    var sync = false

    @Option(
        help: ArgumentHelp(
            "The progress line: auto means on a terminal. (values: auto, always, never; default: auto)",
            valueName: "when"
        ),
        completion: .list(["auto", "always", "never"])
    )
    var progress: String?

    /// When the progress line is shown.
    func progressChoice() throws(UsageError) -> ProgressChoice {
        try progress.map { word throws(UsageError) in try ProgressChoice(word, of: "--progress") } ?? .auto
    }
}
