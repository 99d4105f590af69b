// SPDX-License-Identifier: Apache-2.0

/// Decides what is reported of failures while a load goes on: each kind at once, then how many there are by now, so that a load
/// of hours does not keep them to itself until its end.
///
/// A pure value: time is an argument, in seconds since the beginning of the run.
struct FailureNews: Sendable {
    /// Until then nothing is reported: the account of a short load is about to come.
    static let patience = 2.0
    /// How often at most the count is reported.
    static let interval = 10.0

    private var reportedKinds: Set<FailureKind> = []
    /// The lines that were said last.
    private var reportedLines: [String] = []
    private var reportedCount: UInt64 = 0
    private var reportedAt = 0.0

    /// The lines to say now.
    mutating func lines(_ ledger: Ledger, at time: Double) -> [String] {
        guard time >= Self.patience, ledger.failed > reportedCount else { return [] }
        let news = ledger.failures.filter { !reportedKinds.contains($0.kind) }
        if !news.isEmpty {
            reportedKinds.formUnion(news.map(\.kind))
            reported(ledger, at: time)
            reportedLines = news.map { Summary.line(for: $0) }
            return reportedLines
        }
        guard time - reportedAt >= Self.interval else { return [] }
        reported(ledger, at: time)
        let counts = ledger.failures.map { "\(NumberText.grouped($0.count)) \($0.kind.name)" }
        return ["\(NumberText.grouped(ledger.failed)) records failed so far: \(counts.joined(separator: ", "))"]
    }

    /// Whether a line was said a moment ago, so that the account need not say it again.
    func hasJustReported(_ line: String, at time: Double) -> Bool {
        time - reportedAt < Self.interval && reportedLines.contains(line)
    }

    private mutating func reported(_ ledger: Ledger, at time: Double) {
        reportedCount = ledger.failed
        reportedAt = time
    }
}
