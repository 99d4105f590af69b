// SPDX-License-Identifier: Apache-2.0

/// A password of a store or of a key, in the encodings that the formats of stores hash.
package struct StorePassword: Sendable, Equatable, CustomStringConvertible {
    private let text: Secret

    /// A password.
    package init(_ text: String) {
        self.text = Secret(text)
    }

    /// `[hidden]`, always.
    package var description: String { text.description }

    /// UTF-8, as PBES2 wants it.
    var utf8: [UInt8] { text.bytes }

    /// UTF-16, the higher byte first, without an end: what JKS hashes.
    var utf16: [UInt8] {
        String(decoding: text.bytes, as: UTF8.self).utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    /// UTF-16 with two zero bytes at the end: what PKCS#12 hashes. Writers disagree about the empty password, so it has two.
    var terminatedUTF16: [[UInt8]] {
        let units = utf16
        return units.isEmpty ? [[0, 0], []] : [units + [0, 0]]
    }
}
