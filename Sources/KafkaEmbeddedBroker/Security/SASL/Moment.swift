// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Platform

/// A point of time by both clocks: one that never jumps, for lifetimes, and one that others share, for tokens.
struct Moment {
    var uptime: NIODeadline
    /// Milliseconds since 1970.
    var milliseconds: Int64

    /// The present.
    static var now: Moment {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Moment(uptime: .now(), milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
