// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Places in the input")
struct InputPositionsTests {
    @Test("a position over all inputs becomes a file and a line in it")
    func places() {
        var positions = InputPositions()
        #expect(positions.place(ofRecord: 0, offset: 0) == nil)
        positions.began("a", firstRecord: 0, firstOffset: 0)
        positions.began("empty", firstRecord: 3, firstOffset: 30)
        positions.began("b", firstRecord: 3, firstOffset: 30)
        #expect(positions.place(ofRecord: 0, offset: 0) == InputPlace(input: "a", line: 1, offset: 0))
        #expect(positions.place(ofRecord: 2, offset: 20) == InputPlace(input: "a", line: 3, offset: 20))
        #expect(positions.place(ofRecord: 3, offset: 30) == InputPlace(input: "b", line: 1, offset: 0))
        #expect(positions.place(ofRecord: 9, offset: 99)?.description == "b:7")
    }
}
