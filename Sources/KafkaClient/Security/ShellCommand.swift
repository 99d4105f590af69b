// SPDX-License-Identifier: Apache-2.0
import Platform

/// Runs a command of the shell for what it prints. It blocks, and it has no time limit: the user named the program.
enum ShellCommand {
    /// Why there is no output. No text shows the command, which may have a secret in it.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The most that a command may print.
    static let mostBytes = 1 << 20

    /// What the command prints to its standard output.
    ///
    /// Its standard input is empty, since ours may be what is to be produced. Its errors go where ours go.
    static func run(_ command: String) throws(Failure) -> [UInt8] {
        guard !command.utf8.contains(0) else { throw Failure(description: "the command has a NUL character") }
        guard let pipe = unsafe popen("exec </dev/null\n" + command, "r") else {
            throw Failure(description: "it cannot be run: \(errorText(errno))")
        }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4 << 10)
        while output.count <= mostBytes {
            let count = unsafe fread(&chunk, 1, chunk.count, pipe)
            guard count > 0 else { break }
            output += chunk[..<count]
        }
        let status = unsafe pclose(pipe)
        guard output.count <= mostBytes else {
            throw Failure(description: "it printed more than \(mostBytes >> 20) MiB")
        }
        guard status == 0 else { throw Failure(description: "it failed with \(words(status))") }
        return output
    }

    /// A text as one word of the shell.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// wait(2): the low seven bits are a signal, and above them is the exit status.
    private static func words(_ status: Int32) -> String {
        status & 0x7F == 0 ? "exit status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
    }
}
