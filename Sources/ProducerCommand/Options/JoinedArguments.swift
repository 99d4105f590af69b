// SPDX-License-Identifier: Apache-2.0

/// Parts arguments such as `-K:` and `-Xacks=1`, as hands that know kcat write them, into the option and its value.
enum JoinedArguments {
    /// The short options that take a value.
    private static let valueOptions = Set("tpbcXzKkHD")
    /// The long options that take none.
    private static let flags: Set = [
        "--sync", "--quiet", "--verbose", "--help", "--version", "--follow", "--print-metrics", "--payload-monotonic",
    ]

    static func parted(_ arguments: [String]) -> [String] {
        var parted: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { return parted + [argument] + rest }
            guard argument.hasPrefix("-"), argument.count > 1 else {
                parted.append(argument)
                continue
            }
            if argument.hasPrefix("--") {
                parted.append(argument)
                // What follows is a value, whatever it looks like.
                if !argument.contains("="), !flags.contains(argument), let value = rest.popFirst() {
                    parted.append(value)
                }
                continue
            }
            guard valueOptions.contains(argument[argument.index(after: argument.startIndex)]) else {
                parted.append(argument)
                continue
            }
            parted.append(String(argument.prefix(2)))
            if argument.count > 2 {
                parted.append(String(argument.dropFirst(2)))
            } else if let value = rest.popFirst() {
                parted.append(value)
            }
        }
        return parted
    }
}
