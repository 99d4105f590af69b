// SPDX-License-Identifier: Apache-2.0

/// How likely each partition is to be the next sticky one: the shorter its queue, the likelier (KIP-794).
struct PartitionLoad: Sendable, Equatable {
    /// Running sums of the partitions' weights.
    let cumulativeWeights: [Int]
    /// The partitions that the weights belong to.
    let partitions: [Int32]

    /// Weights by queue length, or `nil` when there is nothing to prefer: fewer than two partitions in all, or every
    /// partition usable and all queues of one length.
    ///
    /// - Parameters:
    ///   - queueSizes: queued batches of each usable partition.
    ///   - partitions: those partitions.
    ///   - partitionCount: how many partitions the topic has, usable or not.
    init?(queueSizes: [Int], partitions: [Int32], partitionCount: Int) {
        guard let longest = queueSizes.max(), partitionCount > 1 else { return nil }
        if queueSizes.count == partitionCount, queueSizes.allSatisfy({ $0 == longest }) { return nil }
        var sum = 0
        cumulativeWeights = queueSizes.map { size in
            sum += longest + 1 - size
            return sum
        }
        self.partitions = partitions
    }

    /// The partition that a random number stands for.
    func partition(forRandom random: UInt32) -> Int32 {
        let weight = Int(random % UInt32(clamping: cumulativeWeights.last ?? 1))
        // The first sum above the weight, found by halving.
        var (low, high) = (0, cumulativeWeights.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulativeWeights[middle] > weight { high = middle } else { low = middle + 1 }
        }
        return partitions[low]
    }
}
