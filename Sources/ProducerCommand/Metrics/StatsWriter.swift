// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Writes a JSON line with the metrics every so often while a load runs.
struct StatsWriter: Sendable {
    let interval: Duration
    let clock: RunClock
    let console: Console
    /// The file, or nil for standard error.
    let output: OpenOutput?

    /// Writes lines until it is cancelled.
    func run(_ producer: KafkaProducer, _ ledger: @Sendable () -> Ledger) async {
        // Counted from the beginning, so that lines do not drift.
        var next = ContinuousClock.now + interval
        while (try? await Task.sleep(until: next)) != nil {
            next += interval
            await write(producer, ledger())
        }
    }

    /// Writes one line.
    func write(_ producer: KafkaProducer, _ ledger: Ledger) async {
        let metrics = await producer.metrics()
        guard !metrics.isEmpty else { return }
        let stats = StatsLine(metrics, ledger, time: TimeText.now(), seconds: clock.seconds)
        guard let line = try? JSONText.of(stats) else { return }
        guard let output else { return console.raw(line) }
        // Whoever is at the other end of a pipe may be slow.
        let isWritten = await BlockingThread.run { DescriptorWriter.write(line + "\n", to: output.descriptor) }
        if !isWritten { console.detail("--stats-file: \(output.destination.name) takes no more") }
    }

    /// Closes the file.
    func close() { output?.close() }
}
