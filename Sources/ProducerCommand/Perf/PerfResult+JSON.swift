// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The result as one JSON object.
extension PerfResult {
    var json: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func append(to text: inout [UInt8]) {
        text.append(text: "{\"topic\":")
        text.append(jsonString: topic.utf8)
        text.append(text: ",\"startedAt\":")
        text.append(jsonString: TimeText.iso8601(milliseconds: startedAt).utf8)
        text.append(text: ",\"records\":\(total.records),\"failed\":\(ledger.failed),\"bytes\":\(total.bytes)")
        append("seconds", seconds, &text)
        append("recordsPerSecond", recordsPerSecond, &text)
        append("megabytesPerSecond", megabytesPerSecond, &text)
        text.append(text: ",\"latency\":")
        append(total, &text)
        if let steady {
            text.append(text: ",\"steady\":{\"records\":\(steady.statistics.records)")
            append("seconds", steady.seconds, &text)
            text.append(text: ",\"latency\":")
            append(steady.statistics, &text)
            text.append(text: "}")
        }
        append("cpuSeconds", cpuSeconds, &text)
        append("cpuSecondsPerMillionRecords", cpuSecondsPerMillion, &text)
        text.append(text: ",\"peakMemoryBytes\":\(peakMemory),\"batches\":{\"count\":\(batches.count)")
        append("averageBytes", batches.average, &text)
        text.append(text: ",\"p50Bytes\":\(batches.percentile(50)),\"p99Bytes\":\(batches.percentile(99))")
        text.append(text: ",\"maximumBytes\":\(batches.largest)},\"requests\":{\"count\":\(requests)")
        append("averageBytes", requestSize, &text)
        text.append(text: "}")
        if let limit {
            text.append(text: ",\"limit\":")
            text.append(jsonString: limit.clause.utf8)
        }
        appendFailures(&text)
        appendSettings(&text)
        appendTimeline(&text)
        text.append(text: ",\"metrics\":")
        StatsLine.append(metrics, to: &text)
        text.append(text: "}")
    }

    private func append(_ name: String, _ value: Double, _ text: inout [UInt8]) {
        text.append(text: ",\"\(name)\":\(NumberText.fixed(value, digits: 3))")
    }

    /// Milliseconds.
    private func append(_ latency: LatencyStatistics, _ text: inout [UInt8]) {
        text.append(text: "{\"average\":\(NumberText.fixed(latency.average, digits: 3))")
        append("maximum", latency.maximum, &text)
        for (name, percent) in Self.percents { append("p\(name)", latency.percentile(percent), &text) }
        text.append(text: "}")
    }

    private func appendFailures(_ text: inout [UInt8]) {
        text.append(text: ",\"failures\":[")
        for (index, failure) in ledger.failures.enumerated() {
            if index > 0 { text.append(text: ",") }
            text.append(text: "{\"error\":")
            text.append(jsonString: failure.kind.utf8)
            text.append(text: ",\"count\":\(failure.count),\"first\":")
            text.append(jsonString: failure.firstMessage.utf8)
            text.append(text: "}")
        }
        text.append(text: "]")
    }

    private func appendSettings(_ text: inout [UInt8]) {
        text.append(text: ",\"settings\":{")
        for (index, setting) in settings.enumerated() {
            if index > 0 { text.append(text: ",") }
            text.append(jsonString: setting.key.utf8)
            text.append(text: ":")
            text.append(jsonString: setting.text.utf8)
        }
        text.append(text: "}")
    }

    private func appendTimeline(_ text: inout [UInt8]) {
        text.append(text: ",\"timeline\":[")
        for (index, point) in timeline.points.enumerated() {
            if index > 0 { text.append(text: ",") }
            text.append(text: "{\"seconds\":\(NumberText.fixed(point.time, digits: 3))")
            append("recordsPerSecond", point.recordsPerSecond, &text)
            append("bytesPerSecond", point.bytesPerSecond, &text)
            if let size = point.batchSize { append("batchBytes", size, &text) }
            if let size = point.requestSize { append("requestBytes", size, &text) }
            text.append(text: "}")
        }
        text.append(text: "]")
    }
}
