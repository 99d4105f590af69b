// SPDX-License-Identifier: Apache-2.0

/// An argument of the form `key=value`, parted at the first `=`: the value may contain more of them.
struct KeyValueArgument: Equatable, Sendable {
    var key: String
    var value: String

    /// Nil without a key or without `=`.
    init?(_ argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        key = String(argument[..<equals].drop { $0 == " " })
        value = String(argument[argument.index(after: equals)...])
        guard !key.isEmpty else { return nil }
    }

    /// The parts of `argument`, which belongs to `option`.
    init(_ argument: String, of option: String) throws(UsageError) {
        guard let parts = Self(argument) else {
            throw UsageError("\(option) takes key=value, and \"\(argument)\" is none")
        }
        self = parts
    }
}
