// SPDX-License-Identifier: Apache-2.0

/// What is to be reported of the producer's metrics, and where to.
struct MetricsPlan: Equatable, Sendable {
    static let none = MetricsPlan(printsAtEnd: false, interval: nil, destination: .descriptor(2))

    /// Whether all metrics are printed at the end.
    var printsAtEnd: Bool
    /// How often a line is written, or nil for never.
    var interval: Duration?
    /// Where the lines go.
    var destination: OutputDestination

    /// Throws when a descriptor was not inherited. Called before the process opens any of its own.
    func check() throws(UsageError) {
        if interval != nil { try OpenOutput.checkInherited(destination, of: "--stats-file") }
    }

    /// Where the lines go, if any are wanted; makes the file. What is in `taken` is in use, by what the text names.
    func open(_ console: Console, taken: inout TakenFiles) throws(UsageError) -> StatsOutput? {
        guard interval != nil else { return nil }
        guard destination != .descriptor(2) else { return StatsOutput(output: nil, console: console) }
        let output = try taken.open(
            destination,
            isLines: true,
            of: "--stats-file",
            as: "the file of --stats-file",
            console
        )
        return StatsOutput(output: output, console: console)
    }
}
