// SPDX-License-Identifier: Apache-2.0

/// What is to be reported of the producer's metrics, and where to.
struct MetricsPlan: Equatable, Sendable {
    static let none = MetricsPlan(printsAtEnd: false, interval: nil, destination: .descriptor(2))

    /// Whether all metrics are printed at the end.
    var printsAtEnd: Bool
    /// How often they are written, or nil for never.
    var interval: Duration?
    /// As what.
    var format = StatsFormat.json
    /// Where to.
    var destination: OutputDestination

    /// Throws when a descriptor was not inherited. Called before the process opens any of its own.
    func check() throws(UsageError) {
        if interval != nil { try OpenOutput.checkInherited(destination, of: "--stats-file") }
    }

    /// Where they go, if any are wanted; makes the file. What is in `taken` is in use, by what the text names.
    func open(_ console: Console, taken: inout TakenFiles) throws(UsageError) -> StatsOutput? {
        guard interval != nil else { return nil }
        guard destination != .descriptor(2) else { return StatsOutput(console: console) }
        let isReplaced = format == .prometheus
        if isReplaced { try checkReplaceable() }
        let output = try taken.open(
            destination,
            isLines: !isReplaced,
            of: "--stats-file",
            as: "the file of --stats-file",
            console
        )
        return StatsOutput(output, isReplaced: isReplaced, console: console)
    }

    /// What writes them every so often, if any are wanted.
    func writer(to output: StatsOutput?, _ clock: RunClock) -> StatsWriter? {
        guard let interval, let output else { return nil }
        return StatsWriter(interval: interval, format: format, clock: clock, output: output)
    }

    /// Throws when a file would be replaced that holds something else.
    private func checkReplaceable() throws(UsageError) {
        let ours = Array("# HELP kafka_".utf8)
        guard case .file(let path) = destination, OpenOutput.identity(of: .file(path)) != nil else { return }
        let beginning = ReplacedFile.beginning(of: path, count: ours.count)
        guard beginning.isEmpty || beginning == ours else {
            throw UsageError(
                "--stats-file: \(path) would be replaced, and holds something else than metrics; name another file"
            )
        }
    }
}
