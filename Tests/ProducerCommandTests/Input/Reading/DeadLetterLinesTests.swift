// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Lines of a dead-letter file")
struct DeadLetterLinesTests {
    /// The lines of a chunk with what is in them, nil for one that was too long to be held.
    private func lines(_ lines: inout DeadLetterLines, _ text: String, at base: UInt64 = 0, isEnd: Bool) -> [Found] {
        let bytes = Array(text.utf8)
        let chunk = Chunk(bytes.span, at: base, isEnd: isEnd, time: 0)
        var found: [Found] = []
        while let (line, range) = lines.next(in: chunk) {
            found.append(Found(line: line, text: range.map { String(decoding: bytes[$0], as: UTF8.self) }))
        }
        return found
    }

    private struct Found: Equatable {
        var line: DeadLetterLine
        var text: String?

        init(line: DeadLetterLine, text: String?) {
            self.line = line
            self.text = text
        }

        init(_ number: UInt64, _ offset: UInt64, _ ordinal: UInt64, _ text: String?) {
            let line = DeadLetterLine(number: number, offset: offset, ordinal: ordinal, size: text?.utf8.count)
            self.init(line: line, text: text)
        }
    }

    @Test("empty lines are counted and left out, and the last one needs no end")
    func emptyLines() {
        var found = DeadLetterLines(limit: 100, first: 5)
        #expect(
            lines(&found, "a\n\nbc\nd", isEnd: true) == [
                Found(1, 0, 5, "a"), Found(3, 3, 7, "bc"), Found(4, 6, 8, "d"),
            ]
        )
        #expect(found.ordinal == 9)
    }

    @Test("a line that is too long to be held is told with its place, once its end is there")
    func tooLong() {
        var found = DeadLetterLines(limit: 4, first: 0)
        #expect(lines(&found, "a\n123456", isEnd: false) == [Found(1, 0, 0, "a")])
        let bytes = Array("a\n123456".utf8)
        let released = found.splitter.releasable(in: bytes.span)
        found.splitter.released(released)
        let text = String(decoding: bytes[released...], as: UTF8.self)
        #expect(lines(&found, text, at: UInt64(released), isEnd: false) == [])
        #expect(
            lines(&found, text + "7\nb\n", at: UInt64(released), isEnd: true)
                == [Found(2, 2, 1, nil), Found(3, 10, 2, "b")]
        )
    }
}
