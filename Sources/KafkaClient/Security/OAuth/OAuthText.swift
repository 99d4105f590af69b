// SPDX-License-Identifier: Apache-2.0

/// Texts as Java trims them.
enum OAuthText {
    /// Without what is a blank or less at both ends, as Java's `trim`.
    static func trimmed(_ text: String) -> String {
        let units = text.unicodeScalars
        guard let first = units.firstIndex(where: { $0.value > 0x20 }),
            let last = units.lastIndex(where: { $0.value > 0x20 })
        else { return "" }
        return String(units[first...last])
    }

    /// A trimmed text; nil for none, and for one of blanks.
    static func words(_ text: String?) -> String? {
        let text = trimmed(text ?? "")
        return text.isEmpty ? nil : text
    }
}
