// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

/// The one source of random numbers that a seed repeats.
@Suite("SplitMix64")
struct SplitMix64Tests {
    @Test("a seed gives the numbers that are published for it")
    func published() {
        var random = SplitMix64(seed: 1_234_567)
        let numbers = (0..<5).map { _ in random.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test("two that begin anywhere do not begin at one place")
    func anywhere() {
        var (first, second) = (SplitMix64(), SplitMix64())
        #expect((0..<4).map { _ in first.next() } != (0..<4).map { _ in second.next() })
    }
}
