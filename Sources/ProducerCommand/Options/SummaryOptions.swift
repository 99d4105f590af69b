// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Where the account at the end goes for a program to read.
struct SummaryOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write the account at the end as a JSON object: to a file, which it replaces, - for stdout, &FD for an open "
                + "descriptor.",
            valueName: "file"
        ),
        completion: .file()
    )
    var summaryJson: String?

    /// What the option asks for.
    func destination() throws(UsageError) -> OutputDestination? {
        try summaryJson.map { file throws(UsageError) in try OutputDestination(file, of: RunReport.option) }
    }
}
