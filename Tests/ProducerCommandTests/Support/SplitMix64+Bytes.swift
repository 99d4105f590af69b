// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

extension SplitMix64 {
    /// Random bytes without the excepted one. Eight are drawn at once: tests want megabytes of them.
    mutating func bytes(_ count: Int, without excepted: UInt8? = nil) -> [UInt8] {
        let pattern = excepted.map { UInt64($0) &* 0x0101_0101_0101_0101 }
        var words = [UInt64](repeating: 0, count: (count + 7) / 8)
        var index = 0
        while index < words.count {
            var word = next()
            if let pattern {
                // A byte that is the excepted one gets another last bit. Where the bytes differ, one of the seven lower bits
                // carries into the eighth, or the eighth is set.
                let difference = word ^ pattern
                let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
                word ^= ~(((difference & low) &+ low) | difference | low) &>> 7
            }
            words[index] = word
            index += 1
        }
        return unsafe words.withUnsafeBytes { bytes in unsafe Array(bytes.prefix(count)) }
    }
}
