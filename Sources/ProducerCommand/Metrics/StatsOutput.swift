// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// Where the lines of `--stats-interval` go.
///
/// The first write that fails is reported, and nothing is written after it. The load does not wait long for a reader who
/// takes nothing.
final class StatsOutput: Sendable {
    /// For how long a pipe may take nothing, in milliseconds.
    private static let patience: Int32 = 10_000

    /// Nil for standard error.
    let output: OpenOutput?
    private let console: Console
    private let hasFailed = Mutex(false)

    init(output: OpenOutput?, console: Console) {
        self.output = output
        self.console = console
    }

    /// Whether lines are missing.
    var isIncomplete: Bool { hasFailed.withLock { $0 } }

    /// Writes a line.
    func write(_ line: String) async {
        guard let output else { return console.raw(line) }
        guard !isIncomplete else { return }
        // The reader at the other end of a pipe may be slow.
        let code = await BlockingThread.run {
            DescriptorWriter.write(Array((line + "\n").utf8), to: output.descriptor, withinPauses: Self.patience)
        }
        if let code { failed(code, of: output) }
    }

    /// Closes the file.
    func close() {
        guard let output, let code = output.close(), !isIncomplete else { return }
        failed(code, of: output)
    }

    private func failed(_ code: Int32, of output: OpenOutput) {
        hasFailed.withLock { $0 = true }
        let reason = code == ETIMEDOUT ? "nobody reads it" : SystemError.text(ofOutput: code)
        console.error(
            "--stats-file: cannot write to \(output.destination.name): \(reason); "
                + "records are sent all the same, without further lines there"
        )
    }
}
