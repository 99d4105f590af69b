// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// Sequence numbers run from 0 to 2^31 - 1 and begin again (KIP-98).
@Suite("Sequence")
struct SequenceTests {
    @Test(
        "after 2^31 - 1 comes 0",
        arguments: [
            (Int32(0), 0, Int32(0)), (0, 5, 5), (.max, 1, 0), (.max - 1, 3, 1), (.max, Int(Int32.max), .max - 1),
        ]
    )
    func advance(sequence: Int32, count: Int, expected: Int32) {
        #expect(Sequence.advance(sequence, by: count) == expected)
    }

    @Test(
        "what comes next is told modulo 2^31",
        arguments: [
            (Int32(0), Int32?.none, true), (1, nil, false), (5, 4, true), (5, 5, false), (0, .max, true),
            (1, .max, false), (.max, .max - 1, true),
        ]
    )
    func isNext(sequence: Int32, last: Int32?, expected: Bool) {
        #expect(Sequence.isNext(sequence, after: last) == expected)
    }
}
