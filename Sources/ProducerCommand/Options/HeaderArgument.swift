// SPDX-License-Identifier: Apache-2.0

/// A header as `-H` takes it: `name=value`, `name=` for an empty value, `name` alone for a null value.
struct HeaderArgument: Equatable, Sendable {
    var name: String
    var value: String?

    init(_ argument: String) throws(UsageError) {
        if let equals = argument.firstIndex(of: "=") {
            name = String(argument[..<equals])
            value = String(argument[argument.index(after: equals)...])
        } else {
            name = argument
        }
        guard !name.isEmpty else { throw UsageError("-H takes name=value, and \"\(argument)\" has no name") }
    }
}
