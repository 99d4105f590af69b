// SPDX-License-Identifier: Apache-2.0

/// A running 64-bit hash of bytes (FNV-1a over words of eight bytes). It tells inputs apart, and is no protection from
/// somebody who wants them taken for each other.
struct StreamHash: Equatable, Sendable {
    private static let prime: UInt64 = 0x100_0000_01B3
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Bytes that do not fill a word yet, the first of them lowest.
    private var word: UInt64 = 0
    private var wordBytes: UInt64 = 0
    /// How many bytes were hashed.
    private(set) var count: UInt64 = 0

    init() {}

    /// The hash of the bytes so far.
    var value: UInt64 {
        var end = self
        end.mix(word ^ (wordBytes << 59))
        end.mix(count)
        return end.state
    }

    /// Takes in more bytes. However they are cut into pieces, the hash is the same.
    mutating func append(_ bytes: Span<UInt8>) {
        count &+= UInt64(bytes.count)
        var index = 0
        while index < bytes.count, wordBytes != 0 {
            append(bytes[index])
            index += 1
        }
        while index + 8 <= bytes.count {
            var next: UInt64 = 0
            for offset in 0..<8 { next |= UInt64(bytes[index + offset]) << UInt64(offset * 8) }
            mix(next)
            index += 8
        }
        while index < bytes.count {
            append(bytes[index])
            index += 1
        }
    }

    private mutating func append(_ byte: UInt8) {
        word |= UInt64(byte) << (wordBytes * 8)
        wordBytes += 1
        guard wordBytes == 8 else { return }
        mix(word)
        (word, wordBytes) = (0, 0)
    }

    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* Self.prime
        state ^= state >> 32
    }
}
