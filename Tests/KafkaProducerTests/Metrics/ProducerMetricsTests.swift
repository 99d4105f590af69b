// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import KafkaProducer

@Suite("Producer metrics")
struct ProducerMetricsTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let sampling = MetricSampling(span: .seconds(30), count: 2)

    private func metrics(
        _ counted: ProducerMetrics,
        waits: WaitMetrics.Counts? = nil,
        gauges: MetricsSnapshot.Gauges = .init(),
        after seconds: Int64 = 10
    ) -> [String: Double] {
        var gauges = gauges
        gauges.clientID = "c"
        let snapshot = MetricsSnapshot(
            counted,
            waits: waits ?? WaitMetrics(sampling).current,
            gauges: gauges,
            now: start + .seconds(seconds)
        )
        return Dictionary(uniqueKeysWithValues: snapshot.metrics.map { ($0.description, $0.value) })
    }

    @Test("a client that did nothing has the Java client's metrics, sorted, and none of a topic or broker")
    func names() {
        let snapshot = MetricsSnapshot(
            ProducerMetrics(sampling, now: start),
            waits: WaitMetrics(sampling).current,
            gauges: .init(),
            now: start
        )
        #expect(
            snapshot.metrics.map(\.name) == [
                "count", "batch-size-avg", "batch-size-max", "batch-split-rate", "batch-split-total",
                "buffer-available-bytes", "buffer-exhausted-rate", "buffer-exhausted-total", "buffer-total-bytes",
                "bufferpool-wait-ratio", "bufferpool-wait-time-ns-total", "compression-rate-avg",
                "connection-close-rate", "connection-close-total", "connection-count", "connection-creation-rate",
                "connection-creation-total", "flush-time-ns-total", "incoming-byte-rate", "incoming-byte-total",
                "metadata-age", "metadata-wait-time-ns-total", "outgoing-byte-rate", "outgoing-byte-total",
                "produce-throttle-time-avg", "produce-throttle-time-max", "record-error-rate", "record-error-total",
                "record-queue-time-avg", "record-queue-time-max", "record-retry-rate", "record-retry-total",
                "record-send-rate", "record-send-total", "record-size-avg", "records-per-request-avg",
                "request-latency-avg", "request-latency-max", "request-rate", "request-size-avg", "request-size-max",
                "request-total", "requests-in-flight", "response-rate", "response-total", "txn-abort-time-ns-total",
                "txn-begin-time-ns-total", "txn-commit-time-ns-total", "txn-init-time-ns-total",
                "txn-send-offsets-time-ns-total", "waiting-threads",
            ]
        )
        #expect(snapshot.metrics.dropFirst().allSatisfy { $0.group == "producer-metrics" })
        #expect(snapshot.metrics.first?.value == Double(snapshot.metrics.count))
    }

    @Test("batches count for the client and for their topics")
    func batches() {
        var counted = ProducerMetrics(sampling, now: start)
        for (topic, records) in [("a", 10), ("a", 20), ("b", 5)] {
            counted.batchSent(
                .init(
                    topic: topic,
                    records: records,
                    recordBytes: records * 100,
                    wireBytes: 500,
                    plainBytes: 1000,
                    queueTime: .milliseconds(Int64(records))
                ),
                now: start
            )
        }
        counted.produceRequestSent(records: 35, now: start)
        counted.retried(records: 20, of: "a", now: start)
        counted.failed(records: 5, of: "b", now: start)
        counted.divided(now: start)
        let values = metrics(counted)
        #expect(values["producer-metrics:batch-size-avg:{client-id=c}"] == 500)
        #expect(values["producer-metrics:compression-rate-avg:{client-id=c}"] == 0.5)
        #expect(values["producer-metrics:record-queue-time-max:{client-id=c}"] == 20)
        #expect(values["producer-metrics:record-size-avg:{client-id=c}"] == 100)
        #expect(values["producer-metrics:records-per-request-avg:{client-id=c}"] == 35)
        #expect(values["producer-metrics:record-send-rate:{client-id=c}"] == 35.0 / 40)
        #expect(values["producer-metrics:record-retry-total:{client-id=c}"] == 20)
        #expect(values["producer-metrics:record-error-total:{client-id=c}"] == 5)
        #expect(values["producer-metrics:batch-split-total:{client-id=c}"] == 1)
        #expect(values["producer-topic-metrics:record-send-total:{client-id=c, topic=a}"] == 30)
        #expect(values["producer-topic-metrics:byte-total:{client-id=c, topic=a}"] == 1000)
        #expect(values["producer-topic-metrics:record-retry-total:{client-id=c, topic=b}"] == 0)
        #expect(values["producer-topic-metrics:record-error-total:{client-id=c, topic=b}"] == 5)
        #expect(values["producer-topic-metrics:compression-rate:{client-id=c, topic=b}"] == 0.5)
    }

    @Test("requests count for the client and for their brokers, those of bootstrap.servers under negative ids")
    func nodes() {
        var counted = ProducerMetrics(sampling, now: start)
        counted.connectionOpened(now: start)
        counted.requestSent(to: -1, bytes: 50, now: start)
        counted.responseReceived(from: -1, bytes: 100, now: start)
        counted.requestSent(to: 3, bytes: 150, now: start)
        counted.responseReceived(from: 3, bytes: 60, now: start)
        counted.produceAnswered(by: 3, after: .milliseconds(4), now: start)
        counted.throttled(milliseconds: 0, now: start)
        counted.throttled(milliseconds: 10, now: start)
        let values = metrics(counted)
        #expect(values["producer-metrics:request-total:{client-id=c}"] == 2)
        #expect(values["producer-metrics:request-size-avg:{client-id=c}"] == 100)
        #expect(values["producer-metrics:outgoing-byte-total:{client-id=c}"] == 200)
        #expect(values["producer-metrics:incoming-byte-rate:{client-id=c}"] == 160.0 / 40)
        #expect(values["producer-metrics:request-rate:{client-id=c}"] == 2.0 / 40)
        #expect(values["producer-metrics:produce-throttle-time-avg:{client-id=c}"] == 5)
        #expect(values["producer-metrics:connection-creation-total:{client-id=c}"] == 1)
        #expect(values["producer-node-metrics:request-size-max:{client-id=c, node-id=node--1}"] == 50)
        #expect(values["producer-node-metrics:request-latency-max:{client-id=c, node-id=node-3}"] == 4)
        #expect(values["producer-node-metrics:request-latency-avg:{client-id=c, node-id=node--1}"]?.isNaN == true)
    }

    @Test("what is looked at: memory, connections, age of metadata")
    func gauges() {
        var gauges = MetricsSnapshot.Gauges()
        gauges.bufferTotal = 1000
        gauges.bufferAvailable = 400
        gauges.waitingThreads = 1
        gauges.requestsInFlight = 3
        gauges.connections = 2
        gauges.metadataAge = .milliseconds(1500)
        var waits = WaitMetrics(sampling).current
        waits.memory.record(2_000_000_000, at: start)
        waits.exhausted.record(1, at: start)
        let values = metrics(ProducerMetrics(sampling, now: start), waits: waits, gauges: gauges)
        #expect(values["producer-metrics:buffer-total-bytes:{client-id=c}"] == 1000)
        #expect(values["producer-metrics:buffer-available-bytes:{client-id=c}"] == 400)
        #expect(values["producer-metrics:waiting-threads:{client-id=c}"] == 1)
        #expect(values["producer-metrics:requests-in-flight:{client-id=c}"] == 3)
        #expect(values["producer-metrics:connection-count:{client-id=c}"] == 2)
        #expect(values["producer-metrics:metadata-age:{client-id=c}"] == 1.5)
        #expect(values["producer-metrics:bufferpool-wait-time-ns-total:{client-id=c}"] == 2_000_000_000)
        #expect(values["producer-metrics:bufferpool-wait-ratio:{client-id=c}"] == 2.0 / 40)
        #expect(values["producer-metrics:buffer-exhausted-total:{client-id=c}"] == 1)
    }

    @Test("time is added up by situation, and the present one counts until now")
    func situations() {
        var times = SituationTimes(now: start)
        times.became(.inFlightFull, now: start + .seconds(1))
        times.became(.inFlightFull, now: start + .seconds(2))
        times.became(.free, now: start + .seconds(3))
        times.became(.throttled, now: start + .seconds(4))
        #expect(times.time(in: .inFlightFull, now: start + .seconds(9)) == .seconds(2))
        #expect(times.time(in: .throttled, now: start + .seconds(9)) == .seconds(5))
        #expect(times.time(in: .unreachable, now: start + .seconds(9)) == .zero)
    }
}
