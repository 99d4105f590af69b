// SPDX-License-Identifier: Apache-2.0

/// The hash that puts a key on its partition, the same as in the Java client (murmur2, 32 bits, Kafka's seed).
public enum Murmur2 {
    @inlinable static var seed: UInt32 { 0x9747_b28c }
    @inlinable static var multiplier: UInt32 { 0x5bd1_e995 }

    /// Hashes a key.
    ///
    /// - Parameter key: the serialized key; an empty one has a hash as well.
    /// - Returns: the signed hash, as `org.apache.kafka.common.utils.Utils.murmur2` gives it.
    public static func hash(_ key: Span<UInt8>) -> Int32 { Int32(bitPattern: mixed(key)) }

    /// The hash without its sign.
    @inlinable
    @inline(__always)
    static func positiveHash(_ key: Span<UInt8>) -> UInt32 { mixed(key) & 0x7fff_ffff }

    @inlinable
    @inline(__always)
    static func mixed(_ key: Span<UInt8>) -> UInt32 {
        let bytes = unsafe key.bytes
        let count = bytes.byteCount
        var hash = seed ^ UInt32(truncatingIfNeeded: count)
        var place = 0
        while place &+ 4 <= count {
            hash = (hash &* multiplier) ^ scrambled(word(of: bytes, at: place))
            place &+= 4
        }
        let rest = count &- place
        guard rest > 0 else { return avalanche(hash) }
        if count >= 4 {
            // The last word, without those of its bytes that are in the hash already.
            hash ^= word(of: bytes, at: count &- 4) &>> UInt32(truncatingIfNeeded: 32 &- 8 &* rest)
        } else {
            for index in 0..<rest { hash ^= UInt32(key[index]) &<< UInt32(truncatingIfNeeded: 8 &* index) }
        }
        return avalanche(hash &* multiplier)
    }

    /// The word of four bytes that lie within `bytes`.
    @inlinable
    @inline(__always)
    static func word(of bytes: RawSpan, at place: Int) -> UInt32 {
        unsafe UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt32.self))
    }

    @inlinable
    @inline(__always)
    static func scrambled(_ word: UInt32) -> UInt32 {
        let mixed = word &* multiplier
        return (mixed ^ mixed &>> 24) &* multiplier
    }

    @inlinable
    @inline(__always)
    static func avalanche(_ hash: UInt32) -> UInt32 {
        var hash = hash
        hash ^= hash &>> 13
        hash &*= multiplier
        hash ^= hash &>> 15
        return hash
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
