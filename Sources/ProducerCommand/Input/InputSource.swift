// SPDX-License-Identifier: Apache-2.0

/// One place that records are read from.
enum InputSource: Equatable, Sendable {
    case standardInput
    case file(String)

    /// The sources named by the command's arguments: `-` and no argument at all mean standard input.
    static func sources(_ arguments: [String]) -> [InputSource] {
        arguments.isEmpty ? [.standardInput] : arguments.map { $0 == "-" ? .standardInput : .file($0) }
    }

    /// How messages name it.
    var name: String {
        switch self {
        case .standardInput: "stdin"
        case .file(let path): path
        }
    }
}
