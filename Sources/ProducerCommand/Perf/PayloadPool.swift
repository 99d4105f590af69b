// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

/// Values that were made before the load begins, so that making them is not what is measured.
struct PayloadPool: Sendable {
    /// Generated values take about so many bytes: more than any batch, so that no codec sees one twice.
    static let size = 16 << 20

    /// All values, one after another.
    private(set) var storage: [UInt8] = []
    /// Where each value ends.
    private(set) var ends: [Int] = []

    var count: Int { ends.count }
    /// The size of the largest value.
    var longest: Int { ends.indices.map { self[$0].count }.max() ?? 0 }

    /// Where a value lies in the storage.
    subscript(index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    /// Values of `size` bytes, no more than `limit` of them.
    ///
    /// Without a ratio they are random capital letters, as kafka-producer-perf-test makes them. With a ratio of N a
    /// codec makes about an Nth of them: part of each value is random bytes, the rest is the same in all.
    init(recordSize size: Int, ratio: Double?, limit: UInt64, seed: UInt64 = 0) {
        let count = Int(min(UInt64(max(16, Self.size / max(1, size))), max(1, limit)))
        var random = SplitMix64(seed: seed)
        storage.reserveCapacity(count * size)
        ends.reserveCapacity(count)
        for _ in 0..<count {
            if let ratio {
                appendMixed(size, ratio, &random)
            } else {
                for _ in 0..<size { storage.append(UInt8(ascii: "A") + UInt8(random.below(26))) }
            }
            ends.append(storage.count)
        }
    }

    /// The pieces of `text` between delimiters; nothing follows the last delimiter.
    init(splitting text: [UInt8], at delimiter: BytePattern) {
        storage.reserveCapacity(text.count)
        var start = 0
        while start < text.count {
            let end = delimiter.firstIndex(in: text.span, from: start)
            storage.append(contentsOf: text[start..<(end ?? text.count)])
            ends.append(storage.count)
            start = end.map { $0 + delimiter.count } ?? text.count
        }
    }

    private static let filler = Array("the quick brown fox jumps over the lazy dog; ".utf8)

    /// Random bytes first, then as many of the filler as make the value as large as it is to be.
    private mutating func appendMixed(_ size: Int, _ ratio: Double, _ random: inout SplitMix64) {
        // A codec spends some bytes on saying that the filler comes again.
        let overhead = ratio > 1 ? 4.0 : 0
        let noise = min(size, max(0, Int((Double(size) / ratio - overhead).rounded())))
        for _ in 0..<noise { storage.append(UInt8(truncatingIfNeeded: random.next() &>> 24)) }
        for start in stride(from: noise, to: size, by: Self.filler.count) {
            storage.append(contentsOf: Self.filler.prefix(size - start))
        }
    }
}
