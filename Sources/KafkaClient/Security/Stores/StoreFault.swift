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
        StoreFault("entry \"\(ForeignText.shown(alias, limit: 100))\": \(reason)")
    }
}
