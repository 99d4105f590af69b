// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// Records dealt out in turn.
@Suite("RoundRobinPartitioner")
struct RoundRobinPartitionerTests {
    private func turns(_ count: Int, partitions: Int32, available: [Int32]) -> [Int32] {
        let partitioner = RoundRobinPartitioner()
        let topic = TopicPartitions(name: "t", partitionCount: partitions, available: available)
        return (0..<count).map { _ in partitioner.partition(key: nil, value: nil, topic: topic) }
    }

    @Test("partitions take turns")
    func inTurn() {
        #expect(turns(7, partitions: 3, available: [0, 1, 2]) == [0, 1, 2, 0, 1, 2, 0])
    }

    @Test("partitions without a leader are passed over")
    func availableOnly() {
        #expect(turns(5, partitions: 4, available: [1, 3]) == [1, 3, 1, 3, 1])
    }

    @Test("without any leader all partitions take turns")
    func noneAvailable() {
        #expect(turns(4, partitions: 3, available: []) == [0, 1, 2, 0])
    }

    @Test("a record's key changes nothing")
    func keyed() {
        let partitioner = RoundRobinPartitioner()
        let topic = TopicPartitions(name: "t", partitionCount: 2, available: [0, 1])
        let key = Array("same".utf8)
        #expect((0..<4).map { _ in partitioner.partition(key: key.span, value: nil, topic: topic) } == [0, 1, 0, 1])
    }
}
