// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What is found out about a load while its producer is still there to be asked.
extension DeliveryPlan {
    /// What held the load up, by where the time went; the figures are reported with `-v`.
    func limit(
        of producer: KafkaProducer,
        _ counters: LoadCounters,
        _ seconds: Double,
        _ console: Console
    ) async -> LoadLimit? {
        if counters.timeForRate / .seconds(1) > max(LoadLimit.shortest, seconds) / 2 { return .rate }
        let times = LoadLimit.Times(
            elapsed: seconds - counters.timeToCluster / .seconds(1),
            input: counters.timeInInput / .seconds(1),
            cpu: counters.cpuSeconds,
            producer: await producer.profile(),
            configuration
        )
        let limit = LoadLimit(times)
        if limit != nil { console.detail(times.description) }
        return limit
    }

    /// Writes the last line of metrics, and all of them if that was asked for.
    func reportMetrics(of load: WatchedSend, _ console: Console) async {
        await stats?.write(load.producer, load.ledger, isLast: true)
        stats?.output.close()
        if printsMetrics { console.raw(MetricsTable.text(await load.producer.metrics())) }
    }
}
