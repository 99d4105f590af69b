// SPDX-License-Identifier: Apache-2.0
import Platform

/// A short sleep of the calling thread, finer than a poll's milliseconds.
enum Pause {
    /// How much later than asked the system may wake a thread, in microseconds: the timer slack of Linux.
    private static let slack: UInt64 = 50

    /// Sleeps for so long, or ends up to the timer slack earlier: who waits for a moment looks at the clock again.
    @available(*, noasync)
    static func sleep(microseconds: UInt64) {
        let asked = microseconds > slack ? microseconds - slack : 1
        var time = timespec(
            tv_sec: Int(asked / 1_000_000),
            tv_nsec: Int(asked % 1_000_000) * 1000
        )
        _ = unsafe nanosleep(&time, nil)
    }
}
