// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// Everything that the command says to a person: whole lines on standard error, beginning with the command's name.
///
/// A progress line, when there is one, is cleared before anything else is written. A standard error that nobody reads
/// any more is no reason to stop: failed writes are ignored.
final class Console: Sendable {
    /// How much is said.
    enum Verbosity: Int, Comparable, Sendable {
        /// Warnings and errors only.
        case quiet
        case normal
        /// Also where settings come from, and what happens to connections and batches.
        case verbose

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private struct State {
        var isProgressShown = false
    }

    let verbosity: Verbosity
    /// Whether standard error is a terminal.
    let isTerminal: Bool
    /// Whether a line on it can be written again in its place: not on one that calls itself dumb.
    let rewritesLines: Bool
    /// Whether each line begins with the time.
    private let showsTime: Bool
    private let descriptor: Int32
    private let state = Mutex(State())

    init(
        verbosity: Verbosity,
        descriptor: Int32 = 2,
        terminalName: String? = Console.terminalName,
        showsTime: Bool = false
    ) {
        self.showsTime = showsTime
        self.verbosity = verbosity
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        rewritesLines = isTerminal && terminalName != "dumb"
    }

    /// What the environment calls the terminal.
    static var terminalName: String? { unsafe getenv("TERM").map { unsafe String(cString: $0) } }

    func error(_ text: String) { line("error: " + text) }

    func warning(_ text: String) { line("warning: " + text) }

    /// Says something that a person may like to know; not with `-q`.
    func notice(_ text: String) {
        if verbosity >= .normal { line(text) }
    }

    /// Says something that helps to understand a run; only with `-v`.
    func detail(_ text: @autoclosure () -> String) {
        if verbosity >= .verbose { line(text()) }
    }

    /// Answers a person who has asked, be it with `-q`.
    func answer(_ text: String) { line(text) }

    /// Writes a line as it is, for programs to read.
    func raw(_ text: String) {
        state.withLock { state in
            clearProgress(&state)
            write(text + "\n")
        }
    }

    /// Shows the progress line, in place of the last one where that is possible.
    func progress(_ line: ProgressLine) {
        state.withLock { state in
            if rewritesLines {
                write("\r" + line.text(columns: width - 1) + "\u{1B}[K")
                state.isProgressShown = true
            } else {
                write(prefix + line.text + "\n")
            }
        }
    }

    /// Takes the progress line away.
    func clearProgress() {
        state.withLock { clearProgress(&$0) }
    }

    private func line(_ text: String) {
        state.withLock { state in
            clearProgress(&state)
            write(prefix + text + "\n")
        }
    }

    /// What each line begins with.
    private var prefix: String {
        (showsTime ? TimeText.iso8601(milliseconds: TimeText.now()) + " " : "") + "kafka-producer: "
    }

    private func clearProgress(_ state: inout State) {
        guard state.isProgressShown else { return }
        write("\r\u{1B}[K")
        state.isProgressShown = false
    }

    /// The columns of the terminal; a longer line would wrap and could not be rewritten.
    private var width: Int {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ text: String) {
        DescriptorWriter.report(text, to: descriptor)
    }
}
