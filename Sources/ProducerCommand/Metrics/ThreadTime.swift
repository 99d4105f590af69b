// SPDX-License-Identifier: Apache-2.0
import Platform

/// The CPU time of the calling thread, which shows whether a thread works or waits for a core.
enum ThreadTime {
    static func seconds() -> Double {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
