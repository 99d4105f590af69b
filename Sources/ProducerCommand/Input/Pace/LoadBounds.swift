// SPDX-License-Identifier: Apache-2.0

/// How many records are read, and how fast: what the options say.
struct LoadBounds: Equatable, Sendable {
    /// Reading ends after so many.
    var count: UInt64?
    /// With fewer the status is 1.
    var least: UInt64?
    var rate: LoadRate?
    var pace: Pace?

    /// Whether the reading thread has to look at them.
    var areSet: Bool { count != nil || rate != nil }
}
