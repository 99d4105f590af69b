// SPDX-License-Identifier: Apache-2.0

/// Turns samples of a running load into the text of the progress line.
///
/// A pure value: time comes as an argument. Rates are taken over the last seconds, so that a stall shows.
struct ProgressMeter: Sendable {
    /// One glance at a running load.
    struct Sample: Equatable, Sendable {
        /// Since the beginning of the run, in seconds.
        var time: Double
        /// Records acked.
        var acked: UInt64 = 0
        /// Bytes of the acked records.
        var ackedBytes: UInt64 = 0
        var failed: UInt64 = 0
        var inFlight: UInt64 = 0
        /// Bytes read from the inputs.
        var inputBytes: UInt64 = 0
        /// What is waited for when nothing moves.
        var stall: String?
    }

    /// The size of all inputs in bytes, when it is known.
    let inputSize: UInt64?
    /// Rates are taken over this many seconds.
    let window: Double
    private var samples: [Sample] = []

    init(inputSize: UInt64?, window: Double = 3) {
        self.inputSize = inputSize
        self.window = window
    }

    /// The line for the state at `sample.time`.
    mutating func line(_ sample: Sample) -> ProgressLine {
        samples.append(sample)
        // The oldest sample kept is the youngest one that is at least a window old.
        while samples.count > 2, samples[1].time <= sample.time - window { samples.removeFirst() }
        let first = samples.count > 1 ? samples[0] : Sample(time: 0)
        let elapsed = sample.time - first.time

        var line = ProgressLine()
        line.append(.records, "\(NumberText.grouped(sample.acked)) records")
        line.append(.bytes, NumberText.bytes(sample.ackedBytes))
        if elapsed > 0, sample.stall == nil {
            let records = Double(sample.acked - min(sample.acked, first.acked)) / elapsed
            let bytes = Double(sample.ackedBytes - min(sample.ackedBytes, first.ackedBytes)) / elapsed
            line.append(.rate, "\(NumberText.rate(records))/s")
            line.append(.byteRate, NumberText.byteRate(bytes))
        }
        line.append(.inFlight, "\(NumberText.grouped(sample.inFlight)) in flight")
        if sample.failed > 0 { line.append(.failed, "\(NumberText.grouped(sample.failed)) failed") }
        if let stall = sample.stall {
            line.append(.stall, "waiting: \(stall)")
        } else {
            appendTimeLeft(to: &line, sample, since: first)
        }
        return line
    }

    private func appendTimeLeft(to line: inout ProgressLine, _ sample: Sample, since first: Sample) {
        guard let inputSize, inputSize > 0, sample.inputBytes <= inputSize else { return }
        line.append(.percentage, "\(sample.inputBytes * 100 / inputSize)%")
        let elapsed = sample.time - first.time
        let progress = Double(sample.inputBytes - min(sample.inputBytes, first.inputBytes))
        guard elapsed > 0, progress > 0 else { return }
        let seconds = Double(inputSize - sample.inputBytes) / (progress / elapsed)
        line.append(.timeLeft, "\(NumberText.clock(seconds: seconds)) left")
    }
}
