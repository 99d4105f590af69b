// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Metrics as the members of a JSON object: one for each group, in which those of topics and brokers stand under their
/// names. What is not a number is null.
struct MetricGroups: Encodable {
    private typealias Values = [String: Double?]

    /// By group, then by topic or broker, which is nil for the whole client.
    private var groups: [String: [String?: Values]] = [:]

    init(_ metrics: [ProducerMetric]) {
        for metric in metrics {
            let owner = metric.tags.first { $0.name != "client-id" }?.value
            let value = metric.value.isFinite ? metric.value.roundedToThousandths : nil
            groups[metric.group, default: [:]][owner, default: [:]][metric.name] = .some(value)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONKey.self)
        for (name, owners) in groups {
            if let values = owners[nil] {
                try container.encode(values, forKey: JSONKey(name))
            } else {
                var nested = container.nestedContainer(keyedBy: JSONKey.self, forKey: JSONKey(name))
                for case (let owner?, let values) in owners { try nested.encode(values, forKey: JSONKey(owner)) }
            }
        }
    }
}
