// SPDX-License-Identifier: Apache-2.0
import Platform

/// A short sleep of the calling thread, finer than a poll's milliseconds.
enum Pause {
    @available(*, noasync)
    static func sleep(microseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(microseconds / 1_000_000),
            tv_nsec: Int(microseconds % 1_000_000) * 1000
        )
        _ = unsafe nanosleep(&time, nil)
    }
}
