// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import Testing

@testable import KafkaProducer

@Suite("PartitionTable")
struct PartitionTableTests {
    /// Queues have places in the order of their first use, which need not be that of their making. A queue that had two was
    /// taken from under both after the next metadata: more was in flight than may be, and out of order.
    @Test("a partition has one place, whichever of its topic's is used first", arguments: [[2], [2, 0], [1, 2, 0]])
    func onePlace(used: [Int32]) {
        let table = PartitionTable(counters: ProducerCounters())
        let queues = (0..<3).map { PartitionQueue.test(partition: $0, number: Int($0)) }
        for partition in used { table.adopt(queues[Int(partition)]) }

        table.refreshLeaders(cluster(leaders: [1, 2, 3]))

        var changed: [Int] = []
        table.takeChanged(into: &changed)
        #expect(changed.map { table[$0].queue.partition } == used)
        #expect(table.places.map { table[$0].queue.partition } == used)
        #expect(used.map { table[queues[Int($0)]].leader } == used.map { $0 + 1 })
    }

    private func cluster(leaders: [Int32]) -> ClusterMetadata {
        let partitions = leaders.enumerated().map { index, leader in
            MetadataResponse.Partition(partitionIndex: Int32(index), leaderID: leader, leaderEpoch: 0)
        }
        var cluster = ClusterMetadata(bootstrap: [])
        cluster.merge(
            MetadataResponse(
                brokers: leaders.map { MetadataResponse.Broker(nodeID: $0, host: "b\($0)", port: 9092) },
                topics: [MetadataResponse.Topic(name: "t", partitions: partitions)]
            )
        )
        return cluster
    }
}
