// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Milliseconds since 1970, for records that have no time of their own.
func currentMilliseconds() -> Int64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
