// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaEmbeddedBroker

/// `kafka-producer broker ctl`: tells a running broker to stop, kill, freeze or part nodes, and says what runs where.
struct BrokerControlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctl",
        abstract: "Tell a running broker which of its nodes go down or cannot reach each other.",
        usage: "kafka-producer broker ctl [--data-dir <directory> | --port <n> | --control <path>] <command> ...",
        discussion: HelpText.brokerControl
    )

    /// Its `--control`, `--data-dir` and `--port` are those of the running broker, wherever they stand on the line.
    @ParentCommand
    var broker: BrokerCommand

    @Argument(help: ArgumentHelp("What is to be done, such as: status, or: stop 2.", valueName: "command"))
    var words: [String]

    func run() async throws {
        let console = Console(verbosity: .normal)
        throw ExitCode(await ask(console).code)
    }

    private func ask(_ console: Console) async -> ExitStatus {
        let path = ControlSocketPlace(
            path: broker.control,
            dataDirectory: broker.dataDir,
            port: broker.port
        ).forAsking
        do throws(EmbeddedBrokerError) {
            let answer = try await BrokerControl.send(words.joined(separator: " "), to: path)
            let output = StandardOutput(console: console)
            return output.write(answer) ? .delivered : .outputIncomplete
        } catch {
            console.error(error.message)
            return error.code == .cannotListen ? .unreachable : .usage
        }
    }
}
