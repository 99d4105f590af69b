// SPDX-License-Identifier: Apache-2.0
import Crypto

/// Bytes that nobody may read by chance: a password, a token, a message that holds one.
///
/// Description and mirror say `[hidden]`. The memory is wiped with the last copy, and two secrets are compared in
/// constant time.
package struct Secret: Sendable, Equatable {
    private let key: SymmetricKey

    /// Keeps bytes.
    package init(_ bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
    }

    /// Keeps a text as UTF-8.
    package init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// Whether there is nothing to hide.
    package var isEmpty: Bool { key.bitCount == 0 }

    /// The bytes, for the one who must send them. Nobody wipes this copy.
    package var bytes: [UInt8] { unsafe key.withUnsafeBytes { bytes in unsafe Array(bytes) } }

    /// The bytes as text, for a value that turns out to be none to hide, such as a user's name.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Kafka's word for a value that is not shown.
    package var description: String { "[hidden]" }
    /// Kafka's word for a value that is not shown.
    package var debugDescription: String { description }
    /// Nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
