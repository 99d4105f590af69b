// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// Where the records of a batch go after its topic was deleted and made again.
@Suite("PartitionRechoice")
struct PartitionRechoiceTests {
    private struct ByLength: Partitioner {
        func partition(key: Span<UInt8>?, value: Span<UInt8>?, topic: TopicPartitions) -> Int32 {
            if let value { Int32(value.count) } else { 0 }
        }
    }

    private func batch(_ records: [(key: String?, value: String, isNamed: Bool)], partition: Int32 = 2) -> ProducerBatch
    {
        let queue = PartitionQueue.test(partition: partition)
        var open = queue.openBatch(of: [])
        for record in records {
            _ = withOptionalSpan(record.key.map { Array($0.utf8) }) { key in
                withOptionalSpan(Array(record.value.utf8)) { value in
                    open.append(key: key, value: value, headers: .none, timestamp: 1, tag: nil)
                }
            }
            open.named.append(1, isNamed: record.isNamed)
        }
        let batch = ProducerBatch(closing: open, queue: queue)
        if let contents = batch.takeContents() { batch.becameSealed(.success(contents.sealed())) }
        return batch
    }

    private func rechoice(
        _ count: Int32,
        _ rule: PartitionRule = .builtIn(ignoresKeys: false)
    ) -> PartitionRechoice {
        PartitionRechoice(
            rule: rule,
            topic: TopicPartitions(name: "t", partitionCount: count, available: Array(0..<count)),
            sticky: StickyPartitioner(stickyBatchSize: 100)
        )
    }

    @Test("records that name their partition keep it, whether it is there or not")
    func named() throws {
        var rechoice = rechoice(1)
        #expect(try rechoice.target(of: batch([("k", "a", true), (nil, "b", true)])) == .together(2))
        #expect(try rechoice.target(of: batch([("k", "a", true), (nil, "b", false)])) == .apart([2, 0]))
    }

    @Test("records with keys go where their keys belong now")
    func keyed() throws {
        var rechoice = rechoice(5)
        let keys = ["a", "b", "c", "d", "e", "f"]
        let expected = keys.map { Murmur2.partition(forKey: Array($0.utf8).span, count: 5) }
        #expect(try rechoice.target(of: batch(keys.map { ($0, "v", false) })) == .apart(expected))
        #expect(try rechoice.target(of: batch([("a", "1", false), ("a", "2", false)])) == .together(expected[0]))
    }

    @Test("records without keys stay together, on a partition that is there")
    func keyless() throws {
        var rechoice = rechoice(2)
        for _ in 0..<20 {
            guard
                case .together(let partition) = try rechoice.target(of: batch([(nil, "a", false), (nil, "b", false)]))
            else {
                Issue.record("apart")
                return
            }
            #expect((0..<2).contains(partition))
        }
    }

    @Test("a partitioner of one's own is asked again, for each record")
    func custom() throws {
        var rechoice = rechoice(1, .custom(ByLength()))
        #expect(try rechoice.target(of: batch([(nil, "", false), ("k", "ab", false)])) == .apart([0, 2]))
    }
}
