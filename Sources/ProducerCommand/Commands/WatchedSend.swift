// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// A load of `send` under way.
final class WatchedSend: WatchedLoad {
    private struct Progress {
        var meter: ProgressMeter
        var passes = 0
    }

    let producer: KafkaProducer
    let outputs: RecordOutputs
    private let log: DeliveryLog
    private let counters: LoadCounters
    private let gate: AppenderGate
    private let checkpoint: CheckpointKeeper?
    /// The size of all inputs in bytes, when it is known.
    private let inputSize: UInt64?
    /// Nil when a person does not see how far the load is.
    private let progress: Mutex<Progress>?

    init(_ plan: DeliveryPlan, _ producer: KafkaProducer, log: DeliveryLog, counters: LoadCounters, gate: AppenderGate)
    {
        self.producer = producer
        self.log = log
        self.counters = counters
        self.gate = gate
        outputs = plan.outputs
        checkpoint = plan.checkpoint
        inputSize = plan.load.inputSize
        progress = plan.showsProgress ? Mutex(Progress(meter: ProgressMeter(inputSize: plan.load.inputSize))) : nil
    }

    var news: RunNews { log.news }

    /// Reading is counted by chunk, and the first records of one may be acked before its end.
    var ledger: Ledger {
        var ledger = log.ledger
        ledger.read = max(counters.records, ledger.settled)
        return ledger
    }

    var isUnderWay: Bool { gate.isOpen }

    func keep() async { await keep(isEnd: false) }

    /// Writes the checkpoint, if there is one and it is due.
    func keep(isEnd: Bool) async {
        guard let checkpoint else { return }
        let time = news.clock.seconds
        await BlockingThread.run { checkpoint.write(at: time, isEnd: isEnd) }
    }

    func show(_ ledger: Ledger, stall: String?) {
        let console = news.console
        let line = progress?.withLock { progress -> ProgressLine? in
            progress.passes += 1
            // What is not rewritten in place is for reading later: once a second is enough.
            guard console.rewritesLines || progress.passes.isMultiple(of: 5) else { return nil }
            return progress.meter.line(sample(ledger, stall: stall))
        }
        if let line = line ?? nil { console.progress(line) }
    }

    /// With what is left of the input, where its size is known.
    func progressLine(_ ledger: Ledger) -> ProgressLine? {
        guard inputSize != nil else { return nil }
        var meter = ProgressMeter(inputSize: inputSize)
        return meter.line(sample(ledger, stall: nil))
    }

    private func sample(_ ledger: Ledger, stall: String?) -> ProgressMeter.Sample {
        ProgressMeter.Sample(
            time: news.clock.seconds,
            acked: ledger.acked,
            ackedBytes: ledger.ackedBytes,
            failed: ledger.failed,
            inFlight: ledger.unsettled,
            inputBytes: counters.bytes,
            stall: stall
        )
    }
}
