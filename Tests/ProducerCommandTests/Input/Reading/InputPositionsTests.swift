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

    @Test("an input that goes on after another has its own lines and bytes")
    func resumed() {
        var positions = InputPositions()
        positions.began("old", firstRecord: 0, firstOffset: 0)
        positions.began("new", firstRecord: 2, firstOffset: 20)
        // After two lines of the new one, one more of the old one, of 10 bytes; then the new one again.
        positions.resumed("old", firstRecord: 4, origin: .init(record: 2, offset: 20))
        positions.resumed("new", firstRecord: 5, origin: .init(record: 3, offset: 30))
        #expect(positions.place(ofRecord: 3, offset: 30) == InputPlace(input: "new", line: 2, offset: 10))
        #expect(positions.place(ofRecord: 4, offset: 40) == InputPlace(input: "old", line: 3, offset: 20))
        #expect(positions.place(ofRecord: 5, offset: 50) == InputPlace(input: "new", line: 3, offset: 20))
    }
}
