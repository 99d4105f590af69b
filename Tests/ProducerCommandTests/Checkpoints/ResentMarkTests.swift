// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// The text of the mark, and what is dealt with.
@Suite("Marks of what is sent again")
struct ResentMarkTests {
    private func mark() -> ResentMark {
        var mark = ResentMark()
        (mark.offset, mark.records, mark.failed, mark.hash, mark.letters) = (1000, 7, 2, 0xABCD, "a file.again")
        return mark
    }

    @Test("a mark is read as it was written, and nothing else is taken for one")
    func text() {
        #expect(ResentMark(text: mark().text) == mark())
        #expect(ResentMark(text: ResentMark().text) == ResentMark())
        let text = mark().text
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

    @Test("lines that are settled in any order count up to the first that is not")
    func order() {
        var lines = DealtLines(after: ResentMark())
        let numbers = (1...4).map { lines.read(to: UInt64($0) * 10) }
        #expect(numbers == [0, 1, 2, 3])
        lines.settle(1, isFailed: true)
        #expect(lines.settled() == (0, 0, 0))
        lines.settle(0, isFailed: false)
        #expect(lines.settled() == (20, 2, 1))
        lines.settle(3, isFailed: true)
        #expect(lines.settled() == (20, 2, 1))
        lines.settle(2, isFailed: false)
        #expect(lines.settled() == (40, 4, 2))
    }
}
