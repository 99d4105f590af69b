// SPDX-License-Identifier: Apache-2.0

/// One place that records are read from.
enum InputSource: Equatable, Sendable {
    case standardInput
    case file(String)

    /// The sources named by the command's arguments: `-` and no argument at all mean standard input.
    static func sources(_ arguments: [String]) -> [InputSource] {
        arguments.isEmpty ? [.standardInput] : arguments.map { $0 == "-" ? .standardInput : .file($0) }
    }

    /// Throws when a file has no name: an empty argument, such as an unset variable between quotes.
    static func check(_ arguments: [String]) throws(UsageError) {
        guard arguments.contains("") else { return }
        throw UsageError("a file's name is empty: is a variable of the shell not set? Without files stdin is read")
    }

    /// How messages name it.
    var name: String {
        switch self {
        case .standardInput: "stdin"
        case .file(let path): path
        }
    }
}
