// SPDX-License-Identifier: Apache-2.0

/// How fast a load may go, as `--rate` says it: so many records or bytes of input a second.
struct LoadRate: Equatable, Sendable {
    enum Unit: Equatable, Sendable {
        case records
        case bytes
    }

    var unit: Unit
    var perSecond: Double

    private static let byteUnits: [(String, Double)] = [
        ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000),
        ("GB", 1_000_000_000), ("B", 1),
    ]

    /// Reads an argument such as `5000/s`, `5000`, `0.5/s`, `10MB/s` or `64KiB/s`.
    ///
    /// - Throws: `UsageError` for what is no rate above 0.
    init(_ text: String) throws(UsageError) {
        var number = text.hasSuffix("/s") ? text.dropLast(2) : text[...]
        var factor = 1.0
        unit = .records
        if let (name, size) = Self.byteUnits.first(where: { number.hasSuffix($0.0) }) {
            number = number.dropLast(name.count)
            (unit, factor) = (.bytes, size)
        }
        guard let value = Double(number), value.isFinite, value * factor >= 0.001, value * factor <= 1e15 else {
            throw UsageError("--rate \"\(text)\": give records or bytes a second, such as 5000/s or 10MB/s")
        }
        perSecond = value * factor
    }
}
