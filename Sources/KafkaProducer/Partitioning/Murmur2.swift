// SPDX-License-Identifier: Apache-2.0

/// The hash that puts a key on its partition, the same as in the Java client (murmur2, 32 bits, Kafka's seed).
public enum Murmur2 {
    private static let seed: UInt32 = 0x9747_b28c
    private static let multiplier: UInt32 = 0x5bd1_e995

    /// Hashes a key.
    ///
    /// - Parameter key: the serialized key; an empty one has a hash as well.
    /// - Returns: the signed hash, as `org.apache.kafka.common.utils.Utils.murmur2` gives it.
    public static func hash(_ key: Span<UInt8>) -> Int32 {
        let hash = unsafe key.withUnsafeBytes { bytes in
            var hash = seed ^ UInt32(truncatingIfNeeded: bytes.count)
            let tail = bytes.count & ~3
            for index in stride(from: 0, to: tail, by: 4) {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
                var mixed = UInt32(littleEndian: word) &* multiplier
                mixed ^= mixed &>> 24
                mixed &*= multiplier
                hash = (hash &* multiplier) ^ mixed
            }
            if bytes.count > tail {
                if bytes.count > tail + 2 { hash ^= unsafe UInt32(bytes[tail + 2]) &<< 16 }
                if bytes.count > tail + 1 { hash ^= unsafe UInt32(bytes[tail + 1]) &<< 8 }
                hash ^= unsafe UInt32(bytes[tail])
                hash &*= multiplier
            }
            return hash
        }
        return avalanche(hash)
    }

    private static func avalanche(_ hash: UInt32) -> Int32 {
        var hash = hash
        hash ^= hash &>> 13
        hash &*= multiplier
        hash ^= hash &>> 15
        return Int32(bitPattern: hash)
    }

    /// The partition of a key: the hash without its sign, modulo the number of partitions.
    ///
    /// - Parameters:
    ///   - key: the serialized key.
    ///   - count: how many partitions the topic has; more than 0.
    /// - Returns: a partition from 0 up to `count` - 1.
    public static func partition(forKey key: Span<UInt8>, count: Int32) -> Int32 {
        (hash(key) & 0x7fff_ffff) % count
    }
}
