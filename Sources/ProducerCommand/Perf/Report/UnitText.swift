// SPDX-License-Identifier: Apache-2.0

/// Numbers as they stand beside an axis: short, with a letter for thousands.
enum UnitText {
    /// `0`, `950`, `1.5 k`, `2 M`.
    static func count(_ value: Double) -> String { scaled(value, ["", " k", " M", " G"]) }

    /// `0`, `950 B`, `16 kB`, `1.5 MB`.
    static func bytes(_ value: Double) -> String { scaled(value, [" B", " kB", " MB", " GB"]) }

    /// `0.25`, `12`, `1500`: milliseconds or seconds.
    static func plain(_ value: Double) -> String { trimmed(value, digits: value.magnitude < 10 ? 3 : 1) }

    private static func scaled(_ value: Double, _ units: [String]) -> String {
        var value = value
        var unit = 0
        while value.magnitude >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return trimmed(value, digits: 2) + units[unit]
    }

    private static func trimmed(_ value: Double, digits: Int) -> String {
        var text = NumberText.fixed(value, digits: digits)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
