// SPDX-License-Identifier: Apache-2.0

/// Why settings of TLS or of a login cannot be used. No text shows a secret.
package struct SecurityRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// Kafka's key of the setting at fault; nil when several belong together.
    package let key: String?
    /// What is wrong, for a person.
    package let reason: String

    /// A refusal.
    package init(key: String? = nil, _ reason: String) {
        self.key = key
        self.reason = reason
    }

    /// The reason.
    package var description: String { reason }
}
