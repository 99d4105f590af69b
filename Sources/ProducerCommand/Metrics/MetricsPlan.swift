// SPDX-License-Identifier: Apache-2.0

/// What is to be told of the producer's metrics, and where to.
struct MetricsPlan: Equatable, Sendable {
    static let none = MetricsPlan(printsAtEnd: false, interval: nil, destination: .descriptor(2))

    /// Whether all metrics are printed at the end.
    var printsAtEnd: Bool
    /// How often a line is written, or nil for never.
    var interval: Duration?
    /// Where the lines go.
    var destination: OutputDestination

    /// The writer of the lines, if any are wanted; makes the file.
    func open(_ console: Console, _ clock: RunClock) throws(UsageError) -> StatsWriter? {
        guard let interval else { return nil }
        guard destination != .descriptor(2) else {
            return StatsWriter(interval: interval, clock: clock, console: console, output: nil)
        }
        let output = try OpenOutput(opening: destination, isLines: true, of: "--stats-file")
        return StatsWriter(interval: interval, clock: clock, console: console, output: output)
    }
}
