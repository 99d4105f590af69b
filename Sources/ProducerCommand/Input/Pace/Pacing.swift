// SPDX-License-Identifier: Apache-2.0

/// Keeps the reading thread waiting until a record may go. Belongs to that thread, which sleeps here.
struct Pacing {
    private let clock = RunClock()
    private let wakeUp: WakeUp
    private let counters: LoadCounters
    private var schedule: PaceSchedule

    init(_ pace: Pace, wakeUp: WakeUp, _ counters: LoadCounters) {
        self.wakeUp = wakeUp
        self.counters = counters
        schedule = PaceSchedule(pace)
    }

    /// Waits until the record of this timestamp may go.
    ///
    /// - Returns: false when reading is to end before that.
    @available(*, noasync)
    mutating func wait(for timestamp: Int64?) -> Bool {
        var seconds = schedule.wait(for: timestamp, at: clock.seconds)
        guard seconds > 0 else { return true }
        let start = ContinuousClock.now
        defer { counters.pausedForRate(since: start) }
        while seconds > 0 {
            // A poll's milliseconds are too coarse for the last of them, and nothing wakes that.
            let milliseconds = Int32(min(seconds * 1000, 1000))
            if wakeUp.wait(milliseconds: milliseconds) { return false }
            if milliseconds == 0 { Pause.sleep(microseconds: UInt64(seconds * 1_000_000) + 1) }
            seconds = schedule.wait(for: timestamp, at: clock.seconds)
        }
        return true
    }
}
