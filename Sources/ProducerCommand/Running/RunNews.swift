// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Reports to the person at the terminal what they should know of a load while it goes on: what cannot be reached, and what
/// fails. The producer's event loop writes into it, and `RunWatch` has it said.
final class RunNews: Sendable {
    private struct State {
        var reachability: Reachability
        var failures = FailureNews()
    }

    let console: Console
    let clock: RunClock
    private let state: Mutex<State>

    init(_ run: Run, reachability: Reachability) {
        console = run.console
        clock = run.clock
        state = Mutex(State(reachability: reachability))
    }

    /// Whether any broker could be connected to.
    var hasConnected: Bool { state.withLock { $0.reachability.hasConnected } }

    /// Whether it was reported that a broker or topic is not there.
    var hasReportedAbsence: Bool { state.withLock { $0.reachability.hasReportedAbsence } }

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

    /// Reports what a person who waits should know by now, with the account so far.
    func report(_ ledger: Ledger) {
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

    /// Says at the end of a load why records failed, as far as that was not said a moment ago.
    func reportFailures(of ledger: Ledger) {
        let time = clock.seconds
        let lines = Summary(ledger: ledger, seconds: time).failureLines
        for line in state.withLock({ state in lines.filter { !state.failures.hasJustReported($0, at: time) } }) {
            console.error(line)
        }
    }
}
