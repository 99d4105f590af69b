// SPDX-License-Identifier: Apache-2.0

/// The line of another tool as a line of this program, which does the same; what cannot be done is refused with what to
/// write.
struct ToolLine: Equatable {
    var arguments: [String]
    /// What is not quite the same.
    var warnings: [String] = []

    /// The line as it is, if it is none of another tool.
    ///
    /// - Parameters:
    ///   - arguments: What was typed behind the program's name.
    ///   - name: The name that the program was called by: a link may have a tool's.
    /// - Throws: `UsageError` that says what to write.
    init(_ arguments: [String], calledAs name: String = "") throws(UsageError) {
        let rest = Array(arguments.dropFirst())
        switch (Self.tool(calledAs: name), arguments.first) {
        case (.kcat, _): self = try KcatLine(arguments).line()
        case (.console, _): self = try ConsoleLine(arguments, isNamed: true).line()
        case (.rpk, _): self = try RpkLine(Self.withoutWords(arguments)).line()
        case (.perf, _): self.init(arguments: ["perf"] + arguments)
        case (nil, "kcat"): self = try KcatLine(rest).line()
        case (nil, "console"): self = try ConsoleLine(rest, isNamed: true).line()
        case (nil, "rpk"): self = try RpkLine(Self.withoutWords(rest)).line()
        case (nil, "produce"): self = try RpkLine(rest).line()
        case (nil, "topic") where rest.first == "produce": self = try RpkLine(Array(rest.dropFirst())).line()
        case (nil, let first) where Self.isOfKcat(arguments, first): self = try KcatLine(arguments).line()
        case (nil, _): self = try ConsoleLine(arguments, isNamed: false).line()
        }
    }

    init(arguments: [String], warnings: [String] = []) { (self.arguments, self.warnings) = (arguments, warnings) }

    private enum Tool { case kcat, console, rpk, perf }

    private static func tool(calledAs path: String) -> Tool? {
        let file = path.split(separator: "/").last.map(String.init) ?? ""
        return switch file.hasSuffix(".sh") ? String(file.dropLast(3)) : file {
        case "kcat", "kafkacat": .kcat
        case "kafka-console-producer": .console
        case "kafka-producer-perf-test": .perf
        case "rpk": .rpk
        default: nil
        }
    }

    /// `-P` is what only kcat has, where no command of this program is named.
    private static func isOfKcat(_ arguments: [String], _ first: String?) -> Bool {
        guard let first, first.hasPrefix("-") else { return false }
        return arguments.prefix { $0 != "--" }.contains { $0.hasPrefix("-P") }
    }

    /// `topic produce` is what rpk calls it.
    private static func withoutWords(_ arguments: [String]) -> [String] {
        Array(arguments.dropFirst(arguments.first == "topic" ? 1 : 0).drop { $0 == "produce" })
    }

    /// A text that means itself where escapes are read.
    static func escaped(_ text: String) -> String { text.replacing("\\", with: "\\\\") }
}
