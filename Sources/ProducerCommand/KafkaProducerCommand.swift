// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The command line: `kafka-producer`, with `send` understood when no other subcommand is named.
struct KafkaProducerCommand: AsyncParsableCommand {
    static let subcommands: [any ParsableCommand.Type] = [
        SendCommand.self, ResendCommand.self, ReadCommand.self, VerifyCommand.self, PerfCommand.self,
        DoctorCommand.self, ConfigCommand.self, PartitionCommand.self, ExactlyOnceCommand.self,
        BrokerCommand.self,
    ]

    static let configuration = CommandConfiguration(
        commandName: "kafka-producer",
        abstract: "Send lines to Kafka: fast, every record accounted for.",
        discussion: HelpText.root,
        version: VersionText.text,
        subcommands: subcommands,
        defaultSubcommand: SendCommand.self
    )
}
