// SPDX-License-Identifier: Apache-2.0

/// A setting by librdkafka's name, as settings of Kafka's producer.
enum LibrdkafkaSetting: Equatable {
    /// These do the same.
    case settings([String])
    /// There is nothing to set: it is so anyway, or of no importance here.
    case nothing
    /// It cannot be had; the text says what to do.
    case refused(String)

    /// - Parameter property: Such as `topic.request.required.acks=1`.
    /// - Throws: `UsageError` for a property without a value.
    init(_ property: String) throws(UsageError) {
        let parts = try KeyValueArgument(property, of: "-X")
        let name = parts.key.hasPrefix("topic.") ? String(parts.key.dropFirst(6)) : parts.key
        let value = parts.value
        if let kafka = Self.renamed[name] {
            self = .settings(["\(kafka)=\(value)"])
        } else if Self.idle.contains(name) {
            self = .nothing
        } else {
            self = Self.other(name, value)
        }
    }

    private static let renamed = [
        "metadata.broker.list": "bootstrap.servers", "queue.buffering.max.ms": "linger.ms",
        "message.send.max.retries": "retries", "compression.codec": "compression.type",
        "max.in.flight": "max.in.flight.requests.per.connection", "message.max.bytes": "max.request.size",
        "socket.timeout.ms": "request.timeout.ms", "socket.send.buffer.bytes": "send.buffer.bytes",
        "socket.receive.buffer.bytes": "receive.buffer.bytes",
        "topic.metadata.refresh.interval.ms": "metadata.max.age.ms", "sasl.mechanisms": "sasl.mechanism",
    ]

    /// What a producer does not need, or what is so here.
    private static let idle: Set = [
        "queue.buffering.max.messages", "batch.num.messages", "socket.keepalive.enable", "socket.nagle.disable",
        "queuing.strategy", "log.connection.close", "api.version.request", "broker.version.fallback",
        "builtin.features", "queue.buffering.backpressure.threshold", "enable.gapless.guarantee",
        "socket.max.fails", "log_level", "request.timeout.ms", "delivery.report.only.error",
    ]

    private static func other(_ name: String, _ value: String) -> Self {
        switch name {
        case "request.required.acks", "acks": return .settings(["acks=\(value)"])
        case "message.timeout.ms", "delivery.timeout.ms":
            // To librdkafka 0 is no limit.
            guard let time = Int64(value), time > 0 else { return .settings(["delivery.timeout.ms=2147483647"]) }
            // There the time of a request is no part of it.
            let request = time < 30_005 ? ["request.timeout.ms=\(max(1, time - 5))"] : []
            return .settings(["delivery.timeout.ms=\(time)"] + request)
        case "queue.buffering.max.kbytes":
            guard let size = Int64(value), size > 0, size < 1 << 40 else {
                return .refused("write buffer.memory in bytes")
            }
            return .settings(["buffer.memory=\(size * 1024)"])
        case "security.protocol": return .settings(["security.protocol=\(value.uppercased())"])
        case "ssl.ca.location":
            return .settings(["ssl.truststore.type=PEM", "ssl.truststore.location=\(value)"])
        case "ssl.endpoint.identification.algorithm":
            return .settings(["\(name)=\(value == "none" ? "" : value)"])
        case "partitioner":
            switch value {
            case "murmur2", "murmur2_random": return .nothing
            case "random": return .settings(["partitioner.ignore.keys=true"])
            default:
                return .refused(
                    "keys are placed by murmur2 alone, as Java and librdkafka's murmur2_random do; "
                        + "kafka-producer partition-of --as librdkafka says where \(value) would put them"
                )
            }
        case "statistics.interval.ms": return .refused("write --stats-interval SECONDS")
        case "debug": return .refused("write -v")
        case "compression.level":
            return .refused("write compression.gzip.level, compression.lz4.level or compression.zstd.level")
        case "sasl.username", "sasl.password":
            return .refused("write --user NAME --password-file FILE, and -X sasl.mechanism=PLAIN if it is that")
        case "ssl.certificate.location", "ssl.key.location":
            return .refused(
                "write ssl.keystore.type=PEM and ssl.keystore.location=FILE, one file with the key and its certificates"
            )
        case "enable.ssl.certificate.verification" where value == "true": return .nothing
        // Kafka's own, or unknown: the settings' own rules say so.
        default: return .settings(["\(name)=\(value)"])
        }
    }
}
