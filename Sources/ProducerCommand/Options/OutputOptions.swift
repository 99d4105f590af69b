// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// When a record counts as done, and how much is said on standard error.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Wait for each record's acknowledgement before the next record.")
    var sync = false

    @Flag(name: .shortAndLong, help: "Only warnings and errors: no progress, no summary.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Also the settings in force and their origin, and what happens to connections.")
    var verbose = false

    @Option(help: ArgumentHelp("The progress line: auto means on a terminal.", valueName: "when"))
    var progress: ProgressChoice = .auto

    func validate() throws {
        guard !(quiet && verbose) else { throw ValidationError("-q and -v exclude each other") }
    }

    var verbosity: Console.Verbosity { quiet ? .quiet : verbose ? .verbose : .normal }
}
