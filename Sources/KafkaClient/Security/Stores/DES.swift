// SPDX-License-Identifier: Apache-2.0

/// The block cipher DES of FIPS 46-3, with which stores from before 2021 encrypt keys, three times in a row.
struct DES {
    private static let shifts: [UInt64] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]

    /// One of 48 bits for each round.
    private let keys: [UInt64]

    /// Expands a key, of whose bytes the lowest bit does not count.
    init(key: UInt64) {
        let chosen = Self.permute(key, width: 64, DESTables.keyChoice)
        var (left, right) = (chosen >> 28, chosen & 0x0FFF_FFFF)
        var keys: [UInt64] = []
        for shift in Self.shifts {
            left = (left << shift | left >> (28 - shift)) & 0x0FFF_FFFF
            right = (right << shift | right >> (28 - shift)) & 0x0FFF_FFFF
            keys.append(Self.permute(left << 28 | right, width: 56, DESTables.roundKeyChoice))
        }
        self.keys = keys
    }

    /// Encrypts a block; its first byte is the highest of the number.
    func encrypt(_ block: UInt64) -> UInt64 { run(block, keys) }

    /// Decrypts a block.
    func decrypt(_ block: UInt64) -> UInt64 { run(block, keys.reversed()) }

    private func run(_ block: UInt64, _ keys: some Sequence<UInt64>) -> UInt64 {
        let start = Self.permute(block, width: 64, DESTables.initial)
        var (left, right) = (start >> 32, start & 0xFFFF_FFFF)
        for key in keys { (left, right) = (right, left ^ Self.mix(right, key)) }
        return Self.permute(right << 32 | left, width: 64, DESTables.final)
    }

    private static func mix(_ half: UInt64, _ key: UInt64) -> UInt64 {
        let expanded = permute(half, width: 32, DESTables.expansion) ^ key
        var result: UInt64 = 0
        for box in 0..<8 {
            let six = Int(expanded >> UInt64(42 - 6 * box)) & 0x3F
            // The outer bits name the row, the inner four the column.
            let row = (six >> 4 & 2) | (six & 1)
            result = result << 4 | UInt64(DESTables.boxes[box * 64 + row * 16 + (six >> 1 & 0xF)])
        }
        return permute(result, width: 32, DESTables.mixing)
    }

    /// The bits that a table names, 1 for the highest of `width`.
    private static func permute(_ value: UInt64, width: UInt64, _ table: [UInt8]) -> UInt64 {
        var result: UInt64 = 0
        for place in table { result = result &<< 1 | (value &>> (width &- UInt64(place)) & 1) }
        return result
    }
}
