// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What each metric of the Java client means, in a sentence.
enum MetricMeanings {
    /// The sentence on a metric.
    static func sentence(on metric: ProducerMetric) -> String {
        if let known = sentences[metric.name] { return known }
        for (suffix, end) in endings where metric.name.hasSuffix(suffix) {
            if let known = measured[String(metric.name.dropLast(suffix.count))] { return known + end }
        }
        return "\(metric.name) of the Java client's \(metric.group)."
    }

    private static let endings = [
        ("-avg", ", on average."), ("-max", ", the largest."), ("-rate", ", per second."),
        ("-ns-total", ", in nanoseconds from the beginning."), ("-total", ", from the beginning."),
    ]

    private static let sentences = [
        "compression-rate": "Compressed bytes over bytes before, by batch.",
        "compression-rate-avg": "Compressed bytes over bytes before, by batch, on average.",
        "records-per-request-avg": "Records in a produce request, on average.",
        "requests-in-flight": "Requests that are not answered now.",
        "metadata-age": "Seconds since the cluster last answered all that it was asked for.",
        "connection-count": "Connections that are open now.",
        "waiting-threads": "Threads and tasks that wait for memory now.",
        "buffer-total-bytes": "Bytes of buffer.memory.",
        "buffer-available-bytes": "Bytes of buffer.memory that are free.",
        "bufferpool-wait-ratio": "Share of the time that was spent waiting for memory.",
    ]

    private static let measured = [
        "batch-size": "Bytes of a batch as sent",
        "batch-split": "Batches divided since the broker found them too large",
        "record-queue-time": "Milliseconds from the first record of a batch to its being sent",
        "record-size": "Bytes of key, value and headers of a record",
        "record-send": "Records handed to a connection",
        "record-retry": "Records to be sent again after a failure that may pass",
        "record-error": "Records given up",
        "byte": "Bytes sent, after compression",
        "produce-throttle-time": "Milliseconds that brokers asked to wait",
        "request-latency": "Milliseconds from a produce request to its answer",
        "request": "Requests of every kind",
        "request-size": "Bytes of a request",
        "outgoing-byte": "Bytes of requests",
        "response": "Answers of every kind",
        "incoming-byte": "Bytes of answers",
        "connection-creation": "Connections made",
        "connection-close": "Connections ended",
        "buffer-exhausted": "Records refused since no memory came free in time",
        "bufferpool-wait-time": "Time spent waiting for memory",
        "flush-time": "Time spent in flushes",
        "metadata-wait-time": "Time spent waiting for a topic's metadata",
        "txn-init-time": "Time spent initializing transactions",
        "txn-begin-time": "Time spent beginning transactions",
        "txn-send-offsets-time": "Time spent adding offsets to transactions",
        "txn-commit-time": "Time spent committing transactions",
        "txn-abort-time": "Time spent aborting transactions",
    ]
}
