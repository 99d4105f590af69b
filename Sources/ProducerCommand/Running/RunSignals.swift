// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// Does what signals ask of a run: the first one ends reading, a second one the process, and SIGUSR1 asks for the account.
final class RunSignals: Sendable {
    private let run: Run
    private let load = Mutex<(any WatchedLoad)?>(nil)

    /// Takes signals from now on. Called once a process, before the first line about a cluster: a signal that answers such
    /// a line would end the process without an account.
    init(of run: Run) {
        self.run = run
        SignalWatch.start(onReport: { self.reportSoFar() }, onEnd: { self.received($0) })
    }

    /// A load begins, which is what signals are about from now on. One that came before ends its waits at once.
    func begins(_ load: any WatchedLoad) {
        self.load.withLock { $0 = load }
        if run.stop.signal != nil { load.interrupt() }
    }

    /// The load has ended.
    func ends() { load.withLock { $0 = nil } }

    private var current: (any WatchedLoad)? { load.withLock { $0 } }

    private func reportSoFar() {
        guard let load = current else { return }
        let ledger = load.ledger
        run.console.answer(Summary(ledger: ledger, seconds: load.news.clock.seconds).soFar)
        if let line = load.progressLine(ledger) { run.console.answer(line.text) }
    }

    private func received(_ signal: Int32) {
        let load = current
        let isFirst = run.stop.received(signal) {
            guard let load, load.isUnderWay else { return }
            run.console.notice("\(load.workAfterSignal); a second signal leaves at once")
        }
        guard isFirst else { leave(signal) }
        load?.interrupt()
    }

    /// Ends the process.
    private func leave(_ signal: Int32) -> Never {
        let load = current
        load?.leave()
        load?.outputs.hurry()
        let account = load.map { "; \(Summary(ledger: $0.ledger, seconds: $0.news.clock.seconds).line)" }
        run.console.error("left at once" + (account ?? ""))
        _exit(ExitStatus.signal(signal).code)
    }
}
