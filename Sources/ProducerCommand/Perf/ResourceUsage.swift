// SPDX-License-Identifier: Apache-2.0
import Platform

/// What this process has used so far.
struct ResourceUsage: Equatable, Sendable {
    /// User and system time of all threads, in seconds.
    var cpuSeconds: Double
    /// The most memory that was resident at a time, in bytes.
    var peakMemory: UInt64

    static func current() -> ResourceUsage {
        let usage = processUsage()
        let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        let microseconds = Double(usage.ru_utime.tv_usec) + Double(usage.ru_stime.tv_usec)
        #if canImport(Darwin)
            let unit: UInt64 = 1
        #else
            let unit: UInt64 = 1024
        #endif
        return ResourceUsage(
            cpuSeconds: seconds + microseconds / 1_000_000,
            peakMemory: UInt64(max(0, usage.ru_maxrss)) * unit
        )
    }
}
