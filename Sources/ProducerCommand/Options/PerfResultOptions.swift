// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Where the result of a perf run goes, beside the lines on stdout.
struct PerfResultOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the result as JSON, one line; - is the last line of stdout.", valueName: "file"),
        completion: .file()
    )
    var json: String?

    @Option(
        help: ArgumentHelp("Write a page with charts of throughput, latency and sizes.", valueName: "file.html"),
        completion: .file()
    )
    var report: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Measure two settings files in turn, and print the ratios.", valueName: "a.config b.config")
    )
    var compare: [String] = []

    @Option(help: ArgumentHelp("How often each of them is measured.", valueName: "count"))
    var rounds: Int = 3

    /// The two files to compare, if that is asked for.
    func compared(with file: String?) throws(UsageError) -> (String, String)? {
        guard !compare.isEmpty else { return nil }
        guard compare.count == 2 else { throw UsageError("--compare takes two settings files: A.config B.config") }
        guard file == nil else { throw UsageError("--compare brings its own settings files: leave -c out") }
        guard report == nil else { throw UsageError("--report shows one load: use it without --compare") }
        guard (1...100).contains(rounds) else { throw UsageError("--rounds takes 1 to 100") }
        return (compare[0], compare[1])
    }
}
