// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// A topic as those see it who append.
@Suite("TopicQueues")
struct TopicQueuesTests {
    private let topic = TopicQueues(name: "t", stickyBatchSize: 100)

    private func update(_ count: Int32, available: [Int32], incarnation: Int = 0) -> [Int32] {
        var made: [Int32] = []
        topic.update(partitionCount: count, available: available, incarnation: incarnation) { partition in
            made.append(partition)
            return PartitionQueue.test(partition: partition)
        }
        return made
    }

    @Test("another topic of the name has queues of its own, fewer or more", arguments: [Int32(1), 3, 5])
    func isReplaced(count: Int32) {
        _ = update(3, available: [0, 1, 2])
        let (former, version) = (topic.view.queues, topic.version)
        topic.publish(load: PartitionLoad(queueSizes: [0, 1, 2], partitions: [0, 1, 2], partitionCount: 3))
        #expect(update(count, available: [0], incarnation: 1) == Array(0..<count))
        #expect(topic.view.partitions.partitionCount == count)
        #expect(topic.view.queues.allSatisfy { queue in !former.contains { $0 === queue } })
        #expect(topic.version > version)
        #expect(topic.load == nil)
        let replaced = topic.update(partitionCount: 1, available: [0], incarnation: 2) {
            PartitionQueue.test(partition: $0)
        }
        #expect(replaced.count == Int(count))
    }

    @Test("a person is told why there is no such partition")
    func absence() {
        _ = update(3, available: [])
        #expect(topic.view.absence(of: 99) == "the topic has no partition 99, only 0 to 2")
        _ = update(1, available: [], incarnation: 1)
        #expect(
            topic.view.absence(of: 2)
                == "the topic was deleted and made again with 1 partition; partition 2 is no longer there"
        )
        #expect(topic.view.absence(of: 99) == "the topic has no partition 99, only 0")
    }

    @Test("queues of a topic are made for new partitions only, and never taken away")
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
