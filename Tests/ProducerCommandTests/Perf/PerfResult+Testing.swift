// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

@testable import ProducerCommand

extension PerfResult {
    /// A result of a run of four seconds with figures that are easy to follow.
    static func sample(
        topic: String = "orders",
        records: UInt64 = 4000,
        seconds: Double = 4,
        settings: [EffectiveValue] = []
    ) -> PerfResult {
        var total = LatencyStatistics()
        for latency in 1...records { total.record(latency * 10, count: 1) }
        total.add(bytes: records * 100)
        var ledger = Ledger()
        ledger.read = records
        ledger.delivered(records: records, bytes: records * 100)
        var batches = BatchSizes()
        for _ in 0..<40 { batches.record(bytes: 10_000, records: 100) }
        var timeline = Timeline()
        for second in 1...4 {
            let share = UInt64(second)
            timeline.add(
                .init(
                    time: Double(second),
                    records: records / 4 * share,
                    bytes: records * 25 * share,
                    batches: 10 * share,
                    batchBytes: 100_000 * share,
                    requests: 5 * share,
                    requestBytes: 100_000 * share
                )
            )
        }
        return PerfResult(
            topic: topic,
            startedAt: 1_700_000_000_000,
            total: total,
            steady: nil,
            ledger: ledger,
            seconds: seconds,
            cpuSeconds: 0.5,
            peakMemory: 50_000_000,
            batches: batches,
            requests: 20,
            requestBytes: 400_000,
            timeline: timeline,
            limit: .broker,
            metrics: [],
            settings: settings,
            load: [("values", "of 100 bytes")]
        )
    }
}
