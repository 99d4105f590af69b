// SPDX-License-Identifier: Apache-2.0

/// What a dry run prints.
enum DryRunOutput: Equatable, Sendable {
    /// What the records come to.
    case account
    /// Each record too.
    case records
}
