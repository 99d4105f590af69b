// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// Which records of a batch name their partition.
@Suite("NamedPartitions")
struct NamedPartitionsTests {
    @Test(
        "each record is known by its kind, in whatever turns they come",
        arguments: [
            [], [(3, false)], [(3, true)], [(1, true), (2, false)],
            [(2, false), (0, true), (1, true), (1, true), (4, false)],
            [(1, false), (1, true), (1, false), (1, true)],
        ] as [[(Int, Bool)]]
    )
    func kinds(runs: [(Int, Bool)]) {
        var named = NamedPartitions()
        for (count, isNamed) in runs { named.append(count, isNamed: isNamed) }
        let expected = runs.flatMap { Array(repeating: $0.1, count: $0.0) }
        #expect(named.count == expected.count)
        #expect(expected.indices.map { named.contains($0) } == expected)
        #expect(named.areAlike == (Set(expected).count <= 1))
    }
}
