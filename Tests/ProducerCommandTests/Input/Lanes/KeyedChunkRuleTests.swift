// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// How large a chunk is for a topic of so many partitions.
@Suite("KeyedChunkRule")
struct KeyedChunkRuleTests {
    @Test(
        "a chunk is the usual one until it has too few records for each partition, and has an end",
        arguments: [
            (1, 0, 1000), (.max, 0, 1000), (1, 250, 1000), (25, 10, 1000), (26, 10, 2080), (100, 10, 4000),
            (1, 300, 2400), (1, 600, 4000), (1, 4000, 4000), (.max, 1 << 40, 4000), (1, .max, 4000),
        ] as [(Int32, Int, Int)]
    )
    func size(partitions: Int32, usualRecord: Int, expected: Int) {
        let rule = KeyedChunkRule(usualChunk: 1000, largestChunk: 4000, fewRecords: 4, goodRecords: 8)
        #expect(rule.size(partitions: partitions, usualRecord: usualRecord) == expected)
    }
}
