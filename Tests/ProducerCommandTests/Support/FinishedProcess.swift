// SPDX-License-Identifier: Apache-2.0

/// What a child process left behind.
struct FinishedProcess: Sendable, CustomStringConvertible {
    /// The exit status as a shell shows it: 128 + N after signal N.
    let status: Int32
    /// Everything it wrote to stdout.
    let output: [UInt8]
    /// Everything it wrote to stderr.
    let error: [UInt8]
    /// Whether it was killed because it lived too long.
    let exceededLimit: Bool

    /// What it wrote to stdout, as text.
    var outputText: String { String(decoding: output, as: UTF8.self) }
    /// What it wrote to stderr, as text.
    var errorText: String { String(decoding: error, as: UTF8.self) }
    /// The lines of stdout, without their newlines.
    var outputLines: [String] { lines(of: outputText) }
    /// The lines of stderr, without their newlines.
    var errorLines: [String] { lines(of: errorText) }

    var description: String {
        "status \(status)\n--- stdout (\(output.count) bytes)\n\(outputText.prefix(2000))"
            + "\n--- stderr (\(error.count) bytes)\n\(errorText.prefix(4000))"
    }

    private func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// Something that the test harness itself could not do.
struct HarnessError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
