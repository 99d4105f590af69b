// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

/// Makes keys of one size, so many different ones, in memory of the caller that is used again for each.
struct KeyMaker: Sendable {
    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    let size: Int
    let cardinality: UInt32
    private var random: SplitMix64

    /// Nil when there are not so many keys of this size.
    init?(size: Int, cardinality: UInt32, seed: UInt64 = 0) {
        guard size > 0, cardinality > 0, UInt64(cardinality) <= Self.possibleKeys(ofSize: size) else { return nil }
        self.size = size
        self.cardinality = cardinality
        random = SplitMix64(seed: seed ^ 0x6B65_7973)
    }

    /// How many different keys of a size there can be; larger ones count as one of seven bytes.
    static func possibleKeys(ofSize size: Int) -> UInt64 {
        (0..<min(max(0, size), longestNumber)).reduce(1) { possible, _ in possible * UInt64(digits.count) }
    }

    /// A number below 2^32 has no more digits than this.
    private static let longestNumber = 7

    /// What stands in the memory before the first key.
    var blank: [UInt8] { Array(repeating: Self.digits[0], count: size) }

    /// Writes the next key over the one before, each as likely as the others: its number in base 36 with leading zeros.
    mutating func write(over key: inout [UInt8]) {
        var rest = random.below(cardinality)
        var place = key.count - 1
        for _ in 0..<min(Self.longestNumber, key.count) {
            key[place] = Self.digits[rest % 36]
            rest /= 36
            place -= 1
        }
    }
}
