// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

/// Stays with one partition until about a batch's worth went to it, then moves on (KIP-480, KIP-794).
struct StickyPartitioner: Sendable {
    private let stickyBatchSize: Int
    private var current: Int32?
    private var producedBytes = 0
    private var random: any RandomNumberGenerator & Sendable

    /// A partitioner that stays for `batch.size` bytes; 0 counts as 1.
    init(stickyBatchSize: Int, random: any RandomNumberGenerator & Sendable = SplitMix64()) {
        self.stickyBatchSize = max(1, stickyBatchSize)
        self.random = random
    }

    /// The partition that records without a key stay with, of so many; nil when the next one has to be chosen.
    func current(ofCount count: Int32) -> Int32? {
        guard let current, current < count else { return nil }
        return current
    }

    /// The partition that records without a key go to now.
    mutating func partition(of topic: TopicPartitions, load: @autoclosure () -> PartitionLoad?) -> Int32 {
        if let current = current(ofCount: topic.partitionCount) { return current }
        let next = nextPartition(of: topic, load: load())
        current = next
        return next
    }

    /// Counts what was appended to the current partition and moves on when it was enough.
    ///
    /// Moving on in the middle of a batch would leave it to linger half full; hence it waits until the last batch is
    /// full, but not beyond twice the batch size.
    mutating func appended(bytes: Int, isLastBatchFull: Bool) {
        producedBytes += bytes
        guard producedBytes >= stickyBatchSize && isLastBatchFull || producedBytes >= 2 * stickyBatchSize else {
            return
        }
        current = nil
        producedBytes = 0
    }

    private mutating func nextPartition(of topic: TopicPartitions, load: PartitionLoad?) -> Int32 {
        let number = UInt32(truncatingIfNeeded: random.next())
        // The load may be that of a topic that has more partitions, or had.
        if let load, case let choice = load.partition(forRandom: number), choice < topic.partitionCount {
            return choice
        }
        let candidates = topic.near.isEmpty ? topic.available : topic.near
        guard !candidates.isEmpty else { return Int32(number % UInt32(max(1, topic.partitionCount))) }
        return candidates[Int(number % UInt32(candidates.count))]
    }
}
