// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// A topic as those see it who append.
@Suite("TopicQueues")
struct TopicQueuesTests {
    private let topic = TopicQueues(name: "t", stickyBatchSize: 100)

    private func update(_ count: Int32, available: [Int32]) -> [Int32] {
        var made: [Int32] = []
        topic.update(partitionCount: count, available: available) { partition in
            made.append(partition)
            return PartitionQueue.test(partition: partition)
        }
        return made
    }

    @Test("queues are made for new partitions only, and never taken away")
    func grows() {
        #expect(update(2, available: [0, 1]) == [0, 1])
        #expect(update(4, available: [0, 1, 2, 3]) == [2, 3])
        #expect(update(3, available: [0, 1]) == [])
        #expect(topic.view.queues.map(\.partition) == [0, 1, 2, 3])
        #expect(topic.view.partitions.partitionCount == 4)
        #expect(topic.view.partitions.available == [0, 1])
    }

    @Test("the version tells whether anything changed")
    func version() {
        _ = update(2, available: [0, 1])
        let version = topic.version
        _ = update(2, available: [0, 1])
        #expect(topic.version == version)
        _ = update(2, available: [1])
        #expect(topic.version > version)
    }

    @Test("records sent one by one share a sticky partition")
    func sticky() {
        _ = update(4, available: [3])
        #expect(topic.stickyPartition() == 3)
        _ = update(4, available: [0])
        #expect(topic.stickyPartition() == 3)
        topic.appendedToStickyPartition(bytes: 100, isLastBatchFull: true)
        #expect(topic.stickyPartition() == 0)
    }

    @Test("the next sticky partition follows the load that was published")
    func load() {
        _ = update(3, available: [0, 1, 2])
        topic.publish(load: PartitionLoad(queueSizes: [0], partitions: [2], partitionCount: 3))
        #expect(topic.stickyPartition() == 2)
    }
}
