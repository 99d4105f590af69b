// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What a dry run has found, in lines.
struct DryRunReport {
    let lines: [String]

    init(_ result: DryRunLoader.Result, _ configuration: ProducerConfiguration, _ target: DryRunTarget) {
        let account = result.account
        var lines = Self.records(account)
        lines += Self.partitions(account, target)
        lines += Self.batches(account, configuration, target)
        if result.plainBytes > 0 {
            let share = Double(result.compressedBytes) / Double(result.plainBytes)
            lines.append(
                "compression: \(configuration.compression.name) makes \(NumberText.bytes(UInt64(result.compressedBytes))) of "
                    + "\(NumberText.bytes(UInt64(result.plainBytes))) of the first records "
                    + "(\(NumberText.fixed(share * 100, digits: 0))%)"
            )
        }
        if let limit = target.maxMessageBytes, let over = account.overTopicLimit {
            lines.append(
                "limits: \(NumberText.grouped(over.count)) records are above the topic's max.message.bytes=\(limit), first "
                    + "\(over.first), unless the codec makes them smaller"
            )
        } else if let limit = target.maxMessageBytes {
            lines.append("limits: max.message.bytes=\(limit), and no record is above it")
        }
        if let remark = target.remark { lines.append("cluster: \(remark)") }
        self.lines = lines
    }

    private static func records(_ account: DryRunAccount) -> [String] {
        var parts = ["\(NumberText.grouped(account.ledger.read)) read", "\(NumberText.grouped(account.good)) good"]
        if account.ledger.failed > 0 { parts.append("\(NumberText.grouped(account.ledger.failed)) would fail") }
        if account.keyed > 0 { parts.append("\(NumberText.grouped(account.keyed)) with a key") }
        if account.nullValues > 0 { parts.append("\(NumberText.grouped(account.nullValues)) with a null value") }
        if account.emptyValues > 0 { parts.append("\(NumberText.grouped(account.emptyValues)) with an empty value") }
        var lines = ["records: " + parts.joined(separator: ", ")]
        guard account.good > 0, let largest = account.largest else { return lines }
        let total = account.keyBytes + account.valueBytes + account.headerBytes
        lines.append(
            "sizes: keys \(NumberText.bytes(account.keyBytes)), values \(NumberText.bytes(account.valueBytes)), "
                + "\(NumberText.grouped(account.headers)) headers \(NumberText.bytes(account.headerBytes)); on average "
                + "\(NumberText.bytes(Double(total) / Double(account.good))), largest \(largest.place) with "
                + "\(NumberText.bytes(UInt64(largest.bytes)))"
        )
        return lines
    }

    private static func partitions(_ account: DryRunAccount, _ target: DryRunTarget) -> [String] {
        guard account.good > 0 else { return [] }
        guard let count = target.partitions else {
            let known = account.partitions.keys.sorted().map { "\($0)" }.joined(separator: ", ")
            return [known.isEmpty ? "partitions: not known" : "partitions: \(known), as asked for"]
        }
        var parts = ["\(count)"]
        if !account.partitions.isEmpty {
            let all = (0..<count).map { (number: $0, records: account.partitions[$0]?.records ?? 0) }
            if let most = all.max(by: { $0.records < $1.records }), let least = all.min(by: { $0.records < $1.records })
            {
                parts.append("most in \(most.number) (\(NumberText.grouped(most.records)) records)")
                parts.append("fewest in \(least.number) (\(NumberText.grouped(least.records)))")
            }
        }
        if account.anywhere.records > 0 {
            parts.append("\(NumberText.grouped(account.anywhere.records)) go where there is room")
        }
        return ["partitions: " + parts.joined(separator: ", ")]
    }

    private static func batches(
        _ account: DryRunAccount,
        _ configuration: ProducerConfiguration,
        _ target: DryRunTarget
    ) -> [String] {
        guard account.good > 0 else { return [] }
        let size = UInt64(max(1, configuration.batchSize))
        var count = account.partitions.values.reduce(0) { $0 + max(1, $1.bytes / size) }
        if account.anywhere.records > 0 { count += max(1, account.anywhere.bytes / size) }
        let grow = configuration.growsBatches ? ", or fewer and larger ones where the path is slow" : ""
        return ["batches: about \(NumberText.grouped(count)) of batch.size=\(configuration.batchSize)\(grow)"]
    }
}
