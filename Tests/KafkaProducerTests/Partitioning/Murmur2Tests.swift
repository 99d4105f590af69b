// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import RandomNumbers
import Testing

/// Hashes that other clients publish in their own tests.
@Suite("Murmur2")
struct Murmur2Tests {
    @Test(
        "known keys have their known hashes",
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
        ] as [(String, Int32)]
    )
    func known(key: String, expected: Int32) {
        #expect(Murmur2.hash(Array(key.utf8).span) == expected)
    }

    /// The algorithm as it is written down, byte by byte.
    private static func plainHash(_ key: [UInt8]) -> Int32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(key.count)
        var rest = key[...]
        while rest.count >= 4 {
            var word = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } &* multiplier
            word ^= word >> 24
            hash = hash &* multiplier ^ word &* multiplier
            rest = rest.dropFirst(4)
        }
        if !rest.isEmpty { hash = (hash ^ rest.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) &* multiplier }
        hash = (hash ^ hash >> 13) &* multiplier
        return Int32(bitPattern: hash ^ hash >> 15)
    }

    @Test("any key has the hash of the plain algorithm, and any number of partitions the remainder")
    func plain() {
        var random = SplitMix64(seed: 2)
        let counts: [Int32] = [1, 2, 3, 5, 12, 1000, 5000, 65_535, 65_536, 1 << 30, .max - 1, .max]
        for size in 0..<200 {
            let key = (0..<size % 50).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let hash = Self.plainHash(key)
            #expect(Murmur2.hash(key.span) == hash, "\(key)")
            for count in counts + [Int32.random(in: 1 ... .max, using: &random)] {
                let number = KeyedPartitions(count: count).number(forKey: key.span)
                #expect(number == (hash & .max) % count, "\(key) of \(count)")
            }
        }
    }
}
