// SPDX-License-Identifier: Apache-2.0

/// Arithmetic of sequence numbers, which run from 0 to 2^31 - 1 and then begin again at 0 (KIP-98).
enum Sequence {
    /// The sequence `count` records after `sequence`.
    static func advance(_ sequence: Int32, by count: Int) -> Int32 {
        Int32((Int64(sequence) + Int64(count)) & Int64(Int32.max))
    }

    /// Whether `sequence` comes right after `last`; after nothing comes 0.
    static func isNext(_ sequence: Int32, after last: Int32?) -> Bool {
        guard let last else { return sequence == 0 }
        return sequence == advance(last, by: 1)
    }
}
