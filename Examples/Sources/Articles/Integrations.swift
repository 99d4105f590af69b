// SPDX-License-Identifier: Apache-2.0
import Configuration
import KafkaProducer
public import Logging
public import ServiceLifecycle
import UnixSignals

/// The code of "Services, metrics, traces and configuration".
public func serve(_ server: any Service, logger: Logger) async throws {
    let reader = ConfigReader(provider: EnvironmentVariablesProvider())
    let configuration = try ProducerConfiguration(reading: reader.scoped(to: "kafka"))
    let producer = try KafkaProducer(configuration: configuration, logger: logger)
    let services = ServiceGroup(services: [producer, server], gracefulShutdownSignals: [.sigterm], logger: logger)
    try await services.run()
}

/// How metrics are handed on there.
func reportMetrics(of producer: KafkaProducer) async {
    await withTaskGroup { group in
        group.addTask { await producer.reportMetrics(every: .seconds(10)) }
    }
}
