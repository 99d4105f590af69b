// SPDX-License-Identifier: Apache-2.0

/// A header as `-H` takes it: `name=value`, `name=` for an empty value, `name` alone for a null value; with escapes.
struct HeaderArgument: Equatable, Sendable {
    var name: String
    var value: [UInt8]?

    init(_ argument: String, of option: String = "-H") throws(UsageError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let nameBytes = try EscapedText.bytes(parts.first ?? "", of: option)
        guard !nameBytes.isEmpty else {
            throw UsageError("\(option) takes name=value, and \"\(argument)\" has no name")
        }
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw UsageError("\(option) \"\(argument)\" has a name that is not UTF-8, and brokers take no other")
        }
        self.name = name
        if parts.count == 2 { value = try EscapedText.bytes(parts[1], of: option) }
    }
}
