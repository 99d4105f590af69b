// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The settings that a person would look up for a purpose, as one word. They are the weakest of all that are given:
/// the file, `-X` and options come before them.
///
/// None of them sets `enable.idempotence`: it is on by default, and a user who sets `acks=1` in a file means to do without.
enum Preset: String, OptionWord, Sendable {
    case bulk
    case lowLatency = "low-latency"
    case durable
    case java

    /// One setting, and why it is part of the preset.
    struct Setting: Equatable, Sendable {
        var key: String
        var value: String
        var reason: String
    }

    var settings: [Setting] {
        switch self {
        case .bulk:
            [
                Setting(
                    key: "batch.size",
                    value: "1000000",
                    reason:
                        "large batches compress better and cost less each, and stay below the 1 MiB that brokers take"
                ),
                Setting(key: "linger.ms", value: "100", reason: "batches get the time to fill"),
                Setting(key: "compression.type", value: "lz4", reason: "half the bytes or less, for little CPU"),
                Setting(
                    key: "max.request.size",
                    value: "8388608",
                    reason: "a request takes the batches of several partitions"
                ),
                Setting(
                    key: "buffer.memory",
                    value: "67108864",
                    reason: "room for large batches of many partitions, and for those in flight"
                ),
            ]
        case .lowLatency:
            [
                Setting(key: "linger.ms", value: "0", reason: "a record is sent at once"),
                Setting(key: "compression.type", value: "none", reason: "no batch waits for a codec"),
                Setting(key: "retry.backoff.ms", value: "20", reason: "a new leader is tried sooner"),
                Setting(
                    key: "partitioner.availability.timeout.ms",
                    value: "100",
                    reason: "records without keys avoid a broker that takes nothing"
                ),
            ]
        case .java:
            [
                Setting(key: "batch.size", value: "16384", reason: "no batch grows while it cannot be sent"),
                Setting(
                    key: "max.in.flight.requests.per.connection",
                    value: "5",
                    reason: "no more requests, however large they are and however long the path is"
                ),
                Setting(key: "send.buffer.bytes", value: "131072", reason: "the socket's buffers as Java sets them"),
                Setting(key: "receive.buffer.bytes", value: "32768", reason: "the socket's buffers as Java sets them"),
            ]
        case .durable:
            [
                Setting(key: "acks", value: "all", reason: "every in-sync replica has the record"),
                Setting(key: "retries", value: "2147483647", reason: "only time ends trying"),
                Setting(
                    key: "delivery.timeout.ms",
                    value: "1800000",
                    reason: "half an hour: longer than a broker's restart or a rolling upgrade takes"
                ),
                Setting(
                    key: "max.block.ms",
                    value: "1800000",
                    reason: "a cluster that is away at the start is waited for as long"
                ),
                Setting(
                    key: "max.in.flight.requests.per.connection",
                    value: "5",
                    reason: "the most that keeps the order with idempotence"
                ),
            ]
        }
    }

    /// Where its settings come from, by the name that `-v` shows.
    var source: PropertySource {
        PropertySource(
            name: "preset \(rawValue)",
            entries: settings.map { PropertySource.Entry(key: $0.key, value: $0.value) }
        )
    }
}
