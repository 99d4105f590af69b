// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What the times among the settings mean together, in sentences.
struct SettingsTimes {
    let lines: [String]

    init(_ configuration: ProducerConfiguration) {
        func shown(_ key: String) -> String {
            "\(key)=\(configuration.effectiveValues.first { $0.key == key }?.text ?? "")"
        }
        let least = (configuration.linger + configuration.requestTimeout) / .milliseconds(1)
        var lines = [
            "a record has failed when \(shown("delivery.timeout.ms")) is over; within that it waits in its batch "
                + "(\(shown("linger.ms"))), for each answer (\(shown("request.timeout.ms"))) and between tries "
                + "(\(shown("retry.backoff.ms")) to \(shown("retry.backoff.max.ms")))",
            "delivery.timeout.ms has to be at least linger.ms + request.timeout.ms, which is \(Int64(least))",
            "the cluster, the topic and memory are waited for up to \(shown("max.block.ms"))",
        ]
        if configuration.retries < Int(Int32.max) {
            lines.append(
                "a batch is tried \(configuration.retries + 1) times at most (\(shown("retries"))), however much time is left"
            )
        }
        if configuration.transactionalID != nil {
            lines.append(
                "a transaction that is open for \(shown("transaction.timeout.ms")) is aborted by its coordinator"
            )
        }
        self.lines = lines
    }
}
