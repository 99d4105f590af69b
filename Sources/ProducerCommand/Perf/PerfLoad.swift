// SPDX-License-Identifier: Apache-2.0

/// What a perf run sends: how many records, when, and what they are made of.
struct PerfLoad: Sendable {
    var records: UInt64
    /// The first records, which are not part of the steady state.
    var warmup: UInt64 = 0
    var schedule: RateSchedule
    /// Values made before the load, or nil for a record's number in decimal as its value.
    var pool: PayloadPool?
    /// Whether values are drawn from the pool at random rather than in turn.
    var isShuffled = false
    var keys: KeyMaker?
}
