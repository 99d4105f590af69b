// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// Input positions at 8 bytes a record.
@Suite("RecordPositions")
struct RecordPositionsTests {
    @Test("positions come back as they were, wherever the input is")
    func roundTrip() {
        let start = UInt64(1) << 40
        let given = (0..<100).map { RecordPosition(line: start + $0, offset: 3 * start + 17 * $0) }
        var positions = RecordPositions()
        for position in given {
            #expect(positions.accepts(position))
            positions.append(position)
        }
        #expect(positions.count == 100)
        #expect(given.indices.allSatisfy { positions[$0] == given[$0] })
    }

    @Test("the furthest distance is 2^32 - 1 in lines and in bytes")
    func limits() {
        let far = UInt64(UInt32.max)
        var positions = RecordPositions()
        positions.append(RecordPosition(line: 5, offset: 9))
        #expect(positions.accepts(RecordPosition(line: 5 + far, offset: 9 + far)))
        #expect(!positions.accepts(RecordPosition(line: 6 + far, offset: 9 + far)))
        #expect(!positions.accepts(RecordPosition(line: 5 + far, offset: 10 + far)))
        positions.append(RecordPosition(line: 5 + far, offset: 9 + far))
        #expect(positions[1] == RecordPosition(line: 5 + far, offset: 9 + far))
    }

    @Test("a position before the first one is not accepted")
    func backwards() {
        var positions = RecordPositions()
        #expect(positions.accepts(RecordPosition(line: .max, offset: .max)))
        positions.append(RecordPosition(line: 5, offset: 9))
        #expect(!positions.accepts(RecordPosition(line: 4, offset: 9)))
        #expect(!positions.accepts(RecordPosition(line: 5, offset: 8)))
    }

    @Test("there is no position where no record is", arguments: [-1, 1, 7])
    func outside(index: Int) {
        var positions = RecordPositions()
        positions.append(RecordPosition(line: 0, offset: 0))
        #expect(positions[index] == nil)
    }

    @Test("memory that is used again begins empty")
    func reuse() {
        var positions = RecordPositions()
        positions.append(RecordPosition(line: 5, offset: 9))
        positions.removeAll()
        #expect(positions.count == 0)
        positions.append(RecordPosition(line: 1, offset: 2))
        #expect(positions[0] == RecordPosition(line: 1, offset: 2))
    }
}
