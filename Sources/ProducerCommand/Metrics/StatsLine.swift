// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The JSON line that `--stats-interval` writes: the account so far, and every metric by its group.
enum StatsLine {
    /// One line, without its newline. `time` is in milliseconds since 1970.
    static func text(_ metrics: [ProducerMetric], _ ledger: Ledger, time: Int64, seconds: Double) -> String {
        var line: [UInt8] = []
        line.append(text: "{\"timestamp\":\(time),\"seconds\":\(NumberText.fixed(seconds, digits: 3))")
        line.append(text: ",\"read\":\(ledger.read),\"acked\":\(ledger.acked),\"failed\":\(ledger.failed)")
        line.append(text: ",\"ackedBytes\":\(ledger.ackedBytes)")
        for group in groups(of: metrics) {
            line.append(text: ",")
            append(group, to: &line)
        }
        line.append(text: "}")
        return String(decoding: line, as: UTF8.self)
    }

    /// Appends an object with a member for each group.
    static func append(_ metrics: [ProducerMetric], to line: inout [UInt8]) {
        line.append(text: "{")
        for (index, group) in groups(of: metrics).enumerated() {
            if index > 0 { line.append(text: ",") }
            append(group, to: &line)
        }
        line.append(text: "}")
    }

    private struct Group {
        var name: String
        /// By topic or broker; by nothing for the whole client.
        var members: [(name: String?, metrics: [ProducerMetric])] = []
    }

    /// Metrics are sorted by group, and those of one topic or broker are not together: they are gathered here.
    private static func groups(of metrics: [ProducerMetric]) -> [Group] {
        var groups: [Group] = []
        for metric in metrics {
            let owner = metric.tags.first { $0.name != "client-id" }?.value
            if groups.last?.name != metric.group { groups.append(Group(name: metric.group)) }
            let last = groups.count - 1
            if let place = groups[last].members.firstIndex(where: { $0.name == owner }) {
                groups[last].members[place].metrics.append(metric)
            } else {
                groups[last].members.append((owner, [metric]))
            }
        }
        return groups
    }

    private static func append(_ group: Group, to line: inout [UInt8]) {
        line.append(jsonString: group.name.utf8)
        line.append(text: ":")
        let isNested = group.members.first?.name != nil
        if isNested { line.append(text: "{") }
        for (index, member) in group.members.enumerated() {
            if index > 0 { line.append(text: ",") }
            if let name = member.name {
                line.append(jsonString: name.utf8)
                line.append(text: ":")
            }
            append(values: member.metrics, to: &line)
        }
        if isNested { line.append(text: "}") }
    }

    private static func append(values metrics: [ProducerMetric], to line: inout [UInt8]) {
        line.append(text: "{")
        for (index, metric) in metrics.enumerated() {
            if index > 0 { line.append(text: ",") }
            line.append(jsonString: metric.name.utf8)
            // JSON has no word for what is not a number.
            line.append(text: ":" + (metric.value.isFinite ? NumberText.fixed(metric.value, digits: 3) : "null"))
        }
        line.append(text: "}")
    }
}
