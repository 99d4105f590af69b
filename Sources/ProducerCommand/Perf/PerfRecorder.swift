// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Takes the latency of every record from the time at which it was to be sent, which its position holds, and keeps the
/// account of a perf run.
final class PerfRecorder: ProducerObserver {
    /// Everything that a run has counted.
    struct State: Sendable {
        var ledger = Ledger()
        var total = LatencyStatistics()
        var steady = LatencyStatistics()
        var window = LatencyWindow()
        /// When the first record after the warm-up was to be sent, by the clock.
        var steadyBegin: UInt64?
        var batches = BatchSizes()
    }

    /// What a person is told while the run goes on.
    let news: RunNews
    private let clock: RunClock
    private let console: Console
    /// The first record that counts as steady.
    private let warmup: UInt64
    private let state = Mutex(State())

    /// `clock` is the one that positions were taken from.
    init(console: Console, clock: RunClock, warmup: UInt64, reachability: Reachability) {
        self.console = console
        self.clock = clock
        self.warmup = warmup
        news = RunNews(console: console, clock: clock, reachability: reachability)
    }

    var current: State { state.withLock { $0 } }

    var ledger: Ledger { state.withLock { $0.ledger } }

    /// What was acknowledged so far; unlike ``current`` it copies no histogram.
    var counts: (records: UInt64, bytes: UInt64, batches: UInt64, batchBytes: UInt64) {
        state.withLock { ($0.total.records, $0.total.bytes, $0.batches.count, $0.batches.bytes) }
    }

    /// Whether a record after the warm-up was acknowledged.
    var isSteady: Bool { state.withLock { $0.steady.records > 0 } }

    /// Takes what came since the last time.
    func takeWindow() -> LatencyWindow {
        state.withLock { state in
            defer { state.window = LatencyWindow() }
            return state.window
        }
    }

    /// Counts a record that the producer would not take.
    func refuse(_ fault: RecordFault) {
        state.withLock { $0.ledger.fail(fault, place: nil) }
    }

    func delivered(_ report: DeliveryReport) {
        guard case .failed(let batchError) = report.outcome else { return acked(report) }
        state.withLock { state in
            for index in 0..<report.recordCount {
                let error = report.error(ofRecord: index) ?? batchError
                state.ledger.fail(error, place: nil)
            }
        }
        console.detail("\(report.recordCount) records of one batch failed: \(batchError.name): \(batchError)")
    }

    private func acked(_ report: DeliveryReport) {
        let now = clock.microseconds
        state.withLock { state in
            let (records, bytes) = (UInt64(report.recordCount), UInt64(report.byteCount))
            state.ledger.delivered(records: records, bytes: bytes)
            state.batches.record(bytes: report.wireByteCount, records: report.recordCount)
            state.total.add(bytes: bytes)
            state.window.add(bytes: bytes)
            var steady: UInt64 = 0
            forEachRun(of: report) { due, count, first in
                let latency = now - min(now, due)
                state.total.record(latency, count: count)
                state.window.record(latency, count: count)
                let steadyCount = first >= warmup ? count : first + count > warmup ? first + count - warmup : 0
                if steadyCount > 0 {
                    if state.steadyBegin == nil { state.steadyBegin = due }
                    state.steady.record(latency, count: steadyCount)
                    steady += steadyCount
                }
            }
            if steady > 0 { state.steady.add(bytes: bytes * steady / max(1, records)) }
        }
    }

    /// Records that were due at the same time are counted together: without a rate those are many.
    private func forEachRun(
        of report: DeliveryReport,
        _ body: (_ due: UInt64, _ count: UInt64, _ first: UInt64) -> Void
    ) {
        var run: (due: UInt64, count: UInt64, first: UInt64)?
        for index in 0..<report.recordCount {
            guard let position = report.position(ofRecord: index) else { continue }
            if let current = run, current.due == position.offset, current.first + current.count == position.line {
                run?.count += 1
                continue
            }
            if let run { body(run.due, run.count, run.first) }
            run = (position.offset, 1, position.line)
        }
        if let run { body(run.due, run.count, run.first) }
    }

    func occurred(_ event: ProducerEvent) { news.occurred(event) }
}
