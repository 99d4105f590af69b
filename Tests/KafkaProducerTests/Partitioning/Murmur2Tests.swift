// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
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
}
