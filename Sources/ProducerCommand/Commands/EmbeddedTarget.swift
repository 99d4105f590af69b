// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProducer
import Logging

/// Runs something against a broker inside this process, when `--embedded` asks for one.
enum EmbeddedTarget {
    /// Runs `body` with settings that lead to the broker, which ends afterwards; without a directory, as they are.
    static func run<Result: Sendable>(
        _ directory: String?,
        _ settings: SettingsPlan,
        _ body: (SettingsPlan) async throws -> Result
    ) async throws -> Result {
        guard let directory else { return try await body(settings) }
        let servers = { (list: String) in
            PropertySource(name: "--embedded", key: "bootstrap.servers", value: list)
        }
        // The settings are checked first: a broker would leave its files behind.
        var settings = settings
        settings.sources.append(servers("localhost:9092"))
        try settings.checkForEmbeddedBroker()
        var configuration = EmbeddedBroker.Configuration()
        configuration.dataDirectory = directory
        let silence = Logger(label: "kafka-producer", factory: { _ in SwiftLogNoOpLogHandler() })
        let broker = try await EmbeddedBroker.start(configuration, logger: silence)
        settings.sources[settings.sources.count - 1] = servers(broker.bootstrapServers.joined(separator: ","))
        do {
            let result = try await body(settings)
            await broker.stop()
            return result
        } catch {
            await broker.stop()
            throw error
        }
    }
}
