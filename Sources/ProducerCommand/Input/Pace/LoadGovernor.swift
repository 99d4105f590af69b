// SPDX-License-Identifier: Apache-2.0

/// Says of what was read how much may be handed over now. Belongs to the reading thread, which sleeps here.
struct LoadGovernor {
    private let clock = RunClock()
    private let wakeUp: WakeUp
    private let counters: LoadCounters
    private var budget: RateBudget?
    /// How many more records are wanted.
    private var wanted: UInt64

    /// Nil when nothing is bounded.
    init?(_ bounds: LoadBounds, wakeUp: WakeUp, _ counters: LoadCounters) {
        guard bounds.areSet else { return nil }
        self.wakeUp = wakeUp
        self.counters = counters
        budget = bounds.rate.map(RateBudget.init)
        wanted = bounds.count ?? .max
    }

    /// Whether as many records were handed over as are wanted.
    var isComplete: Bool { wanted == 0 }

    /// Waits until something may be handed over.
    ///
    /// - Returns: How much; nil when reading is to end.
    @available(*, noasync)
    mutating func room() -> TransactionCuts.Room? {
        guard wanted > 0 else { return nil }
        guard var budget else { return .init(records: wanted, bytes: .max) }
        let start = ContinuousClock.now
        defer {
            self.budget = budget
            counters.pausedForRate(since: start)
        }
        while true {
            switch budget.share(at: clock.seconds) {
            case .go(var room):
                room.records = min(room.records, wanted)
                return room
            case .wait(let seconds):
                // A poll's milliseconds are too coarse for the last of them, and nothing wakes that.
                let milliseconds = Int32(min(seconds * 1000, 1000))
                if wakeUp.wait(milliseconds: milliseconds) { return nil }
                if milliseconds == 0 { Pause.sleep(microseconds: UInt64(seconds * 1_000_000) + 1) }
            }
        }
    }

    /// So many records of so many bytes were handed over.
    mutating func handedOver(records: UInt64, bytes: UInt64) {
        wanted -= min(wanted, records)
        budget?.spent(records: records, bytes: bytes)
    }
}
