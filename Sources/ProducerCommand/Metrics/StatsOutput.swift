// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// Where the metrics of `--stats-interval` go.
///
/// The first write that fails is reported, and nothing is written after it. The load does not wait long for a reader who
/// takes nothing.
final class StatsOutput: Sendable {
    /// For how long a pipe may take nothing, in milliseconds.
    private static let patience: Int32 = 10_000

    /// Nil for standard error.
    private let output: OpenOutput?
    /// The file that each text replaces; nil where it goes behind the one before.
    private let replaced: ReplacedFile?
    private let console: Console
    private let hasFailed = Mutex(false)

    /// Standard error.
    init(console: Console) {
        (output, replaced) = (nil, nil)
        self.console = console
    }

    /// - Parameters:
    ///   - output: Where to write.
    ///   - isReplaced: Whether each text replaces the one before, if it is a regular file.
    ///   - console: Who is told when that fails.
    init(_ output: OpenOutput, isReplaced: Bool, console: Console) {
        self.output = output
        self.console = console
        if isReplaced, case .file(let path) = output.destination, output.length != nil {
            replaced = ReplacedFile(path)
        } else {
            replaced = nil
        }
    }

    /// Whether lines are missing.
    var isIncomplete: Bool { hasFailed.withLock { $0 } }

    /// Writes one line or more, the last one without its newline.
    func write(_ lines: String) async {
        guard let output else { return console.raw(lines) }
        guard !isIncomplete else { return }
        // The reader at the other end of a pipe may be slow.
        let code = await BlockingThread.run { [replaced] in
            let text = lines + "\n"
            if let replaced { return replaced.write(text) }
            return DescriptorWriter.write(Array(text.utf8), to: output.descriptor, withinPauses: Self.patience)
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
