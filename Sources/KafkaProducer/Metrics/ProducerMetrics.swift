// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore

/// Everything that the event loop counts for metrics, one call an event; the events are those of batches and requests.
///
/// A value: time comes as an argument. Names and computation are those of the Java client's metrics.
struct ProducerMetrics: Sendable {
    /// What is counted for each broker.
    struct Node: Sendable {
        /// Sizes of requests.
        var requests: SampledValues
        /// Sizes of responses.
        var responses: SampledValues
        /// Milliseconds from a produce request to its response.
        var latency: SampledValues

        init(_ sampling: MetricSampling) {
            requests = SampledValues(sampling)
            responses = SampledValues(sampling)
            latency = SampledValues(sampling)
        }
    }

    /// What is counted for each topic.
    struct Topic: Sendable {
        var records: SampledValues
        var bytes: SampledValues
        var compression: SampledValues
        var retries: SampledValues
        var errors: SampledValues

        init(_ sampling: MetricSampling) {
            records = SampledValues(sampling)
            bytes = SampledValues(sampling)
            compression = SampledValues(sampling)
            retries = SampledValues(sampling)
            errors = SampledValues(sampling)
        }
    }

    let sampling: MetricSampling
    private(set) var nodes: [Int32: Node] = [:]
    private(set) var topics: [String: Topic] = [:]
    /// All brokers together.
    private(set) var all: Node
    private(set) var batchSize: SampledValues
    private(set) var queueTime: SampledValues
    private(set) var compression: SampledValues
    private(set) var recordSize: SampledValues
    private(set) var recordsPerRequest: SampledValues
    private(set) var retries: SampledValues
    private(set) var errors: SampledValues
    private(set) var splits: SampledValues
    private(set) var throttleTime: SampledValues
    private(set) var connectionsCreated: SampledValues
    private(set) var connectionsClosed: SampledValues
    /// How long produce requests took to be answered.
    private(set) var roundTrips = RoundTrips()
    private(set) var batchesSent = 0
    private(set) var batchBytesSent = 0
    /// How long the calls of transactions have taken.
    var transactionTimes = TransactionTimes()
    /// What the event loop waited for.
    var situations: SituationTimes

    init(_ sampling: MetricSampling, now: NIODeadline) {
        self.sampling = sampling
        all = Node(sampling)
        batchSize = SampledValues(sampling)
        queueTime = SampledValues(sampling)
        compression = SampledValues(sampling)
        recordSize = SampledValues(sampling)
        recordsPerRequest = SampledValues(sampling)
        retries = SampledValues(sampling)
        errors = SampledValues(sampling)
        splits = SampledValues(sampling)
        throttleTime = SampledValues(sampling)
        connectionsCreated = SampledValues(sampling)
        connectionsClosed = SampledValues(sampling)
        situations = SituationTimes(now: now)
    }

    // MARK: connections and requests

    mutating func connectionOpened(now: NIODeadline) { connectionsCreated.record(1, at: now) }

    mutating func connectionClosed(now: NIODeadline) { connectionsClosed.record(1, at: now) }

    /// A request of any kind was handed to a connection.
    mutating func requestSent(to node: Int32, bytes: Int, now: NIODeadline) {
        all.requests.record(Double(bytes), at: now)
        update(node) { $0.requests.record(Double(bytes), at: now) }
    }

    /// A response of any kind came in.
    mutating func responseReceived(from node: Int32, bytes: Int, now: NIODeadline) {
        all.responses.record(Double(bytes), at: now)
        update(node) { $0.responses.record(Double(bytes), at: now) }
    }

    /// A produce request was answered after this time.
    mutating func produceAnswered(by node: Int32, after latency: TimeAmount, now: NIODeadline) {
        roundTrips.record(latency)
        all.latency.record(latency.inMilliseconds, at: now)
        update(node) { $0.latency.record(latency.inMilliseconds, at: now) }
    }

    /// A response said for how long the client is throttled, which may be zero.
    mutating func throttled(milliseconds: Int32, now: NIODeadline) {
        throttleTime.record(Double(milliseconds), at: now)
    }

    // MARK: batches

    /// What is counted of a batch in a request.
    struct SentBatch: Sendable {
        var topic: String
        var records: Int
        /// Key, value and header bytes.
        var recordBytes: Int
        /// As sent, after compression.
        var wireBytes: Int
        /// Before compression.
        var plainBytes: Int
        /// Since its first record.
        var queueTime: TimeAmount
    }

    /// One batch of a produce request; all of them are followed by ``produceRequestSent(records:now:)``.
    mutating func batchSent(_ batch: SentBatch, now: NIODeadline) {
        batchesSent += 1
        batchBytesSent += batch.wireBytes
        let ratio = Double(batch.wireBytes) / Double(max(1, batch.plainBytes))
        batchSize.record(Double(batch.wireBytes), at: now)
        queueTime.record(batch.queueTime.inMilliseconds, at: now)
        compression.record(ratio, at: now)
        recordSize.record(Double(batch.recordBytes), weight: Double(batch.records), at: now)
        update(batch.topic) { topic in
            topic.records.record(Double(batch.records), at: now)
            topic.bytes.record(Double(batch.wireBytes), at: now)
            topic.compression.record(ratio, at: now)
        }
    }

    /// A produce request with so many records was handed to a connection.
    mutating func produceRequestSent(records: Int, now: NIODeadline) {
        recordsPerRequest.record(Double(records), at: now)
    }

    /// So many records of one batch are to be sent again.
    mutating func retried(records: Int, of topic: String, now: NIODeadline) {
        retries.record(Double(records), at: now)
        update(topic) { $0.retries.record(Double(records), at: now) }
    }

    /// So many records of one batch have failed for good.
    mutating func failed(records: Int, of topic: String, now: NIODeadline) {
        errors.record(Double(records), at: now)
        update(topic) { $0.errors.record(Double(records), at: now) }
    }

    /// A batch was divided.
    mutating func divided(now: NIODeadline) { splits.record(1, at: now) }

    private mutating func update(_ topic: String, _ change: (inout Topic) -> Void) {
        topics.update(topic, default: Topic(sampling), change)
    }

    private mutating func update(_ node: Int32, _ change: (inout Node) -> Void) {
        nodes.update(node, default: Node(sampling), change)
    }
}

extension Dictionary {
    /// Changes a value in its place, or a new one. Unlike `self[key, default: value]` it allocates nothing for a key that
    /// is there.
    fileprivate mutating func update(
        _ key: Key,
        default value: @autoclosure () -> Value,
        _ change: (inout Value) -> Void
    ) {
        if let index = index(forKey: key) {
            change(&values[index])
        } else {
            var new = value()
            change(&new)
            self[key] = new
        }
    }
}
