// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What of the settings may lose, double, reorder or show records, in sentences.
struct SettingsDangers {
    /// A broker that is restarted is away for longer.
    private static let shortDelivery = Duration.seconds(30)
    /// Kafka's default for the longest `transaction.timeout.ms` that brokers take.
    private static let longestTransaction = Duration.seconds(900)

    let lines: [String]

    init(_ configuration: ProducerConfiguration) {
        lines = Self.ofDelivery(configuration) + Self.ofSecurity(configuration) + Self.ofMemory(configuration)
    }

    private static func ofDelivery(_ configuration: ProducerConfiguration) -> [String] {
        var lines: [String] = []
        switch configuration.acks {
        case .none: lines.append("acks=0: a record counts as sent whether or not a broker stored it")
        case .leader: lines.append("acks=1: what only a leader has is lost when it fails")
        case .all: break
        }
        if configuration.retries == 0 {
            lines.append("retries=0: what a moment later would have gone well fails, such as with a new leader")
        } else if !configuration.isIdempotenceEnabled, configuration.acks != .none {
            let order = configuration.maxInFlightRequestsPerConnection > 1 ? ", and behind later ones" : ""
            lines.append("without idempotence a retry may store records twice\(order)")
        }
        if configuration.deliveryTimeout < shortDelivery {
            lines.append(
                "delivery.timeout.ms=\(Int64(configuration.deliveryTimeout / .milliseconds(1))) is short: a broker that is "
                    + "restarted is away for longer, and records fail"
            )
        }
        if configuration.transactionalID != nil, configuration.transactionTimeout > longestTransaction {
            lines.append(
                "transaction.timeout.ms is above 900000, which brokers refuse unless transaction.max.timeout.ms says otherwise"
            )
        }
        return lines
    }

    private static func ofSecurity(_ configuration: ProducerConfiguration) -> [String] {
        var lines: [String] = []
        if configuration.securityProtocol == .saslPlaintext {
            lines.append("security.protocol=SASL_PLAINTEXT: records go in plain text, and so does a password of PLAIN")
        }
        if configuration.securityProtocol.usesTLS, !configuration.tls.verifiesHostname {
            lines.append(
                "ssl.endpoint.identification.algorithm is empty: anyone with a certificate of a trusted CA can be the broker"
            )
        }
        return lines
    }

    private static func ofMemory(_ configuration: ProducerConfiguration) -> [String] {
        guard configuration.bufferMemory < 2 * configuration.batchSize else { return [] }
        return ["buffer.memory has no room for two batches of batch.size: the load goes in steps"]
    }
}
