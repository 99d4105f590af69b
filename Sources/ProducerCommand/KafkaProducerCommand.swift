// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

@main
struct KafkaProducerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "kafka-producer")
}
