// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// How queue lengths become chances (KIP-794).
@Suite("PartitionLoad")
struct PartitionLoadTests {
    @Test("queues of 0, 3 and 1 batches weigh 4, 1 and 3")
    func weights() throws {
        let load = try #require(PartitionLoad(queueSizes: [0, 3, 1], partitions: [0, 1, 2], partitionCount: 3))
        #expect(load.cumulativeWeights == [4, 5, 8])
    }

    @Test(
        "a number stands for the first partition whose running sum is greater",
        arguments: [(UInt32(0), Int32(0)), (3, 0), (4, 1), (5, 2), (7, 2), (8, 0), (12, 1), (.max, 2)]
    )
    func choice(random: UInt32, partition: Int32) throws {
        let load = try #require(PartitionLoad(queueSizes: [0, 3, 1], partitions: [0, 1, 2], partitionCount: 3))
        #expect(load.partition(forRandom: random) == partition)
    }

    @Test("queues of one length say nothing, nor does a single partition", arguments: [[2, 2, 2], [0, 0], [5], []])
    func nothingToPrefer(sizes: [Int]) {
        let partitions = sizes.indices.map(Int32.init)
        #expect(PartitionLoad(queueSizes: sizes, partitions: partitions, partitionCount: sizes.count) == nil)
    }

    @Test("a partition that cannot be used is never chosen, even when the others are equal")
    func exclusion() throws {
        let load = try #require(PartitionLoad(queueSizes: [2, 2], partitions: [0, 2], partitionCount: 3))
        #expect(load.cumulativeWeights == [1, 2])
        #expect((0..<10).map { load.partition(forRandom: $0) } == [0, 2, 0, 2, 0, 2, 0, 2, 0, 2])
    }
}
