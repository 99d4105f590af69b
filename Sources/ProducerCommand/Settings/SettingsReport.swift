// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What settings come to: each value with its source and default, what follows from them together, and what to look out
/// for. No secret is in it.
struct SettingsReport: Encodable, Equatable {
    /// One setting of Kafka's producer.
    struct Value: Encodable, Equatable {
        let name: String
        let value: String
        /// Where it was written; absent for a default, and for what follows from other settings.
        let source: String?
        let defaultValue: String
        /// Why it does nothing here, if it does nothing.
        let noEffect: String?
        /// What librdkafka and other clients call it.
        let otherNames: [String]

        private enum CodingKeys: String, CodingKey {
            case name, value, source, noEffect, otherNames
            case defaultValue = "default"
        }
    }

    /// The file that was read, if any.
    var file: String?
    var settings: [Value]
    var isIdempotent: Bool
    /// How idempotence came to be on or off.
    var idempotence: String
    var guarantee: String
    /// What times mean together.
    var timeouts: [String]
    /// What was written and does nothing, or not what it says.
    var noEffect: [String]
    /// What may lose, double or show records.
    var dangers: [String]
    /// What else is worth knowing: which of two values holds, older names.
    var remarks: [String]

    init(_ inspected: InspectedSettings) {
        let configuration = inspected.configuration
        let notices = configuration.notices
        file = inspected.file
        let idle = notices.filter { $0.kind == .noEffect || $0.kind == .unknownKey }
        settings = configuration.effectiveValues.map { Self.value($0, idle) }
        isIdempotent = configuration.isIdempotenceEnabled
        idempotence = Self.idempotence(of: configuration)
        guarantee = Guarantee(configuration).description
        timeouts = SettingsTimes(configuration).lines
        noEffect = idle.map(\.description)
        dangers = SettingsDangers(configuration).lines + notices.filter { $0.kind == .insecure }.map(\.description)
        // Of idempotence all is said above.
        let changes = notices.filter {
            ($0.kind == .adjusted && $0.key != "enable.idempotence") || $0.kind == .olderName
        }
        remarks = inspected.overrides + changes.map(\.description) + Self.unset(in: configuration)
        if let path = inspected.openPasswordFile {
            dangers.append("\(Credentials.fileOption) \(path): others can read this file: chmod 600 \(path)")
        }
    }

    private static func value(_ value: EffectiveValue, _ idle: [ConfigurationNotice]) -> Value {
        let key = ProducerConfigKey.named(value.key)
        return Value(
            name: value.key,
            value: value.text,
            source: value.origin?.description,
            defaultValue: key?.defaultText ?? "null",
            noEffect: idle.first { $0.key == value.key }?.message,
            otherNames: key?.foreignNames ?? []
        )
    }

    /// What holds here, other than in Java, where a setting is not written.
    private static func unset(in configuration: ProducerConfiguration) -> [String] {
        var lines: [String] = []
        if configuration.growsBatches {
            lines.append(
                "batch.size is not set: a batch that cannot be sent at once takes more, up to what the broker takes"
            )
        }
        if configuration.limitsRequestsByPartition {
            lines.append(
                "max.in.flight.requests.per.connection is not set: five hold for each partition, not for the requests of a "
                    + "connection, and large batches of a partition may be 32"
            )
        }
        if configuration.sendBufferBytes == nil, configuration.receiveBufferBytes == nil {
            lines.append(
                "send.buffer.bytes and receive.buffer.bytes are not set: the system chooses the sockets' buffers"
            )
        }
        return lines
    }

    private static func idempotence(of configuration: ProducerConfiguration) -> String {
        let key = "enable.idempotence"
        let origin = configuration.origin(of: key).map { " (\($0))" } ?? ""
        switch configuration.idempotence {
        case .off where origin.isEmpty: return "off"
        case .off: return "off: \(key)=false\(origin)"
        case .required: return "on: \(key)=true\(origin)"
        case .automatic where configuration.isIdempotenceEnabled:
            return "on: it is the default, and acks, retries and the requests in flight allow it"
        case .automatic:
            return "off because \(configuration.idempotenceObstacles.joined(separator: " and ")); "
                + "\(key)=true would have made that an error"
        }
    }
}
