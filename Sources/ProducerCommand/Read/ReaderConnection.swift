// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import KafkaReader
import Logging

/// Makes readers that connect as a producer with the same settings does.
enum ReaderConnection {
    /// How long a topic may be unknown: a new one may not have come round to all brokers.
    private static let topicTimeout = Duration.seconds(5)

    /// A reader for these settings, after their security was made ready.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - onEvent: Gets what happens to connections, on the reader's event loop.
    /// - Throws: `ConfigurationError` and `ReaderError` for settings that cannot be.
    /// - Returns: The reader.
    static func reader(
        _ configuration: ProducerConfiguration,
        onEvent: (@Sendable (ClientEvent) -> Void)? = nil
    ) async throws -> KafkaReader {
        let plan = try configuration.inspection(topic: nil, limit: nil)
        var settings = ReaderConfiguration(client: plan.client)
        if plan.expandsBootstrap {
            // The system's resolver blocks.
            settings.bootstrap = await BlockingThread.run { BootstrapResolver.canonicalServers(plan.client.bootstrap) }
        }
        settings.timeout = max(configuration.maxBlock, .milliseconds(1))
        settings.topicTimeout = min(settings.timeout, Self.topicTimeout)
        settings.onEvent = onEvent
        let silence = Logger(label: "kafka-producer", factory: { _ in SwiftLogNoOpLogHandler() })
        return try KafkaReader(settings, logger: silence)
    }
}
