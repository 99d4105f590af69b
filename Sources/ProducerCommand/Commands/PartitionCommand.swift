// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer partition-of`: says which partition keys go to.
struct PartitionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partition-of",
        abstract: "Say which partition keys go to, with this program or with another client.",
        usage: "kafka-producer partition-of --partitions <n> [--as <client>] <key> ...",
        discussion: HelpText.partitionOf
    )

    @Argument(help: ArgumentHelp("Keys, with escapes as for -k of send.", valueName: "key"))
    var keys: [String]

    @Option(parsing: .unconditional, help: ArgumentHelp("How many partitions the topic has.", valueName: "n"))
    var partitions: Int32

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Whose way: java (which is this program's), librdkafka or sarama.", valueName: "client")
    )
    var placement = KeyPlacement.java

    func run() throws {
        let console = Console(verbosity: .normal)
        try console.endNow { () throws(UsageError) in
            let output = StandardOutput(console: console)
            return output.write(try text()) ? .delivered : .outputIncomplete
        }
    }

    /// A line a key.
    func text() throws(UsageError) -> String {
        guard partitions > 0 else { throw UsageError("--partitions takes a number above 0") }
        return try keys.map { key throws(UsageError) in
            let partition = placement.partition(of: try EscapedText.bytes(key, of: "the key"), count: partitions)
            return (partition.map { "\($0)" } ?? "any") + "\t\(key)\n"
        }.joined()
    }
}
