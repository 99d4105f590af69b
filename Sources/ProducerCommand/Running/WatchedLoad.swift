// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProducer

/// A load under way, as `RunWatch` and `RunSignals` see it: this is all in which `send`, `resend` and `perf` differ for a
/// person who waits.
protocol WatchedLoad: Sendable {
    /// Who sends.
    var producer: KafkaProducer { get }
    /// What is reported to a person.
    var news: RunNews { get }
    /// What is written about single records.
    var outputs: RecordOutputs { get }
    /// The account so far; what was read and is not settled is under way.
    var ledger: Ledger { get }
    /// Whether records were handed over, or can be. Before that, the cluster or the topic is waited for.
    var isUnderWay: Bool { get }
    /// Whether something is waited for, so that it is worth a line when nothing moves.
    var isWaiting: Bool { get }
    /// What happens between the first signal and the end.
    var workAfterSignal: String { get }

    /// Ends what is waited for, after the first signal.
    func interrupt()
    /// Does the last that others should not wait for, before the process leaves at once.
    func leave()
    /// Writes down how far the load is, where that is kept.
    func keep() async
    /// How far the load is, where more can be said than the account does.
    func progressLine(_ ledger: Ledger) -> ProgressLine?
    /// Shows how far the load is, with what is waited for when nothing moves.
    func show(_ ledger: Ledger, stall: String?)
}

extension WatchedLoad {
    var workAfterSignal: String { "delivering what was read" }

    var isWaiting: Bool {
        // Before the cluster is known, what cannot be reached is reported already.
        isUnderWay ? producer.statistics.batchesIncomplete > 0 : !news.hasReportedAbsence
    }

    func interrupt() {
        // What is waited for is the cluster, or the topic: that of all records, or of one that names its own.
        producer.interruptTopicWaits()
        guard isUnderWay else { return }
        // It ends by itself after that time, unless the process ends before.
        Task { [producer] in
            // What is read and finds no memory must not wait for ever.
            try? await Task.sleep(for: producer.configuration.deliveryTimeout)
            producer.interruptAppenders()
        }
    }

    /// Asks for an open transaction to be aborted, unless its commit was asked for: its readers need not wait for its timeout.
    func leave() {
        guard producer.configuration.transactionalID != nil else { return }
        let done = DispatchSemaphore(value: 0)
        producer.abandonTransaction { done.signal() }
        _ = done.wait(timeout: .now() + .seconds(1))
    }

    func keep() async {}
    func progressLine(_ ledger: Ledger) -> ProgressLine? { nil }
    func show(_ ledger: Ledger, stall: String?) {}
}
