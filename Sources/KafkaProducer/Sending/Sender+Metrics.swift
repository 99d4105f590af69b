// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What is counted for metrics, and what is looked at when somebody asks for them.
extension Sender {
    /// A produce request with these batches was handed to a connection.
    func countSent(_ batches: [ProducerBatch], now: NIODeadline) {
        var records = 0
        for batch in batches {
            metrics.batchSent(
                ProducerMetrics.SentBatch(
                    topic: batch.queue.topic,
                    records: batch.recordCount,
                    recordBytes: batch.byteCount,
                    wireBytes: batch.wireSize,
                    plainBytes: batch.plainSize,
                    queueTime: now - batch.createdAt
                ),
                now: now
            )
            records += batch.recordCount
        }
        metrics.produceRequestSent(records: records, now: now)
    }

    /// Notes what keeps ready batches from being sent, from now until the next look.
    func noteSituation(now: NIODeadline) {
        metrics.situations.became(situation(now: now), now: now)
    }

    private func situation(now: NIODeadline) -> SituationTimes.Situation {
        var result = SituationTimes.Situation.free
        for connection in connections.values where connection.blockedSince != nil {
            if let until = connection.throttledUntil, until > now { return .throttled }
            result = connection.machine.isReady ? .inFlightFull : result == .free ? .unreachable : result
        }
        guard result == .free else { return result }
        for index in active where partitions[index].queuedBatches > 0 {
            if partitions[index].isMuted { return .inFlightFull }
            if partitions[index].leader == nil { result = .unreachable }
        }
        return result
    }

    /// All metrics at this moment.
    func currentMetrics(waits: WaitMetrics.Counts) -> [ProducerMetric] {
        let now = NIODeadline.now()
        var gauges = MetricsSnapshot.Gauges()
        gauges.clientID = configuration.clientID
        for connection in connections.values {
            gauges.requestsInFlight += connection.machine.inFlightCount
            gauges.connections += connection.channelCount
        }
        gauges.metadataAge = metadata.lastSuccess.map { now - $0 }
        gauges.waitingThreads = accumulator.pool.waiterCount
        gauges.bufferTotal = accumulator.pool.capacity
        gauges.bufferAvailable = accumulator.pool.available
        return MetricsSnapshot(metrics, waits: waits, gauges: gauges, now: now).metrics
    }

    /// Where the time went, as far as the event loop and the workers know.
    func currentProfile() -> LoadProfile {
        let now = NIODeadline.now()
        var profile = LoadProfile()
        profile.codecBusy = accumulator.sealer.busyTime
        profile.workers = accumulator.sealer.workerCount
        profile.inFlightFull = metrics.situations.time(in: .inFlightFull, now: now)
        profile.throttled = metrics.situations.time(in: .throttled, now: now)
        profile.unreachable = metrics.situations.time(in: .unreachable, now: now)
        return profile
    }
}
