// SPDX-License-Identifier: Apache-2.0

/// The key that `-k` gives to every record, before its serializer.
struct FixedKey: Equatable, Sendable {
    var bytes: [UInt8]
    /// The option, as it was typed.
    var option = "-k"
}
