// SPDX-License-Identifier: Apache-2.0

/// A token with what a client must know of it. Times are milliseconds since 1970.
package struct BearerToken: Sendable, Equatable {
    /// What is sent.
    package let value: Secret
    /// Whose it is.
    package let principal: String
    /// When it began to hold; nil when that is not known.
    package let start: Int64?
    /// When it is over.
    package let end: Int64

    /// A token.
    package init(value: Secret, principal: String, start: Int64?, end: Int64) {
        self.value = value
        self.principal = principal
        self.start = start
        self.end = end
    }
}
