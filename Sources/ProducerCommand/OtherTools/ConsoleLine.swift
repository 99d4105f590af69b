// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// A line of kafka-console-producer. Nearly all of its options are options here; this does the rest.
struct ConsoleLine {
    private let arguments: [String]
    /// Whether the tool was named, so that what differs without a word follows it.
    private let isNamed: Bool

    init(_ arguments: [String], isNamed: Bool) { (self.arguments, self.isNamed) = (arguments, isNamed) }

    func line() throws(UsageError) -> ToolLine {
        var result: [String] = isNamed ? ["send"] : []
        // To its reader a carriage return ends a line too, with or without a newline behind it.
        if isNamed, !arguments.contains("--help") { result += ["--crlf", "end"] }
        var rest = arguments[...]
        var configured: [String] = []
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch parts[0] {
            case "--":
                return ToolLine(arguments: result + configured + [argument] + rest)
            case "--line-reader":
                try Self.check(reader: try Self.value(parts, &rest))
            case "--reader-config":
                configured += try Self.properties(ofFile: try Self.value(parts, &rest))
            case "--compression-codec" where parts.count == 1 && Self.isOption(rest.first):
                result += [argument, "gzip"]
            default:
                result.append(argument)
            }
        }
        // What is typed is stronger than the file.
        guard !configured.isEmpty else { return ToolLine(arguments: result) }
        return ToolLine(
            arguments: Array(result.prefix(isNamed ? 1 : 0)) + configured + result.dropFirst(isNamed ? 1 : 0)
        )
    }

    private static func isOption(_ argument: String?) -> Bool { argument?.hasPrefix("-") ?? true }

    private static func value(_ parts: [String], _ rest: inout ArraySlice<String>) throws(UsageError) -> String {
        guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
            throw UsageError("\(parts[0]) takes a value")
        }
        return value
    }

    private static func check(reader name: String) throws(UsageError) {
        guard name.hasSuffix("LineMessageReader") || name == "line" else {
            throw UsageError(
                "--line-reader \(name) is a Java class, and this program loads none: records are lines, or end with -D; "
                    + "--reader-property parts them into headers, key and value"
            )
        }
    }

    private static func properties(ofFile path: String) throws(UsageError) -> [String] {
        do throws(ConfigurationError) {
            let source = try PropertySource(contentsOfFile: path, environment: ProcessEnvironment())
            return source.entries.flatMap { ["--reader-property", "\($0.key)=\($0.value)"] }
        } catch {
            throw UsageError("--reader-config: \(error)")
        }
    }
}
