// SPDX-License-Identifier: Apache-2.0

/// Decides what is told of failures while a load goes on: each kind at once, then how many there are by now, so that a load
/// of hours does not keep them to itself until its end.
///
/// A pure value: time is an argument, in seconds since the beginning of the run.
struct FailureNews: Sendable {
    /// Until then nothing is told: the account of a short load is about to come.
    static let patience = 2.0
    /// How often at most the count is told.
    static let interval = 10.0

    private var toldKinds: Set<FailureKind> = []
    /// The lines that were said last.
    private var toldLines: [String] = []
    private var toldCount: UInt64 = 0
    private var toldAt = 0.0

    /// The lines to say now.
    mutating func lines(_ ledger: Ledger, at time: Double) -> [String] {
        guard time >= Self.patience, ledger.failed > toldCount else { return [] }
        let news = ledger.failures.filter { !toldKinds.contains($0.kind) }
        if !news.isEmpty {
            toldKinds.formUnion(news.map(\.kind))
            told(ledger, at: time)
            toldLines = news.map { Summary.line(for: $0) }
            return toldLines
        }
        guard time - toldAt >= Self.interval else { return [] }
        told(ledger, at: time)
        let counts = ledger.failures.map { "\(NumberText.grouped($0.count)) \($0.kind.name)" }
        return ["\(NumberText.grouped(ledger.failed)) records failed so far: \(counts.joined(separator: ", "))"]
    }

    /// Whether a line was said a moment ago, so that the account need not say it again.
    func hasJustTold(_ line: String, at time: Double) -> Bool {
        time - toldAt < Self.interval && toldLines.contains(line)
    }

    private mutating func told(_ ledger: Ledger, at time: Double) {
        toldCount = ledger.failed
        toldAt = time
    }
}
