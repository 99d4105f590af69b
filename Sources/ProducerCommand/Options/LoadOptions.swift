// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// How many records are read, and how fast.
struct LoadOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Read no more than so many records.", valueName: "count")
    )
    var count: UInt64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("End with status 1 when fewer records came.", valueName: "count")
    )
    var minRecords: UInt64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Send no faster than so many records or bytes, such as 5000/s or 10MB/s.", valueName: "rate")
    )
    var rate: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Send records as far apart as their timestamps are: 1x, or faster or slower, such as 2x or 0.5x.",
            valueName: "speed"
        )
    )
    var pace: String?

    @Flag(help: "Read back what was acknowledged and compare it with what was sent.")
    var verify = false

    @Flag(help: "Send nothing: read and check all records, and say what they come to. --dry-run=print prints each.")
    var dryRun = false

    @Flag(help: .hidden)
    var dryRunPrint = false

    /// What is done instead of sending, if anything.
    var dryRunOutput: DryRunOutput? { dryRunPrint ? .records : dryRun ? .account : nil }

    /// What these options ask for.
    func bounds() throws(UsageError) -> LoadBounds {
        guard count != 0 else { throw UsageError("--count takes a number above 0") }
        if let count, let minRecords, minRecords > count {
            throw UsageError("--min-records \(minRecords) can never be reached with --count \(count)")
        }
        return LoadBounds(
            count: count,
            least: minRecords,
            rate: try rate.map { rate throws(UsageError) in try LoadRate(rate) },
            pace: try pace.map { pace throws(UsageError) in try Pace(pace) }
        )
    }
}
