// SPDX-License-Identifier: Apache-2.0

/// What is written about single records: receipts of those delivered, dead letters of those that failed.
struct RecordOutputs: Sendable {
    var receipts: ReceiptWriter?
    var deadLetters: DeadLetterWriter?
    /// What was acknowledged, if it is to be read back.
    var sent: SentRanges?

    /// Nothing is written, which costs nothing.
    static let none = RecordOutputs()

    /// Whether something that should have been written was not.
    var areIncomplete: Bool { receipts?.isIncomplete == true || deadLetters?.isIncomplete == true }

    /// What is waited for, if receipts or dead letters are: their reader is slow.
    var stallReason: String? { receipts?.stallReason ?? deadLetters?.stallReason }

    /// Blocks the reading thread while the receipts of what is under way, or dead letters, would take too much memory.
    ///
    /// - Parameters:
    ///   - outstanding: How many records are handed over and neither delivered nor failed.
    ///   - isStopped: Whether the wait should end, for reading is to end.
    ///   - flush: Sends what lingers, and waits for it.
    @available(*, noasync)
    func waitForRoom(outstanding: () -> UInt64, isStopped: () -> Bool, flush: () -> Void) {
        deadLetters?.waitForRoom(isStopped: isStopped)
        guard let receipts else { return }
        var before = outstanding()
        guard !receipts.hasRoom(outstanding: before) else { return }
        receipts.awaited {
            while !receipts.hasRoom(outstanding: before), !isStopped() {
                receipts.waitForProgress()
                let now = outstanding()
                // What neither moves nor waits to be written lingers.
                if now == before, now > 0, receipts.isIdle { flush() }
                before = outstanding()
            }
        }
    }

    /// Gives what waits to be written a second: for a process that leaves at once.
    @available(*, noasync)
    func hurry() {
        receipts?.hurry()
        deadLetters?.hurry()
    }

    /// Writes all that is left, and says so when that takes long. Called once, when nothing is under way any more.
    func finish(_ run: Run) async {
        await withTaskGroup { group in
            group.addTask { await reportStalls(run) }
            await receipts?.finish()
            await deadLetters?.finish()
            group.cancelAll()
        }
    }

    private func reportStalls(_ run: Run) async {
        var stalls = StallWatch()
        await Run.eachPass {
            guard let reason = stallReason else { return }
            let line = stalls.observe(progress: 0, isWaiting: true, reasons: [reason], at: run.clock.seconds)
            if let line { run.console.notice(line) }
        }
    }
}
