// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The result as a JSON object; times in seconds, latencies in milliseconds.
extension PerfResult: Encodable {
    private enum Key: String, CodingKey {
        case topic, startedAt, records, failed, bytes, seconds, recordsPerSecond, megabytesPerSecond, latency, steady
        case cpuSeconds, cpuSecondsPerMillionRecords, peakMemoryBytes, batches, requests, limit, failures, settings
        case timeline, metrics
    }

    private struct Steady: Encodable {
        var records: UInt64
        var seconds: Double
        var latency: LatencyStatistics
    }

    private struct Requests: Encodable {
        var count: UInt64
        var averageBytes: Double
    }

    private struct Failure: Encodable {
        var error: String
        var count: UInt64
        var first: String
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(topic, forKey: .topic)
        try container.encode(TimeText.iso8601(milliseconds: startedAt), forKey: .startedAt)
        try container.encode(total.records, forKey: .records)
        try container.encode(ledger.failed, forKey: .failed)
        try container.encode(total.bytes, forKey: .bytes)
        try container.encode(seconds.roundedToThousandths, forKey: .seconds)
        try container.encode(recordsPerSecond.roundedToThousandths, forKey: .recordsPerSecond)
        try container.encode(megabytesPerSecond.roundedToThousandths, forKey: .megabytesPerSecond)
        try container.encode(total, forKey: .latency)
        let steady = steady.map {
            Steady(records: $0.statistics.records, seconds: $0.seconds.roundedToThousandths, latency: $0.statistics)
        }
        try container.encodeIfPresent(steady, forKey: .steady)
        try container.encode(cpuSeconds.roundedToThousandths, forKey: .cpuSeconds)
        try container.encode(cpuSecondsPerMillion.roundedToThousandths, forKey: .cpuSecondsPerMillionRecords)
        try container.encode(peakMemory, forKey: .peakMemoryBytes)
        try container.encode(batches, forKey: .batches)
        let requests = Requests(count: requests, averageBytes: requestSize.roundedToThousandths)
        try container.encode(requests, forKey: .requests)
        try container.encodeIfPresent(limit?.clause, forKey: .limit)
        let failures = ledger.failures.map { Failure(error: $0.kind.name, count: $0.count, first: $0.firstMessage) }
        try container.encode(failures, forKey: .failures)
        let settings = Dictionary(settings.map { ($0.key, $0.text) }) { $1 }
        try container.encode(settings, forKey: .settings)
        try container.encode(timeline.points, forKey: .timeline)
        try container.encode(MetricGroups(metrics), forKey: .metrics)
    }
}

/// `average`, `maximum`, and `p50` to `p99.99`.
extension LatencyStatistics: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONKey.self)
        try container.encode(average.roundedToThousandths, forKey: JSONKey("average"))
        try container.encode(maximum.roundedToThousandths, forKey: JSONKey("maximum"))
        for (name, percent) in PerfResult.percents {
            try container.encode(percentile(percent).roundedToThousandths, forKey: JSONKey("p" + name))
        }
    }
}

extension BatchSizes: Encodable {
    private enum Key: String, CodingKey { case count, averageBytes, p50Bytes, p99Bytes, maximumBytes }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(count, forKey: .count)
        try container.encode(average.roundedToThousandths, forKey: .averageBytes)
        try container.encode(percentile(50), forKey: .p50Bytes)
        try container.encode(percentile(99), forKey: .p99Bytes)
        try container.encode(largest, forKey: .maximumBytes)
    }
}

extension Timeline.Point: Encodable {
    private enum Key: String, CodingKey { case seconds, recordsPerSecond, bytesPerSecond, batchBytes, requestBytes }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(time.roundedToThousandths, forKey: .seconds)
        try container.encode(recordsPerSecond.roundedToThousandths, forKey: .recordsPerSecond)
        try container.encode(bytesPerSecond.roundedToThousandths, forKey: .bytesPerSecond)
        try container.encodeIfPresent(batchSize?.roundedToThousandths, forKey: .batchBytes)
        try container.encodeIfPresent(requestSize?.roundedToThousandths, forKey: .requestBytes)
    }
}
