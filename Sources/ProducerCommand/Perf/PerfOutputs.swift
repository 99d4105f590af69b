// SPDX-License-Identifier: Apache-2.0

/// Where the results of a perf run go. All of it is open before anything is sent.
struct PerfOutputs: Sendable {
    let standard: StandardOutput
    let json: ResultFile?
    let report: ResultFile?
    let stats: StatsOutput?
    private let console: Console

    /// Throws when a file cannot be written, or is used twice.
    init(_ plan: PerfPlan, _ console: Console) throws(UsageError) {
        let standard = StandardOutput(console: console)
        var taken = TakenFiles()
        if case .file(let path, _) = plan.values { taken.uses(path, as: "the file of the payloads") }
        let settings = plan.compared.map { [$0.0, $0.1] } ?? plan.settings.file.map { [$0] } ?? []
        for file in settings { taken.uses(file, as: "a settings file") }
        func open(_ path: String?, _ option: String) throws(UsageError) -> ResultFile? {
            guard let path else { return nil }
            let file = try ResultFile(path, of: option, standardOutput: standard, console: console)
            try taken.take(file.identity, name: path, of: option, as: "the file of \(option)")
            return file
        }
        self.console = console
        self.standard = standard
        json = try open(plan.json, "--json")
        report = try open(plan.report, "--report")
        stats = try plan.metrics.open(console, taken: &taken)
    }

    /// Whether something that should have been written was not.
    var areIncomplete: Bool { standard.isIncomplete || stats?.isIncomplete == true }

    /// Prints a line on stdout.
    func report(_ line: String) { standard.write(line + "\n") }

    /// Writes the results, each of them whatever becomes of the other; false when one of them could not be.
    func write(json result: some Encodable, report page: String?) -> Bool {
        var isWritten = true
        if let json {
            do {
                isWritten = json.write(try JSONText.of(result) + "\n", console)
            } catch {
                isWritten = false
                console.error("--json: the result cannot be written as JSON: \(error)")
            }
        }
        if let report, let page { isWritten = report.write(page, console) && isWritten }
        return isWritten
    }
}
