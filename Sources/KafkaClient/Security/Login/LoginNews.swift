// SPDX-License-Identifier: Apache-2.0

/// What becomes of a login's credentials while the client works. No text shows a secret.
package enum LoginNews: Equatable, Sendable {
    /// New ones were not to be had. Those that are there are used as long as they hold.
    case refreshFailed(reason: String, retryIn: Duration)
    /// There are new ones, after failures.
    case refreshed
}
