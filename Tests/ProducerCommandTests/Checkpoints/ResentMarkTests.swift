// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// The text of the mark, and what is dealt with.
@Suite("Marks of what is sent again")
struct ResentMarkTests {
    private func someMark() -> ResentMark {
        var mark = ResentMark()
        (mark.offset, mark.records, mark.failed, mark.hash, mark.letters) = (1000, 7, 2, 0xABCD, "a file.again")
        return mark
    }

    @Test("a mark is read as it was written, and nothing else is taken for one")
    func text() {
        #expect(ResentMark(text: someMark().text) == someMark())
        #expect(ResentMark(text: ResentMark().text) == ResentMark())
        let text = someMark().text
        for length in 0..<text.utf8.count {
            #expect(ResentMark(text: String(text.prefix(length))) == nil, "\(length)")
        }
        for damaged in ["failed 8", "failed -1", "failed 99999999999999999999", "records 1001"] {
            let name = damaged.prefix { $0 != " " }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let changed = lines.map { $0.hasPrefix(name + " ") ? damaged : String($0) }.joined(separator: "\n")
            #expect(ResentMark(text: changed) == nil, "\(damaged)")
        }
    }

    private typealias Mark = CheckpointTracker.Mark

    private func expect(
        _ lines: inout DealtLines,
        _ offset: UInt64,
        _ records: UInt64,
        _ failed: UInt64,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(lines.settled() == (offset, records, failed), sourceLocation: location)
    }

    @Test("lines that are settled in any order count up to the end of the last piece that is settled")
    func order() {
        var lines = DealtLines(after: ResentMark())
        lines.read(to: Mark(record: 2, offset: 20), records: 2)
        lines.read(to: Mark(record: 4, offset: 40), records: 2)
        lines.settle(count: 2, isFailed: true) { [1, 3][$0] }
        expect(&lines, 0, 0, 0)
        lines.settle(count: 1, isFailed: false) { _ in 0 }
        expect(&lines, 20, 2, 1)
        // Before its piece is taken in.
        lines.settle(count: 1, isFailed: true) { _ in 5 }
        expect(&lines, 20, 2, 1)
        lines.settle(count: 1, isFailed: false) { _ in 2 }
        expect(&lines, 40, 4, 2)
        // The line 4 is empty, and no record.
        lines.read(to: Mark(record: 6, offset: 60), records: 1)
        expect(&lines, 60, 5, 3)
    }

    @Test("behind a mark, the lines before it are passed, and counted as it says")
    func mark() {
        var mark = ResentMark()
        (mark.offset, mark.records, mark.failed) = (25, 2, 1)
        var lines = DealtLines(after: mark)
        lines.read(to: Mark(record: 1, offset: 10), records: 0)
        expect(&lines, 25, 2, 1)
        lines.read(to: Mark(record: 4, offset: 40), records: 1)
        expect(&lines, 25, 2, 1)
        lines.settle(count: 1, isFailed: true) { _ in 3 }
        expect(&lines, 40, 3, 2)
    }
}
