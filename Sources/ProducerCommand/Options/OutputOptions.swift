// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// When a record counts as done, and whether progress is shown.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Wait for each record's acknowledgement before the next record.")
    var sync = false

    @Option(help: ArgumentHelp("The progress line: auto means on a terminal.", valueName: "when"))
    var progress: ProgressChoice = .auto
}
