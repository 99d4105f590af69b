// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// A command that sends records: `send`, with all of its options or with those that most lines have.
protocol SendingCommand: AsyncParsableCommand, NamingCommand {
    var target: TargetOptions { get }
    var verbosity: VerbosityOptions { get }

    /// What the options ask for.
    func plan() throws(UsageError) -> SendPlan
}

extension SendingCommand {
    func run() async throws {
        let console = verbosity.console
        try await console.end { () async throws(UsageError) in
            await SendRun(plan: try plan(), console: console).run()
        }
    }
}
