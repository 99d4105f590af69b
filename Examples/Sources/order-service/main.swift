// SPDX-License-Identifier: Apache-2.0
import Configuration
import KafkaProducer
import Logging
import OrderService
import ServiceLifecycle
import UnixSignals

// Settings come from variables such as KAFKA_BOOTSTRAP_SERVERS.
let logger = Logger(label: "order-service")
let reader = ConfigReader(provider: EnvironmentVariablesProvider())
var settings = try ProducerConfiguration(reading: reader.scoped(to: "kafka"))
settings.transactionalID = settings.transactionalID ?? "order-service"
let producer = try KafkaProducer(configuration: settings, logger: logger)
let server = OrderServer(desk: OrderDesk(producer: producer), port: reader.int(forKey: "http.port", default: 8080))

// They end in the reverse of this order: what was ordered is delivered.
let group = ServiceGroup(
    services: [producer, server],
    gracefulShutdownSignals: [.sigterm, .sigint],
    logger: logger
)
try await group.run()
