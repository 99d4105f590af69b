// SPDX-License-Identifier: Apache-2.0

/// A key or trust store that is refused: which, and why. It shows neither a password nor a key.
package struct StoreRefusal: Error, Equatable, CustomStringConvertible {
    /// One sentence: what failed, where, and the reason.
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(type: StoreType, location: String, kind: String, fault: StoreFault) {
        self.init("Failed to load SSL \(kind) \(location) of type \(type.rawValue): \(fault.reason)")
    }
}
