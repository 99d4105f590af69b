// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

/// The value of the next record: a range of memory that was filled before the load, or a number written into it.
struct ValueCursor: Sendable {
    /// What ``range`` is a part of.
    private(set) var storage: [UInt8]
    private(set) var range: Range<Int>

    private let ends: [Int]
    private let isShuffled: Bool
    private var random = SplitMix64(seed: 1)
    private var place = 0
    private var number: UInt64 = 0

    /// Values of a pool in turn or at random, or without a pool numbers from 0.
    init(_ pool: PayloadPool?, isShuffled: Bool) {
        storage = pool?.storage ?? Array("0".utf8)
        ends = pool?.ends ?? []
        self.isShuffled = isShuffled
        range = 0..<(pool?.ends.first ?? 1)
        if isShuffled { advance() }
    }

    /// Goes on to the next value.
    mutating func advance() {
        guard !ends.isEmpty else { return count() }
        if isShuffled {
            place = random.below(UInt32(truncatingIfNeeded: ends.count))
        } else {
            place = place + 1 < ends.count ? place + 1 : 0
        }
        range = (place == 0 ? 0 : ends[place - 1])..<ends[place]
    }

    private mutating func count() {
        number += 1
        storage.removeAll(keepingCapacity: true)
        storage.append(decimal: number)
        range = 0..<storage.count
    }
}
