// SPDX-License-Identifier: Apache-2.0

/// Why a login could not begin: there are no credentials. No text shows a secret.
package struct LoginError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What failed and what to do, in one line that stands for itself, such as
    /// `token endpoint https://id.example/token: 401 invalid_client`.
    package let reason: String
    /// Whether it may go better in a moment.
    package let isRetriable: Bool

    /// A login that could not begin.
    package init(_ reason: String, isRetriable: Bool) {
        self.reason = reason
        self.isRetriable = isRetriable
    }

    /// The reason.
    package var description: String { reason }
}
