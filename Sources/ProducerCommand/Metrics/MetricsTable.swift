// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The metrics as Kafka's own tools print them: a heading, then a line each, names padded to one width.
enum MetricsTable {
    /// All lines after an empty one, without the last newline. Nothing for no metrics.
    static func text(_ metrics: [ProducerMetric]) -> String {
        guard !metrics.isEmpty else { return "" }
        let rows = metrics.map { (name: $0.description, value: number($0.value)) }
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { padded($0.name, to: width) + " : " + $0.value }
        return (["", padded("Metric Name", to: width) + "   Value"] + lines).joined(separator: "\n")
    }

    private static func number(_ value: Double) -> String {
        value.isFinite ? NumberText.fixed(value, digits: 3) : value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
