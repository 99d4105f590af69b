// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// The one place that chooses partitions.
@Suite("PartitionChooser")
struct PartitionChooserTests {
    /// The partition of a record is the length of its value.
    private struct ByLength: Partitioner {
        func partition(key: Span<UInt8>?, value: Span<UInt8>?, topic: TopicPartitions) -> Int32 {
            if let value { Int32(value.count) } else { topic.partitionCount }
        }
    }

    private let topic = TopicPartitions(name: "t", partitionCount: 5, available: [0, 1, 2, 3, 4])

    private func choice(_ rule: PartitionRule, named: Int32? = nil, key: String? = nil, _ value: String? = "v")
        -> PartitionChoice
    {
        withOptionalSpan(key.map { Array($0.utf8) }) { key in
            withOptionalSpan(value.map { Array($0.utf8) }) { value in
                PartitionChooser(rule).choice(
                    named: named,
                    key: key,
                    value: value,
                    partitionCount: topic.partitionCount,
                    topic: topic
                ) { 4 }
            }
        }
    }

    @Test("the partition that a record names comes first, whatever the rule, and whether the topic has it or not")
    func named() {
        for rule in [PartitionRule.explicit(1), .builtIn(ignoresKeys: false), .custom(ByLength())] {
            #expect(choice(rule, named: 9, key: "k") == PartitionChoice(partition: 9, origin: .named))
        }
        #expect(choice(.explicit(1), key: "k") == PartitionChoice(partition: 1, origin: .named))
    }

    @Test("the hash of the key chooses, as in Java, and without a key it is the sticky partition")
    func hashed() {
        let rule = PartitionRule.builtIn(ignoresKeys: false)
        for key in ["", "a", "some key"] {
            let expected = Murmur2.partition(forKey: Array(key.utf8).span, count: 5)
            #expect(choice(rule, key: key) == PartitionChoice(partition: expected, origin: .derived))
        }
        #expect(choice(rule) == PartitionChoice(partition: 4, origin: .sticky))
        #expect(choice(.builtIn(ignoresKeys: true), key: "a") == PartitionChoice(partition: 4, origin: .sticky))
    }

    @Test("a partitioner of one's own sees key and value, and no other may take its choice's place")
    func custom() {
        #expect(choice(.custom(ByLength()), "abc") == PartitionChoice(partition: 3, origin: .derived))
        #expect(choice(.custom(ByLength()), nil) == PartitionChoice(partition: 5, origin: .derived))
    }

    @Test("a run goes to the explicit partition or to the sticky one")
    func runs() {
        let explicit = PartitionChooser(.explicit(2)).choiceOfRun { 4 }
        #expect(explicit == PartitionChoice(partition: 2, origin: .named))
        let builtIn = PartitionChooser(.builtIn(ignoresKeys: false)).choiceOfRun { 4 }
        #expect(builtIn == PartitionChoice(partition: 4, origin: .sticky))
    }

    @Test("a run and a record of one key agree")
    func keyed() {
        let key = Array("some key".utf8)
        let partition = KeyedPartitions(count: 5).partition(forKey: key.span)
        #expect(partition == KeyedPartition(choice(.builtIn(ignoresKeys: false), key: "some key").partition, of: 5))
    }
}
