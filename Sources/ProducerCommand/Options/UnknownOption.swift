// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What an option that a command does not have was probably meant to be.
///
/// The parser names the option that is spelled most alike, which for `--data` is `--sasl`. Who types the beginning of a name
/// means that name; where nothing is alike, none is named.
enum UnknownOption {
    /// How many options are named at most: more of them are no help.
    private static let most = 3

    /// The parser's message, with the options in it that begin as the one that was typed, if there are a few.
    ///
    /// - Parameters:
    ///   - message: What the parser says.
    ///   - command: The command whose options are meant.
    /// - Returns: The message.
    static func explained(_ message: String, for command: any ParsableCommand.Type) -> String {
        let start = "Unknown option '"
        guard message.hasPrefix(start + "--") else { return message }
        let typed = message.dropFirst(start.count).prefix { $0 != "'" }
        let names = optionNames(in: KafkaProducerCommand.helpMessage(for: command)).filter { $0.hasPrefix(typed) }
        let unknown = "\(start)\(typed)'"
        guard (1...most).contains(names.count) else { return isSlip(in: message, typed) ? message : unknown }
        let words = names.map { "'\($0)'" }.formatted(lastSeparator: " or ")
        return "\(unknown). Did you mean \(words)?"
    }

    /// Whether the option that the parser has named can have become this one by a slip of the finger.
    private static func isSlip(in message: String, _ typed: Substring) -> Bool {
        let words = message.split(separator: "'")
        guard words.count > 3 else { return false }
        return typed.difference(from: words[3]).count <= max(2, typed.count / 4)
    }

    /// The long options that a help text explains, in its order.
    private static func optionNames(in help: String) -> [String] {
        help.split(separator: "\n").flatMap { line -> [String] in
            // An option's names come first, with commas between them.
            line.split(separator: " ").prefix { $0.hasPrefix("-") || $0.hasPrefix("<") }
                .filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "," }) }
        }
    }
}

extension [String] {
    /// The words in a row.
    fileprivate func formatted(lastSeparator: String) -> String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + lastSeparator + last
    }
}
