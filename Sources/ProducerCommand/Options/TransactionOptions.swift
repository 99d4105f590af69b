// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// A load as a chain of transactions.
struct TransactionOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Send in transactions, under this name: transactional.id. Readers need isolation.level=read_committed.",
            valueName: "id"
        )
    )
    var transactionalId: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Commit when the transaction is so old, such as 500ms, 5s or 1m. Default: 5s.",
            valueName: "time"
        )
    )
    var commitInterval: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Commit after so many records, too.", valueName: "count")
    )
    var commitRecords: UInt64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Commit after so many bytes of input, too. Default: 256 MiB.", valueName: "bytes")
    )
    var commitBytes: UInt64?

    /// The settings that these options stand for.
    func sources() throws(UsageError) -> [PropertySource] {
        guard let transactionalId else { return [] }
        guard !transactionalId.isEmpty else { throw UsageError("--transactional-id takes a name") }
        return [PropertySource(name: "--transactional-id", key: "transactional.id", value: transactionalId)]
    }

    /// Where transactions are cut, if there are any.
    func cuts() throws(UsageError) -> TransactionCuts {
        var cuts = TransactionCuts()
        if let commitInterval {
            guard let interval = Self.duration(commitInterval), interval > .zero else {
                throw UsageError(
                    "--commit-interval \"\(commitInterval)\": give a time above 0, such as 500ms, 5s or 1m"
                )
            }
            cuts.interval = interval
        }
        if let commitRecords {
            guard commitRecords > 0 else { throw UsageError("--commit-records takes a number above 0") }
            cuts.records = commitRecords
        }
        if let commitBytes {
            guard commitBytes > 0 else { throw UsageError("--commit-bytes takes a number above 0") }
            cuts.bytes = commitBytes
        }
        return cuts
    }

    /// The option that says something of cuts, if one does.
    var cutOption: String? {
        if commitInterval != nil { return "--commit-interval" }
        if commitRecords != nil { return "--commit-records" }
        return commitBytes == nil ? nil : "--commit-bytes"
    }

    /// A time such as `500ms`, `5s`, `1m` or `2h`.
    static func duration(_ text: String) -> Duration? {
        let units: [(String, Duration)] = [
            ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
        ]
        for (unit, duration) in units where text.hasSuffix(unit) {
            guard let count = Int32(text.dropLast(unit.count)) else { continue }
            return duration * Int(count)
        }
        return nil
    }
}
