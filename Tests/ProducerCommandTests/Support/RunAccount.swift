// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What a run says became of every line of its input, told three times: by the summary, by receipts, by dead letters.
struct RunAccount: Sendable {
    let status: Int32
    /// The figures of the summary; nil when there is none.
    let summary: (read: Int, acked: Int, failed: Int, skipped: Int)?
    let receipts: [Receipt]
    let letters: [LetterLine]

    /// - Parameters:
    ///   - finished: The run.
    ///   - receipts: The path of its receipts.
    ///   - letters: The path of its dead letters.
    /// - Throws: When one of the files is no such file.
    init(_ finished: FinishedProcess, receipts: String, letters: String) throws {
        status = finished.status
        summary = Self.figures(of: finished.errorText)
        let text = (try? String(contentsOfFile: receipts, encoding: .utf8)) ?? ""
        self.receipts = try Receipt.all(in: text)
        self.letters = try LetterLine.all(in: letters)
    }

    /// The numbers of the delivered lines, and of the failed ones.
    var acked: Set<Int> { Set(receipts.map(\.line)) }
    var failed: Set<Int> { Set(letters.map(\.line)) }

    /// What does not add up, for an input of so many lines; nil when every line has one end and all three agree.
    func imbalance(lines: Int) -> String? {
        guard let summary else { return "status \(status) without a summary" }
        guard summary.read == lines else { return "\(summary.read) of \(lines) lines were read" }
        guard summary.read == summary.acked + summary.failed + summary.skipped else {
            return "the ledger is not balanced: \(summary)"
        }
        guard receipts.count == summary.acked, acked.count == summary.acked else {
            return "\(summary.acked) were acked, there are \(receipts.count) receipts of \(acked.count) lines"
        }
        guard letters.count == summary.failed, failed.count == summary.failed else {
            return "\(summary.failed) have failed, there are \(letters.count) dead letters of \(failed.count) lines"
        }
        guard acked.isDisjoint(with: failed) else { return "\(acked.intersection(failed)) have both ends" }
        let known = acked.union(failed)
        guard summary.skipped > 0 || known == Set(1...lines) else { return "lines without an end, or none of ours" }
        guard status == (summary.failed == 0 ? 0 : 1) else { return "status \(status) with \(summary.failed) failed" }
        return nil
    }

    private static func figures(of text: String) -> (read: Int, acked: Int, failed: Int, skipped: Int)? {
        guard let line = text.split(separator: "\n").last(where: { $0.contains(" read, ") }) else { return nil }
        func figure(before word: String) -> Int? {
            let parts = line.prefix { $0 != ";" }.split(separator: " ")
            guard let place = parts.firstIndex(where: { $0.hasPrefix(word) }), place > 0 else { return nil }
            let number =
                parts[place - 1] == "records" || parts[place - 1] == "record" ? parts[place - 2] : parts[place - 1]
            return Int(number.filter { $0 != "," })
        }
        guard let read = figure(before: "read"), let acked = figure(before: "acked"),
            let failed = figure(before: "failed")
        else { return nil }
        return (read, acked, failed, figure(before: "skipped") ?? 0)
    }
}
