// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Puts what was counted under the Java client's names, at one moment.
struct MetricsSnapshot {
    /// What is not counted but read.
    struct Gauges: Sendable {
        var clientID = ""
        var requestsInFlight = 0
        var connections = 0
        /// Since the last answer to a question for all metadata, if there was one.
        var metadataAge: TimeAmount?
        var waitingThreads = 0
        var bufferTotal = 0
        var bufferAvailable = 0
    }

    private static let client = "producer-metrics"
    private static let node = "producer-node-metrics"
    private static let topic = "producer-topic-metrics"

    private let now: NIODeadline
    private let clientTag: ProducerMetric.Tag
    private(set) var metrics: [ProducerMetric] = []

    /// All metrics, sorted by how Kafka's tools name them.
    init(_ counted: ProducerMetrics, waits: WaitMetrics.Counts, gauges: Gauges, now: NIODeadline) {
        self.now = now
        clientTag = ProducerMetric.Tag("client-id", gauges.clientID)
        addBatches(counted)
        addRecords(counted)
        addConnections(counted, gauges)
        addBuffers(waits, gauges)
        addTransactions(counted.transactionTimes)
        for (id, node) in counted.nodes {
            addNode(node, group: Self.node, tags: [ProducerMetric.Tag("node-id", "node-\(id)")])
            addLatency(node, group: Self.node, tags: [ProducerMetric.Tag("node-id", "node-\(id)")])
        }
        for (name, topic) in counted.topics { addTopic(topic, named: name) }
        let count = metrics.count + 1
        metrics.append(
            ProducerMetric(group: "kafka-metrics-count", name: "count", tags: [clientTag], value: Double(count))
        )
        metrics = metrics.map { ($0.description, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private mutating func add(_ name: String, _ value: Double, group: String = client, tags: [ProducerMetric.Tag] = [])
    {
        metrics.append(ProducerMetric(group: group, name: name, tags: [clientTag] + tags, value: value))
    }

    /// A sum per second and since the beginning.
    private mutating func addMeter(
        _ name: String,
        _ values: SampledValues,
        group: String = client,
        tags: [ProducerMetric.Tag] = []
    ) {
        add(name + "-rate", values.rate(at: now), group: group, tags: tags)
        add(name + "-total", values.total, group: group, tags: tags)
    }

    private mutating func addBatches(_ counted: ProducerMetrics) {
        add("batch-size-avg", counted.batchSize.average(at: now))
        add("batch-size-max", counted.batchSize.largest(at: now))
        addMeter("batch-split", counted.splits)
        add("compression-rate-avg", counted.compression.average(at: now))
        add("record-queue-time-avg", counted.queueTime.average(at: now))
        add("record-queue-time-max", counted.queueTime.largest(at: now))
        add("record-size-avg", counted.recordSize.average(at: now))
    }

    private mutating func addRecords(_ counted: ProducerMetrics) {
        addMeter("record-send", counted.recordsPerRequest)
        add("records-per-request-avg", counted.recordsPerRequest.average(at: now))
        addMeter("record-retry", counted.retries)
        addMeter("record-error", counted.errors)
        add("produce-throttle-time-avg", counted.throttleTime.average(at: now))
        add("produce-throttle-time-max", counted.throttleTime.largest(at: now))
    }

    private mutating func addConnections(_ counted: ProducerMetrics, _ gauges: Gauges) {
        add("requests-in-flight", Double(gauges.requestsInFlight))
        add("metadata-age", gauges.metadataAge.map { Double($0.nanoseconds) / 1_000_000_000 } ?? .nan)
        add("connection-count", Double(gauges.connections))
        addMeter("connection-creation", counted.connectionsCreated)
        addMeter("connection-close", counted.connectionsClosed)
        addNode(counted.all, group: Self.client, tags: [])
        addLatency(counted.all, group: Self.client, tags: [])
    }

    private mutating func addBuffers(_ waits: WaitMetrics.Counts, _ gauges: Gauges) {
        add("waiting-threads", Double(gauges.waitingThreads))
        add("buffer-total-bytes", Double(gauges.bufferTotal))
        add("buffer-available-bytes", Double(gauges.bufferAvailable))
        add("bufferpool-wait-ratio", waits.memory.rate(at: now) / 1_000_000_000)
        add("bufferpool-wait-time-ns-total", waits.memory.total)
        addMeter("buffer-exhausted", waits.exhausted)
        add("flush-time-ns-total", Double(waits.flush))
        add("metadata-wait-time-ns-total", Double(waits.metadata))
    }

    private mutating func addTransactions(_ times: TransactionTimes) {
        add("txn-init-time-ns-total", Double(times.initialize))
        add("txn-begin-time-ns-total", Double(times.begin))
        add("txn-send-offsets-time-ns-total", Double(times.commitOffsets))
        add("txn-commit-time-ns-total", Double(times.commit))
        add("txn-abort-time-ns-total", Double(times.abort))
    }

    private mutating func addNode(_ node: ProducerMetrics.Node, group: String, tags: [ProducerMetric.Tag]) {
        add("request-rate", node.requests.eventRate(at: now), group: group, tags: tags)
        add("request-total", Double(node.requests.events), group: group, tags: tags)
        add("request-size-avg", node.requests.average(at: now), group: group, tags: tags)
        add("request-size-max", node.requests.largest(at: now), group: group, tags: tags)
        addMeter("outgoing-byte", node.requests, group: group, tags: tags)
        add("response-rate", node.responses.eventRate(at: now), group: group, tags: tags)
        add("response-total", Double(node.responses.events), group: group, tags: tags)
        addMeter("incoming-byte", node.responses, group: group, tags: tags)
    }

    private mutating func addLatency(_ node: ProducerMetrics.Node, group: String, tags: [ProducerMetric.Tag]) {
        add("request-latency-avg", node.latency.average(at: now), group: group, tags: tags)
        add("request-latency-max", node.latency.largest(at: now), group: group, tags: tags)
    }

    private mutating func addTopic(_ topic: ProducerMetrics.Topic, named name: String) {
        let tags = [ProducerMetric.Tag("topic", name)]
        addMeter("record-send", topic.records, group: Self.topic, tags: tags)
        addMeter("byte", topic.bytes, group: Self.topic, tags: tags)
        add("compression-rate", topic.compression.average(at: now), group: Self.topic, tags: tags)
        addMeter("record-retry", topic.retries, group: Self.topic, tags: tags)
        addMeter("record-error", topic.errors, group: Self.topic, tags: tags)
    }
}
