// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Tells the person at the terminal what they should know of a run while it goes on: what cannot be reached, what fails and
/// what is waited for. The producer's event loop writes into it, the loop that watches over the run says it.
final class RunNews: Sendable {
    private struct State {
        var reachability: Reachability
        var failures = FailureNews()
    }

    private let console: Console
    private let clock: RunClock
    private let state: Mutex<State>

    init(console: Console, clock: RunClock, reachability: Reachability) {
        self.console = console
        self.clock = clock
        state = Mutex(State(reachability: reachability))
    }

    /// Whether any broker could be connected to.
    var hasConnected: Bool { state.withLock { $0.reachability.hasConnected } }

    /// Whether a person was told of a broker or topic that is not there.
    var hasToldAbsence: Bool { state.withLock { $0.reachability.hasToldAbsence } }

    /// Takes an event in, and says it when it is worth a line by itself.
    func occurred(_ event: ProducerEvent) {
        if let line = state.withLock({ $0.reachability.occurred(event, at: clock.seconds) }) {
            console.notice(line)
        } else {
            // Pauses are gathered: they come with every answer.
            if case .throttled = event { return }
            console.detail(EventText.line(event))
        }
    }

    /// Says what a person who waits should be told by now, with the account so far.
    func tell(_ ledger: Ledger) {
        let time = clock.seconds
        let (absent, details, failures) = state.withLock { state in
            (
                state.reachability.overdueWarnings(at: time),
                state.reachability.details(at: time),
                state.failures.lines(ledger, at: time)
            )
        }
        for line in absent { console.warning(line) }
        for line in details { console.detail(line) }
        for line in failures { console.error(line) }
    }

    /// Those of the lines that were not said a moment ago.
    func unsaid(_ lines: [String]) -> [String] {
        state.withLock { state in lines.filter { !state.failures.hasJustTold($0, at: clock.seconds) } }
    }

    /// Says that nothing moves, or that it moves again; `receipts` is what receipts wait for, if they do. Returns what is
    /// waited for, for as long as nothing moves.
    @discardableResult
    func tellStall(
        _ stalls: inout StallWatch,
        of producer: KafkaProducer,
        progress: UInt64,
        isWaiting: Bool,
        receipts: String? = nil
    ) async -> [String] {
        let time = clock.seconds
        let isWaiting = isWaiting || receipts != nil
        var reasons: [String] = []
        if stalls.isDue(progress: progress, isWaiting: isWaiting, at: time) {
            reasons = await producer.stallReasons().map(\.description)
            if let receipts { reasons.insert(receipts, at: 0) }
        }
        let line = stalls.observe(progress: progress, isWaiting: isWaiting, reasons: reasons, at: time)
        if let line { console.notice(line) }
        return reasons
    }
}
