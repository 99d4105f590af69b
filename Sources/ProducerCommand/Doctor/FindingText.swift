// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// A finding as lines for a terminal of 80 columns: mark, layer, and the text in the columns that are left.
struct FindingText {
    private static let columns = 80
    private static let markWidth = 9
    private static let layerWidth = 13
    private static let indent = 2

    let lines: [String]

    init(_ finding: Finding, colors: Bool) {
        let mark = Self.padded(finding.mark.rawValue, Self.markWidth)
        let layer = Self.padded(finding.layer.name, Self.layerWidth)
        let margin = Self.indent + Self.markWidth + Self.layerWidth
        let width = Self.columns - margin
        let space = String(repeating: " ", count: margin)
        var texts = Self.wrapped(finding.text, width: width)
        if let advice = finding.advice {
            let wrapped = Self.wrapped(advice, width: width - 3)
            texts += wrapped.enumerated().map { ($0.offset == 0 ? "-> " : "   ") + $0.element }
        }
        let start = String(repeating: " ", count: Self.indent) + Self.colored(mark, finding.mark, colors) + layer
        lines = texts.enumerated().map { ($0.offset == 0 ? start : space) + $0.element }
    }

    private static func colored(_ text: String, _ mark: Finding.Mark, _ colors: Bool) -> String {
        guard colors else { return text }
        let code =
            switch mark {
            case .ok: 32
            case .warning: 33
            case .failed: 31
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// Lines of whole words; a word that is longer than a line stays whole, so that it can be copied.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }
}
