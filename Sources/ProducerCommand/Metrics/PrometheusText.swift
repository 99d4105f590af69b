// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Metrics and the account in Prometheus' text format, as node_exporter's textfile collector reads it: no timestamps, each
/// name's lines together under its HELP and TYPE.
///
/// A name is `kafka_`, the Java client's group without its `-metrics`, and the name; what is summed up from the beginning
/// ends in `_total` there too. Such a sum is a counter, all else a gauge. What is not a number is left out.
struct PrometheusText {
    /// One metric with the values that it has for each broker or topic.
    private struct Family {
        var name: String
        var meaning: String
        var samples: [String] = []
    }

    /// How many metrics there are says nothing here.
    private static let left = "kafka-metrics-count"

    private var families: [Family] = []

    init(_ metrics: [ProducerMetric], _ ledger: Ledger, seconds: Double, isLast: Bool) {
        addAccount(ledger, seconds: seconds, isLast: isLast, Self.clientLabel(metrics))
        // In the order of their names, so that those of one name are together.
        for metric in metrics where metric.value.isFinite && metric.group != Self.left {
            let name = Self.name(metric)
            let labels = metric.tags.map { "\(Self.cleaned($0.name))=\"\(Self.escaped($0.value, quotes: true))\"" }
            if families.last?.name != name {
                families.append(Family(name: name, meaning: MetricMeanings.sentence(on: metric)))
            }
            families[families.count - 1].samples.append(
                "{\(labels.joined(separator: ","))} \(Self.number(metric.value))"
            )
        }
    }

    /// All lines, each with its newline.
    var text: String {
        families.map { family in
            let kind = family.name.hasSuffix("_total") ? "counter" : "gauge"
            return
                "# HELP \(family.name) \(Self.escaped(family.meaning, quotes: false))\n# TYPE \(family.name) \(kind)\n"
                + family.samples.map { family.name + $0 + "\n" }.joined()
        }.joined()
    }

    private mutating func addAccount(_ ledger: Ledger, seconds: Double, isLast: Bool, _ label: String) {
        let values: [(String, String, Double)] = [
            ("records_read_total", "Records taken from the input.", Double(ledger.read)),
            ("records_acked_total", "Records that the brokers have stored.", Double(ledger.acked)),
            ("acked_bytes_total", "Bytes of keys, values and headers of these.", Double(ledger.ackedBytes)),
            ("records_failed_total", "Records that were given up.", Double(ledger.failed)),
            ("records_skipped_total", "Records that an earlier run has sent.", Double(ledger.skipped)),
            ("seconds", "Seconds since the load began.", seconds),
            ("finished", "1 when the load has ended, 0 as long as it runs.", isLast ? 1 : 0),
        ]
        for (name, meaning, value) in values {
            let sample = "\(label) \(Self.number(value))"
            families.append(Family(name: "kafka_producer_load_\(name)", meaning: meaning, samples: [sample]))
        }
    }

    private static func clientLabel(_ metrics: [ProducerMetric]) -> String {
        guard let tag = metrics.first?.tags.first else { return "" }
        return "{\(cleaned(tag.name))=\"\(escaped(tag.value, quotes: true))\"}"
    }

    private static func name(_ metric: ProducerMetric) -> String {
        cleaned("kafka_" + metric.group.replacing("-metrics", with: "") + "_" + metric.name)
    }

    /// A name of a metric or a label, which takes letters, digits and underscores.
    private static func cleaned(_ name: String) -> String {
        String(
            name.unicodeScalars.map {
                $0.isASCII && $0.properties.isAlphabetic || ("0"..."9") ~= $0 ? Character($0) : "_"
            }
        )
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        let plain = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return quotes ? plain.replacing("\"", with: "\\\"") : plain
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
