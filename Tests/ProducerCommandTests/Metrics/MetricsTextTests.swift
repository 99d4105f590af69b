// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("Metrics as text")
struct MetricsTextTests {
    private let metrics = [
        ProducerMetric(group: "kafka-metrics-count", name: "count", tags: [.init("client-id", "c")], value: 4),
        ProducerMetric(group: "producer-metrics", name: "a-rate", tags: [.init("client-id", "c")], value: 0.0625),
        ProducerMetric(group: "producer-metrics", name: "b-avg", tags: [.init("client-id", "c")], value: .nan),
        ProducerMetric(
            group: "producer-topic-metrics",
            name: "byte-rate",
            tags: [.init("client-id", "c"), .init("topic", "x")],
            value: 1
        ),
        ProducerMetric(
            group: "producer-topic-metrics",
            name: "byte-rate",
            tags: [.init("client-id", "c"), .init("topic", "y\"")],
            value: 2
        ),
        ProducerMetric(
            group: "producer-topic-metrics",
            name: "byte-total",
            tags: [.init("client-id", "c"), .init("topic", "x")],
            value: 5_000_000_000_000_000
        ),
    ]

    @Test("the table is that of Kafka's tools: an empty line, a heading, names padded, three digits")
    func table() {
        #expect(MetricsTable.text(metrics) == Self.table)
        #expect(MetricsTable.text([]).isEmpty)
    }

    private static let table = [
        "",
        "Metric Name                                                Value",
        "kafka-metrics-count:count:{client-id=c}                  : 4.000",
        "producer-metrics:a-rate:{client-id=c}                    : 0.063",
        "producer-metrics:b-avg:{client-id=c}                     : NaN",
        "producer-topic-metrics:byte-rate:{client-id=c, topic=x}  : 1.000",
        "producer-topic-metrics:byte-rate:{client-id=c, topic=y\"} : 2.000",
        "producer-topic-metrics:byte-total:{client-id=c, topic=x} : 5000000000000000.000",
    ].joined(separator: "\n")

    @Test("a line of JSON has the account, then the metrics by group, topic and broker; no number is null")
    func line() throws {
        var ledger = Ledger()
        ledger.read = 10
        ledger.delivered(records: 7, bytes: 700)
        let line = StatsLine(metrics, ledger, time: 1_700_000_000_123, seconds: 1.5)
        #expect(
            try JSONText.of(line)
                == #"{"acked":7,"ackedBytes":700,"failed":0,"kafka-metrics-count":{"count":4},"last":false,"#
                + #""producer-metrics":{"a-rate":0.063,"b-avg":null},"producer-topic-metrics":{"#
                + #""x":{"byte-rate":1,"byte-total":5000000000000000},"y\"":{"byte-rate":2}},"#
                + #""read":10,"seconds":1.5,"skipped":0,"timestamp":1700000000123}"#
        )
    }
}
