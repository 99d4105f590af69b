// SPDX-License-Identifier: Apache-2.0

/// One metric of a producer at one moment, under the Java client's name.
public struct ProducerMetric: Sendable, Equatable, CustomStringConvertible {
    /// What a metric is about, beside its name: `client-id`, and `topic` or `node-id`.
    public struct Tag: Sendable, Hashable {
        /// The tag's name.
        public var name: String
        /// The tag's value.
        public var value: String

        /// A tag.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// `producer-metrics`, `producer-node-metrics` or `producer-topic-metrics`; `kafka-metrics-count` for their number.
    public var group: String
    /// Such as `record-send-rate`.
    public var name: String
    /// In the Java client's order.
    public var tags: [Tag]
    /// Bytes, milliseconds, counts, or any of these per second, as the name says. Not a number when nothing was
    /// recorded within the window that `metrics.num.samples` and `metrics.sample.window.ms` make.
    public var value: Double

    /// A metric.
    public init(group: String, name: String, tags: [Tag], value: Double) {
        self.group = group
        self.name = name
        self.tags = tags
        self.value = value
    }

    /// `group:name:{tag=value, tag=value}`: how Kafka's tools name it.
    public var description: String {
        "\(group):\(name):{" + tags.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + "}"
    }
}
