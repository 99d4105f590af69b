// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

@testable import KafkaProducer

/// Where records without a key go (KIP-480, KIP-794).
@Suite("StickyPartitioner")
struct StickyPartitionerTests {
    private let topic = TopicPartitions(name: "t", partitionCount: 4, available: [0, 1, 2, 3])

    @Test("stays until batch.size went to a partition and its last batch is full")
    func stays() {
        var sticky = StickyPartitioner(stickyBatchSize: 100, random: ListedNumbers([1, 2]))
        #expect(sticky.partition(of: topic, load: nil) == 1)
        sticky.appended(bytes: 99, isLastBatchFull: true)
        #expect(sticky.partition(of: topic, load: nil) == 1)
        sticky.appended(bytes: 1, isLastBatchFull: true)
        #expect(sticky.partition(of: topic, load: nil) == 2)
    }

    @Test("does not leave a batch half full behind, unless twice batch.size went there")
    func doubleCap() {
        var sticky = StickyPartitioner(stickyBatchSize: 100, random: ListedNumbers([1, 2]))
        #expect(sticky.partition(of: topic, load: nil) == 1)
        sticky.appended(bytes: 199, isLastBatchFull: false)
        #expect(sticky.partition(of: topic, load: nil) == 1)
        sticky.appended(bytes: 1, isLastBatchFull: false)
        #expect(sticky.partition(of: topic, load: nil) == 2)
    }

    @Test("counts from zero again on the next partition")
    func countsAnew() {
        var sticky = StickyPartitioner(stickyBatchSize: 100, random: ListedNumbers([1, 2, 3]))
        #expect(sticky.partition(of: topic, load: nil) == 1)
        sticky.appended(bytes: 150, isLastBatchFull: true)
        #expect(sticky.partition(of: topic, load: nil) == 2)
        sticky.appended(bytes: 60, isLastBatchFull: true)
        #expect(sticky.partition(of: topic, load: nil) == 2)
    }

    @Test("chooses among partitions with a leader only")
    func availableOnly() {
        let topic = TopicPartitions(name: "t", partitionCount: 6, available: [2, 5])
        var sticky = StickyPartitioner(stickyBatchSize: 1, random: SplitMix64(seed: 1))
        var chosen: Set<Int32> = []
        for _ in 0..<64 {
            chosen.insert(sticky.partition(of: topic, load: nil))
            sticky.appended(bytes: 1, isLastBatchFull: true)
        }
        #expect(chosen == [2, 5])
    }

    @Test("chooses among partitions that are led in the producer's rack, if there are any (KIP-1123)")
    func nearOnly() {
        let topic = TopicPartitions(name: "t", partitionCount: 6, available: [0, 2, 3, 5], near: [2, 5])
        var sticky = StickyPartitioner(stickyBatchSize: 1, random: SplitMix64(seed: 1))
        var chosen: Set<Int32> = []
        for _ in 0..<64 {
            chosen.insert(sticky.partition(of: topic, load: nil))
            sticky.appended(bytes: 1, isLastBatchFull: true)
        }
        #expect(chosen == [2, 5])
    }

    @Test("chooses among all partitions while none has a leader")
    func noneAvailable() {
        let topic = TopicPartitions(name: "t", partitionCount: 3, available: [])
        var sticky = StickyPartitioner(stickyBatchSize: 1, random: SplitMix64(seed: 2))
        var chosen: Set<Int32> = []
        for _ in 0..<64 {
            chosen.insert(sticky.partition(of: topic, load: nil))
            sticky.appended(bytes: 1, isLastBatchFull: true)
        }
        #expect(chosen == [0, 1, 2])
    }

    @Test("prefers short queues when their lengths are known")
    func weighs() throws {
        let load = try #require(PartitionLoad(queueSizes: [0, 3, 1], partitions: [0, 1, 2], partitionCount: 3))
        var sticky = StickyPartitioner(stickyBatchSize: 1, random: ListedNumbers([3, 4, 7]))
        var chosen: [Int32] = []
        for _ in 0..<3 {
            chosen.append(sticky.partition(of: topic, load: load))
            sticky.appended(bytes: 2, isLastBatchFull: true)
        }
        #expect(chosen == [0, 1, 2])
    }

    @Test("a batch size of 0 counts as 1")
    func zeroBatchSize() {
        var sticky = StickyPartitioner(stickyBatchSize: 0, random: ListedNumbers([1, 2]))
        #expect(sticky.partition(of: topic, load: nil) == 1)
        sticky.appended(bytes: 0, isLastBatchFull: true)
        #expect(sticky.partition(of: topic, load: nil) == 1)
        sticky.appended(bytes: 1, isLastBatchFull: true)
        #expect(sticky.partition(of: topic, load: nil) == 2)
    }

    @Test("spreads evenly in the long run")
    func spreads() {
        var sticky = StickyPartitioner(stickyBatchSize: 1, random: SplitMix64(seed: 3))
        var counts = [0, 0, 0, 0]
        for _ in 0..<4000 {
            counts[Int(sticky.partition(of: topic, load: nil))] += 1
            sticky.appended(bytes: 1, isLastBatchFull: true)
        }
        #expect(counts.allSatisfy { (900...1100).contains($0) }, "\(counts)")
    }
}
