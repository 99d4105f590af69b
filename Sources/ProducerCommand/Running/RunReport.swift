// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The account of a run for a program to read: a JSON object, written when the exit status is known, however the run ended.
final class RunReport: Sendable {
    static let option = "--summary-json"

    private let output: OpenOutput?
    private let file: ResultFile?
    private let standard: StandardOutput
    private let console: Console
    private let summary = Mutex<Summary?>(nil)

    /// Opens the destination before anything is sent.
    ///
    /// - Throws: `UsageError` when it cannot be written, or is one of the inputs.
    private init(_ destination: OutputDestination, beside inputs: [InputSource], _ console: Console) throws(UsageError)
    {
        self.console = console
        standard = StandardOutput(console: console)
        try OpenOutput.checkInherited(destination, of: Self.option)
        var taken = TakenFiles()
        for input in inputs { taken.reads(input) }
        switch destination {
        case .descriptor:
            output = try OpenOutput(opening: destination, of: Self.option)
            file = nil
        case .file(let path):
            output = nil
            file = try ResultFile(path, of: Self.option, standardOutput: standard, console: console)
        }
        try taken.take(identity, name: destination.name, of: Self.option, as: "the file of the account")
    }

    /// What is written to, nil for what two outputs may share.
    var identity: OpenOutput.Identity? { file?.identity ?? output?.identity }

    /// Notes the account. The last one counts.
    func note(_ summary: Summary) { self.summary.withLock { $0 = summary } }

    /// Runs `body`, turns what it throws into an exit status, and writes the account.
    ///
    /// - Parameters:
    ///   - destination: Where the account goes; nil for nowhere.
    ///   - inputs: What it must not be.
    ///   - clock: The clock of the run.
    ///   - console: Gets what goes wrong.
    ///   - body: The run; it notes its account.
    /// - Returns: The exit status.
    static func run(
        to destination: OutputDestination?,
        beside inputs: [InputSource],
        _ clock: RunClock,
        _ console: Console,
        _ body: (RunReport?) async throws -> ExitStatus
    ) async -> ExitStatus {
        var report: RunReport?
        let status: ExitStatus
        do {
            report = try destination.map { destination throws(UsageError) in
                try RunReport(destination, beside: inputs, console)
            }
            status = try await body(report)
        } catch {
            status = ExitStatus(of: error, console)
        }
        return report?.finish(status, seconds: clock.seconds) ?? status
    }

    /// Writes the account.
    ///
    /// - Returns: The status, which may have become worse.
    private func finish(_ status: ExitStatus, seconds: Double) -> ExitStatus {
        let summary = summary.withLock { $0 } ?? Summary(ledger: Ledger(), seconds: seconds)
        let isWritten = write(((try? JSONText.of(SummaryObject(summary, status))) ?? "{}") + "\n")
        return isWritten || status != .delivered ? status : .outputIncomplete
    }

    private func write(_ text: String) -> Bool {
        if let file { return file.write(text, console) }
        guard let output else { return standard.write(text) }
        guard let code = DescriptorWriter.write(Array(text.utf8), to: output.descriptor) else { return true }
        console.error("\(Self.option): cannot write to \(output.destination.name): \(SystemError.text(ofOutput: code))")
        return false
    }
}
