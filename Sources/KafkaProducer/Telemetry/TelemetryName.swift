// SPDX-License-Identifier: Apache-2.0

/// The name that a metric has in telemetry (KIP-714): `org.apache.kafka.`, the group without its `-metrics`, and the name,
/// with dots for hyphens.
enum TelemetryName {
    /// Such as `org.apache.kafka.producer.record.send.rate`.
    static func of(_ metric: ProducerMetric) -> String {
        let group = dotted(metric.group).replacing(".metrics", with: "")
        return "org.apache.kafka.\(group).\(dotted(metric.name))"
    }

    /// A tag's name, with underscores for hyphens.
    static func of(_ tag: ProducerMetric.Tag) -> String { tag.name.lowercased().replacing("-", with: "_") }

    private static func dotted(_ text: String) -> String { text.lowercased().replacing("-", with: ".") }
}
