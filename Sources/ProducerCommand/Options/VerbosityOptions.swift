// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// How much is said on standard error.
struct VerbosityOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Only warnings and errors: no progress, no summary.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Also the settings in force and their origin, and what happens to connections.")
    var verbose = false

    @Flag(help: "Begin each line with the time, in UTC.")
    var timestamps = false

    func validate() throws {
        guard !(quiet && verbose) else { throw ValidationError("-q and -v exclude each other") }
    }

    /// A console that says as much.
    var console: Console {
        Console(verbosity: quiet ? .quiet : verbose ? .verbose : .normal, showsTime: timestamps)
    }
}
