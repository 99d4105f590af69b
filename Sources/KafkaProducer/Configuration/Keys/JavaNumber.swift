// SPDX-License-Identifier: Apache-2.0

/// Reads numbers as `Integer.parseInt` and `Double.parseDouble` do.
enum JavaNumber {
    /// An integer: an optional sign and decimal digits of any script, nothing else.
    static func integer(_ text: String) -> Int64? {
        var scalars = text.unicodeScalars[...]
        let isNegative = scalars.first == "-"
        if isNegative || scalars.first == "+" { scalars.removeFirst() }
        guard !scalars.isEmpty else { return nil }
        var number: Int64 = 0
        for scalar in scalars {
            guard scalar.properties.numericType == .decimal, let digit = scalar.properties.numericValue else {
                return nil
            }
            let (product, productOverflows) = number.multipliedReportingOverflow(by: 10)
            let step = isNegative ? -Int64(digit) : Int64(digit)
            let (sum, sumOverflows) = product.addingReportingOverflow(step)
            guard !productOverflows, !sumOverflows else { return nil }
            number = sum
        }
        return number
    }

    /// A floating point number: decimal or hexadecimal, `NaN` or `Infinity`, with an optional `f` or `d` behind.
    static func double(_ text: String) -> Double? {
        guard let literal = literal(text) else { return nil }
        return Double(literal)
    }

    /// A floating point number as `Double.toString` writes it: with an exponent below a thousandth and from ten million on.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let magnitude = number.magnitude
        if magnitude == 0 || (0.001..<10_000_000).contains(magnitude) { return number.description }
        let parts = magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let (whole, fraction) = (mantissa[0], mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : "")
        let all = whole + fraction
        let digits = all.drop { $0 == "0" }
        // The point stands behind the first digit.
        var exponent = whole.count - (all.count - digits.count) - 1
        if parts.count > 1 { exponent += Int(parts[1]) ?? 0 }
        let rest = String(digits.dropFirst().reversed().drop { $0 == "0" }.reversed())
        return "\(number < 0 ? "-" : "")\(digits.prefix(1)).\(rest.isEmpty ? "0" : rest)E\(exponent)"
    }

    /// The nearest single precision number to a text as `double` takes it, rounded once.
    static func float(_ text: String) -> Float? {
        guard let literal = literal(text) else { return nil }
        return Float(literal)
    }

    /// The text as Swift's own initializers take it, or `nil` when Java would not read it.
    private static func literal(_ text: String) -> Substring? {
        var literal = text.trimmedAsJava[...]
        let unsigned = literal.drop { $0 == "-" || $0 == "+" }
        guard literal.count - unsigned.count <= 1 else { return nil }
        if unsigned == "NaN" { return "nan" }
        if unsigned == "Infinity" { return literal.first == "-" ? "-inf" : "inf" }
        // Java takes no other words, although Swift does.
        guard let first = unsigned.first, first.isASCII, first.isNumber || first == "." else { return nil }
        let isHexadecimal = unsigned.lowercased().hasPrefix("0x")
        if isHexadecimal, !unsigned.lowercased().contains("p") { return nil }
        let mayEndInD = !isHexadecimal || unsigned.lowercased().contains("p")
        if mayEndInD, let last = literal.last, "fFdD".contains(last) { literal.removeLast() }
        // `1.` and `.5` are numbers in Java; Swift wants a digit on both sides.
        guard !isHexadecimal else { return literal }
        return normalized(literal)
    }

    private static func normalized(_ literal: Substring) -> Substring? {
        guard let dot = literal.firstIndex(of: ".") else { return literal }
        let before = literal[..<dot]
        let after = literal[literal.index(after: dot)...]
        let hasDigitBefore = before.last?.isWholeNumber ?? false
        let hasDigitAfter = after.first?.isWholeNumber ?? false
        guard hasDigitBefore || hasDigitAfter else { return nil }
        return "\(before)\(hasDigitBefore ? "" : "0").\(hasDigitAfter ? "" : "0")\(after)"
    }
}
