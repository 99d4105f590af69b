// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// How a client finds the partition of a key.
enum KeyPlacement: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// murmur2, as the Java client, franz-go and this program have it.
    case java
    /// CRC-32, librdkafka's `consistent_random`.
    case librdkafka
    /// FNV-1a, sarama's hash partitioner.
    case sarama

    /// The partition of a key, nil when it may be any.
    ///
    /// - Parameters:
    ///   - key: The key's bytes.
    ///   - count: How many partitions the topic has, at least 1.
    /// - Returns: The partition.
    func partition(of key: [UInt8], count: Int32) -> Int32? {
        switch self {
        case .java:
            return (Murmur2.hash(key.span) & .max) % count
        case .librdkafka:
            guard !key.isEmpty else { return nil }
            return Int32(Self.crc32(key) % UInt32(count))
        case .sarama:
            // The sign is dropped after the division.
            return Int32((Int32(bitPattern: Self.fnv1a(key)) % count).magnitude)
        }
    }

    /// The checksum of zlib and Ethernet.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }

    private static func fnv1a(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}
