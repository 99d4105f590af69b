// SPDX-License-Identifier: Apache-2.0

/// Why the bytes of a store cannot be used. Whoever knows the file adds its name.
struct StoreFault: Error, Equatable {
    /// What is wrong, in words that end a sentence.
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    static let wrongPasswordOrDamaged = StoreFault("the password is wrong, or the file is damaged")

    /// This fault, of one entry of the store.
    func of(alias: String) -> StoreFault {
        StoreFault("entry \(Self.printable(alias)): \(reason)")
    }

    /// An alias in quotes. A file from elsewhere must not steer a terminal.
    private static func printable(_ alias: String) -> String {
        let scalars = alias.unicodeScalars.prefix(100).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "?"
            default: String(scalar)
            }
        }
        return "\"\(scalars.joined())\""
    }
}
