// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaRecords
import NIOCore

/// Metrics as the bytes of a push: OpenTelemetry's `MetricsData` in protobuf, compressed.
///
/// As the Java client has it: what is summed up from the beginning, whose name ends in `-total`, is a monotonic sum; all
/// else is a gauge; the `client-id` is left out, since the broker knows it. What is not a number is left out too.
struct TelemetryPayload {
    /// What is said of the client beside its metrics, such as `client_rack`.
    let resource: [(name: String, value: String)]

    /// Fields of OpenTelemetry's messages, by their numbers.
    private enum Field {
        static let resourceMetrics: UInt64 = 1
        static let resource: UInt64 = 1
        static let scopeMetrics: UInt64 = 2
        static let attributes: UInt64 = 1
        static let key: UInt64 = 1
        static let value: UInt64 = 2
        static let stringValue: UInt64 = 1
        static let metrics: UInt64 = 2
        static let name: UInt64 = 1
        static let gauge: UInt64 = 5
        static let sum: UInt64 = 7
        static let dataPoints: UInt64 = 1
        static let temporality: UInt64 = 2
        static let isMonotonic: UInt64 = 3
        static let startTime: UInt64 = 2
        static let time: UInt64 = 3
        static let asDouble: UInt64 = 4
        static let pointAttributes: UInt64 = 7
    }

    /// How a sum is to be read.
    private enum Temporality {
        static let delta: UInt64 = 1
        static let cumulative: UInt64 = 2
    }

    /// A moment in milliseconds since 1970, and the one that deltas, or all sums, count from.
    struct Times {
        var now: Int64
        var start: Int64
    }

    /// The metrics' bytes, not compressed.
    ///
    /// - Parameters:
    ///   - metrics: What to say.
    ///   - isDelta: Whether the sums are those since `times.start`, and not from the beginning.
    ///   - times: When.
    /// - Returns: A `MetricsData`.
    func bytes(of metrics: [ProducerMetric], isDelta: Bool, _ times: Times) -> ByteBuffer {
        var writer = ProtobufWriter()
        writer.message(Field.resourceMetrics) { writer in
            writer.message(Field.resource) { writer in
                for (name, value) in resource { Self.attribute(Field.attributes, name, value, &writer) }
            }
            writer.message(Field.scopeMetrics) { writer in
                for metric in metrics where metric.value.isFinite {
                    writer.message(Field.metrics) { Self.write(metric, isDelta: isDelta, times, &$0) }
                }
            }
        }
        return writer.buffer
    }

    private static func write(_ metric: ProducerMetric, isDelta: Bool, _ times: Times, _ writer: inout ProtobufWriter) {
        writer.string(Field.name, TelemetryName.of(metric))
        guard metric.isSum else {
            return writer.message(Field.gauge) { writer in
                writer.message(Field.dataPoints) { point(metric, start: nil, now: times.now, &$0) }
            }
        }
        writer.message(Field.sum) { writer in
            writer.message(Field.dataPoints) { point(metric, start: times.start, now: times.now, &$0) }
            writer.number(Field.temporality, isDelta ? Temporality.delta : Temporality.cumulative)
            writer.number(Field.isMonotonic, 1)
        }
    }

    private static func point(_ metric: ProducerMetric, start: Int64?, now: Int64, _ writer: inout ProtobufWriter) {
        if let start { writer.fixed64(Field.startTime, nanoseconds(start)) }
        writer.fixed64(Field.time, nanoseconds(now))
        writer.double(Field.asDouble, metric.value)
        for tag in metric.tags where tag.name != "client-id" {
            attribute(Field.pointAttributes, TelemetryName.of(tag), tag.value, &writer)
        }
    }

    private static func attribute(_ field: UInt64, _ name: String, _ value: String, _ writer: inout ProtobufWriter) {
        writer.message(field) { writer in
            writer.string(Field.key, name)
            writer.message(Field.value) { $0.string(Field.stringValue, value) }
        }
    }

    private static func nanoseconds(_ milliseconds: Int64) -> UInt64 {
        UInt64(clamping: milliseconds).multipliedReportingOverflow(by: 1_000_000).partialValue
    }

    /// The bytes, compressed with the first codec that the broker takes and that is known here; as they are when there is none.
    static func compressed(_ bytes: ByteBuffer, for accepted: [Int8]) -> (CompressionType, ByteBuffer) {
        guard let type = accepted.lazy.compactMap({ CompressionType(rawValue: $0) }).first,
            let codec = CodecName(type)?.codecAtItsDefault
        else { return (.none, bytes) }
        do throws(CompressionError) {
            var compressor = try Compressor(codec)
            var result = ByteBuffer()
            let bound = compressor.maximumCompressedSize(of: bytes.readableBytes)
            try result.writeWithOutputRawSpan(minimumWritableBytes: bound) { output throws(CompressionError) in
                try compressor.compress(bytes.readableBytesSpan, into: &output)
            }
            return (type, result)
        } catch {
            return (.none, bytes)
        }
    }
}

extension ProducerMetric {
    /// Whether it is summed up from the beginning.
    var isSum: Bool { name.hasSuffix("-total") }
}

extension CodecName {
    /// The codec at the level that it has when none is chosen.
    fileprivate var codecAtItsDefault: Codec {
        switch self {
        case .gzip: .gzip()
        case .snappy: .snappy
        case .lz4: .lz4()
        case .zstd: .zstd()
        }
    }
}
