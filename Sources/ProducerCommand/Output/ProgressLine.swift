// SPDX-License-Identifier: Apache-2.0

/// The parts of a progress line. A line that is too wide for the terminal leaves whole parts out, never digits.
struct ProgressLine: Equatable, Sendable {
    /// What a part says. On a narrow terminal those that are declared first are left out first.
    enum Kind: Int, Comparable, Sendable {
        case byteRate
        case rate
        case inFlight
        case bytes
        case timeLeft
        case percentage
        case failed
        /// Words, which may be cut.
        case stall
        case records

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Part: Equatable {
        let kind: Kind
        let text: String
    }

    private static let gap = "  "
    private var parts: [Part] = []

    /// Puts a part at the end.
    mutating func append(_ kind: Kind, _ text: String) { parts.append(Part(kind: kind, text: text)) }

    /// All parts.
    var text: String { Self.joined(parts) }

    /// As many parts as have room in so many columns.
    func text(columns: Int) -> String {
        var left = parts
        while Self.joined(left).count > columns, let least = left.map(\.kind).min() {
            guard least < .stall || left.count > 1 else { break }
            if least == .stall, let shortened = Self.shortened(left, to: columns) { return shortened }
            left.removeAll { $0.kind == least }
        }
        let text = Self.joined(left)
        return text.count <= columns ? text : ""
    }

    /// The line with its last part, words, cut behind a whole word; `nil` when not even one has room.
    private static func shortened(_ parts: [Part], to columns: Int) -> String? {
        guard let stall = parts.last, stall.kind == .stall else { return nil }
        var words = stall.text.split(separator: " ")
        while words.count > 1 {
            words.removeLast()
            let text = joined(parts.dropLast() + [Part(kind: .stall, text: words.joined(separator: " ") + " …")])
            if text.count <= columns { return text }
        }
        return nil
    }

    private static func joined(_ parts: some Sequence<Part>) -> String { parts.map(\.text).joined(separator: gap) }
}
