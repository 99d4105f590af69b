// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Writes the metrics every so often while a load runs.
struct StatsWriter: Sendable {
    let interval: Duration
    let format: StatsFormat
    let clock: RunClock
    let output: StatsOutput

    /// Writes them until it is cancelled.
    func run(_ producer: KafkaProducer, _ ledger: @Sendable () -> Ledger) async {
        // Counted from the beginning, so that lines do not drift.
        var next = ContinuousClock.now + interval
        while (try? await Task.sleep(until: next)) != nil {
            next += interval
            await write(producer, ledger())
        }
    }

    /// Writes them once, for the last time or not.
    func write(_ producer: KafkaProducer, _ ledger: Ledger, isLast: Bool = false) async {
        let metrics = await producer.metrics()
        guard !metrics.isEmpty else { return }
        switch format {
        case .json:
            let stats = StatsLine(metrics, ledger, time: TimeText.now(), seconds: clock.seconds, isLast: isLast)
            guard let line = try? JSONText.of(stats) else { return }
            await output.write(line)
        case .prometheus:
            let text = PrometheusText(metrics, ledger, seconds: clock.seconds, isLast: isLast).text
            await output.write(String(text.dropLast()))
        }
    }
}
