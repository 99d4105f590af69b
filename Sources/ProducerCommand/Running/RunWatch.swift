// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Informs the person who waits for a load: what cannot be reached, what fails, what is waited for, how far it is. It
/// also ends reading when the cluster is gone.
struct RunWatch: Sendable {
    private let load: any WatchedLoad
    private let outage: OutageWatch

    init(_ load: any WatchedLoad, of run: Run, onOutage: OutageHandling) {
        self.load = load
        outage = OutageWatch(onOutage, patience: load.producer.configuration.deliveryTimeout, run)
    }

    /// Watches until the task is cancelled.
    func untilCancelled() async {
        var stalls = StallWatch()
        await Run.eachPass {
            await load.keep()
            let reasons = await reportStall(&stalls)
            let ledger = load.ledger
            await outage.pass(load.producer, failed: ledger.failed)
            load.news.report(ledger)
            load.show(ledger, stall: reasons.isEmpty ? nil : StallWatch.text(reasons))
        }
    }

    /// Says that nothing moves, or that it moves again. Returns what is waited for, for as long as nothing moves.
    private func reportStall(_ stalls: inout StallWatch) async -> [String] {
        let time = load.news.clock.seconds
        let progress = load.ledger.progress
        let output = load.outputs.stallReason
        let isWaiting = load.isWaiting || output != nil
        var reasons: [String] = []
        if stalls.isDue(progress: progress, isWaiting: isWaiting, at: time) {
            reasons = await load.producer.stallReasons().map(\.description)
            if let output { reasons.insert(output, at: 0) }
        }
        let line = stalls.observe(progress: progress, isWaiting: isWaiting, reasons: reasons, at: time)
        if let line { load.news.console.notice(line) }
        return reasons
    }
}
