// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// Metrics as bytes. Another implementation reads whole pushes in the tests of the command.
@Suite("TelemetryPayload")
struct TelemetryPayloadTests {
    private func metric(_ group: String, _ name: String, _ value: Double, _ tag: (String, String)? = nil)
        -> ProducerMetric
    {
        let tags = [ProducerMetric.Tag("client-id", "c")] + (tag.map { [ProducerMetric.Tag($0.0, $0.1)] } ?? [])
        return ProducerMetric(group: group, name: name, tags: tags, value: value)
    }

    @Test(
        "names are those of the Java client",
        arguments: [
            ("producer-metrics", "record-send-rate", "org.apache.kafka.producer.record.send.rate"),
            ("producer-node-metrics", "request-latency-avg", "org.apache.kafka.producer.node.request.latency.avg"),
            ("producer-topic-metrics", "byte-total", "org.apache.kafka.producer.topic.byte.total"),
            ("kafka-metrics-count", "count", "org.apache.kafka.kafka.count.count"),
        ]
    )
    func names(group: String, name: String, expected: String) {
        #expect(TelemetryName.of(metric(group, name, 0)) == expected)
    }

    @Test("a gauge has its name, the time and its value, byte for byte")
    func gauge() {
        let payload = TelemetryPayload(resource: [("client_rack", "r")])
        let bytes = payload.bytes(
            of: [metric("producer-metrics", "a", 1, ("topic", "t")), metric("producer-metrics", "b", .nan)],
            isDelta: false,
            .init(now: 1, start: 0)
        )
        let name = "org.apache.kafka.producer.a"
        let attribute: [UInt8] = [0x3A, 0x0C, 0x0A, 0x05] + Array("topic".utf8) + [0x12, 0x03, 0x0A, 0x01, 0x74]
        let point: [UInt8] =
            [0x19, 0x40, 0x42, 0x0F, 0, 0, 0, 0, 0] + [0x21, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F] + attribute
        let gauge = [0x0A, UInt8(point.count)] + point
        let metric = [0x0A, UInt8(name.utf8.count)] + Array(name.utf8) + [0x2A, UInt8(gauge.count)] + gauge
        let scope = [0x12, UInt8(metric.count)] + metric
        let pair = [0x0A, 0x0B] + Array("client_rack".utf8) + [0x12, 0x03, 0x0A, 0x01, 0x72]
        let resource = [0x0A, UInt8(pair.count)] + pair
        let whole = [0x0A, UInt8(resource.count)] + resource + [0x12, UInt8(scope.count)] + scope
        #expect(Array(buffer: bytes) == [0x0A, UInt8(whole.count)] + whole)
    }

    @Test(
        "the first codec that is known is used, and none when there is none",
        arguments: [
            ([4, 1], CompressionType.zstd), ([9, 3], .lz4), ([2], .snappy), ([1], .gzip), ([0, 4], .none), ([9], .none),
            ([], .none),
        ] as [([Int8], CompressionType)]
    )
    func codecs(accepted: [Int8], expected: CompressionType) throws {
        let bytes = ByteBuffer(string: String(repeating: "metric ", count: 100))
        let (type, body) = TelemetryPayload.compressed(bytes, for: accepted)
        #expect(type == expected)
        guard let codec = CodecName(type) else { return #expect(body == bytes) }
        #expect(body.readableBytes < bytes.readableBytes)
        let back = try Decompressor.decompress(body.readableBytesSpan, codec: codec, limit: 10_000)
        #expect(back == Array(buffer: bytes))
    }

    @Test(
        "a subscription wants what its prefixes say",
        arguments: [
            (["*"], true), ([""], true), (["org.apache.kafka.producer.record."], true),
            (["org.apache.kafka.consumer"], false),
            (["org.apache.kafka.consumer", "org.apache"], true), ([], false),
        ]
    )
    func wanted(prefixes: [String], expected: Bool) throws {
        let subscription = try #require(
            TelemetrySubscription(
                GetTelemetrySubscriptionsResponse(
                    clientInstanceID: TopicID(mostSignificant: 0, leastSignificant: 1),
                    requestedMetrics: prefixes
                )
            )
        )
        #expect(subscription.wants(metric("producer-metrics", "record-send-rate", 0)) == expected)
    }
}
