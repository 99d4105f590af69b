// SPDX-License-Identifier: Apache-2.0

/// Finds what an unknown key was probably meant to be.
enum KeySuggestion {
    /// What to write instead of names that other clients and former versions use.
    static let known: [String: String] = renamed.mapValues { "Kafka's name for it is \($0)" }.merging(explained) { $1 }
        .merging(SecurityNames.known) { $1 }

    /// The names that other clients and former versions have for a setting of the table.
    static func foreignNames(of key: String) -> [String] {
        renamed.filter { $0.value.split(whereSeparator: { $0 == " " || $0 == "," }).first.map(String.init) == key }
            .keys.sorted()
    }

    private static let renamed: [String: String] = [
        "queue.buffering.max.ms": "linger.ms",
        "queue.buffering.max.kbytes": "buffer.memory (in bytes)",
        "queue.buffering.max.messages": "buffer.memory (in bytes)",
        "batch.num.messages": "batch.size (in bytes)",
        "message.max.bytes": "max.request.size",
        "message.send.max.retries": "retries",
        "message.timeout.ms": "delivery.timeout.ms",
        "request.required.acks": "acks",
        "compression.codec": "compression.type",
        "compression.level": "compression.gzip.level, compression.lz4.level or compression.zstd.level",
        "partitioner": "partitioner.class",
        "max.in.flight": "max.in.flight.requests.per.connection",
        "metadata.broker.list": "bootstrap.servers",
        "socket.timeout.ms": "request.timeout.ms",
        "timeout.ms": "request.timeout.ms",
        "socket.send.buffer.bytes": "send.buffer.bytes",
        "socket.receive.buffer.bytes": "receive.buffer.bytes",
        "topic.metadata.refresh.interval.ms": "metadata.max.age.ms",
        "metadata.fetch.timeout.ms": "max.block.ms",
        "block.on.buffer.full": "max.block.ms",
        "queue.enqueue.timeout.ms": "max.block.ms",
        "serializer.class": "value.serializer",
        "key.serializer.class": "key.serializer",
        "compressed.topics": "compression.type",
        "retry.backoff": "retry.backoff.ms",
    ]

    private static let explained: [String: String] = [
        "topic": "the topic is chosen by --topic",
        "group.id": "it belongs to consumers",
        "auto.offset.reset": "it belongs to consumers",
        "enable.auto.commit": "it belongs to consumers",
        "key.deserializer": "it belongs to consumers",
        "value.deserializer": "it belongs to consumers",
    ]

    /// The key of the table that is spelled most alike, or that alone begins with these words, as `linger.ms` does with
    /// `linger`; `nil` when none is alike enough to be a slip.
    static func nearest(to key: String) -> String? {
        let plain = key.lowercased().replacing("_", with: ".")
        let longer = ProducerConfigKey.all.filter { $0.name.hasPrefix(plain + ".") }
        if longer.count == 1 { return longer[0].name }
        let bytes = Array(plain.utf8)
        let limit = max(1, min(3, bytes.count / 4))
        var nearest: (name: String, distance: Int)?
        // No name is nearer than by how much it is longer or shorter.
        for candidate in ProducerConfigKey.all where abs(candidate.name.utf8.count - bytes.count) <= limit {
            let distance = distance(bytes, Array(candidate.name.utf8))
            if distance <= limit, distance < nearest?.distance ?? .max { nearest = (candidate.name, distance) }
        }
        return nearest?.name
    }

    /// How many bytes have to be put in, taken out, replaced or swapped with their neighbour to make one of the other.
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        guard !first.isEmpty, !second.isEmpty else { return max(first.count, second.count) }
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 1...first.count {
            var current = [row]
            for column in 1...second.count {
                let replaced = last[column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1)
                var best = min(last[column] + 1, current[column - 1] + 1, replaced)
                if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
