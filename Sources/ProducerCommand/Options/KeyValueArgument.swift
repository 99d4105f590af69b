// SPDX-License-Identifier: Apache-2.0

/// An argument of the form `key=value`, parted at the first `=`: the value may contain more of them.
struct KeyValueArgument: Equatable, Sendable {
    var key: String
    var value: String

    /// Nil without a key or without `=`.
    init?(_ argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        key = String(argument[..<equals].drop { $0 == " " })
        while key.hasSuffix(" ") { key.removeLast() }
        value = String(argument[argument.index(after: equals)...])
        guard !key.isEmpty else { return nil }
    }

    /// The parts of `argument`, which belongs to `option`.
    init(_ argument: String, of option: String) throws(UsageError) {
        guard let parts = Self(argument) else {
            throw UsageError("\(option) takes key=value, and \"\(argument)\" is none\(Self.advice(argument))")
        }
        self = parts
    }

    /// What a key without `=` was meant to be.
    private static func advice(_ argument: String) -> String {
        guard !argument.isEmpty, !argument.utf8.contains(where: { [0x3D, 0x20, 0x3A].contains($0) }) else { return "" }
        return ": write \(argument)=VALUE"
    }
}
