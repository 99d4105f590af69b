// SPDX-License-Identifier: Apache-2.0

/// What the system counts for this process so far: getrusage(2) of all its threads.
public func processUsage() -> rusage {
    var usage = rusage()
    #if canImport(Glibc)
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
        _ = unsafe getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage
}
