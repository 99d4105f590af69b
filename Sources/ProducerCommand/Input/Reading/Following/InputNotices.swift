// SPDX-License-Identifier: Apache-2.0

/// Says what a person should know of an input while it is read.
struct InputNotices: Sendable {
    /// Says what is only to be known.
    var report: @Sendable (String) -> Void = { _ in }
    /// Says what may be a loss, or a mistake.
    var warn: @Sendable (String) -> Void = { _ in }
}
