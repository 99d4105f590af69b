// SPDX-License-Identifier: Apache-2.0

/// Parts the text of a layout into its pieces.
struct RecordLayoutParser {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    /// All pieces; those of a header end at the brace that closes them.
    mutating func pieces(isHeader: Bool) throws(RecordLayoutFault) -> [RecordLayout.Piece] {
        var pieces: [RecordLayout.Piece] = []
        var literal: [UInt8] = []
        func flush() {
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = []
        }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"): literal.append(try escape())
            case UInt8(ascii: "}") where isHeader:
                flush()
                return pieces
            case UInt8(ascii: "%"):
                guard let verb = rest.popFirst() else { throw RecordLayoutFault("a % at its end: write %% for one") }
                if verb == UInt8(ascii: "%") || verb == UInt8(ascii: "{") || verb == UInt8(ascii: "}") {
                    literal.append(verb)
                } else {
                    flush()
                    pieces.append(try piece(verb, isHeader: isHeader))
                }
            default: literal.append(byte)
            }
        }
        guard !isHeader else { throw RecordLayoutFault("%h{ without its closing }") }
        flush()
        return pieces
    }

    private mutating func escape() throws(RecordLayoutFault) -> UInt8 {
        switch rest.popFirst() {
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "0"): return 0
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "x"):
            guard let high = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) }),
                let low = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) })
            else { throw RecordLayoutFault("\\x without two hexadecimal digits") }
            return high << 4 | low
        default: throw RecordLayoutFault("an unknown escape: there are \\t \\n \\r \\0 \\\\ \\xNN")
        }
    }

    private mutating func piece(_ verb: UInt8, isHeader: Bool) throws(RecordLayoutFault) -> RecordLayout.Piece {
        if isHeader, ![UInt8(ascii: "k"), UInt8(ascii: "v"), UInt8(ascii: "K"), UInt8(ascii: "V")].contains(verb) {
            throw RecordLayoutFault(
                "%\(Character(Unicode.Scalar(verb))) within %h{}: a header has %k and %v, %K and %V"
            )
        }
        switch verb {
        case UInt8(ascii: "t"): return .text(.topic, try form())
        case UInt8(ascii: "k"): return .text(.key, try form())
        case UInt8(ascii: "v"): return .text(.value, try form())
        case UInt8(ascii: "T"): return .size(.topic, try number())
        case UInt8(ascii: "K"): return .size(.key, try number())
        case UInt8(ascii: "V"): return .size(.value, try number())
        case UInt8(ascii: "H"): return .headerCount(try number())
        case UInt8(ascii: "h"):
            guard rest.popFirst() == UInt8(ascii: "{") else {
                throw RecordLayoutFault("%h without its pieces: write %H{2}%h{%k=%v,}")
            }
            return .headers(try pieces(isHeader: true))
        case UInt8(ascii: "p"): return .number(.partition, try number())
        case UInt8(ascii: "d"): return .number(.timestamp, try number())
        case UInt8(ascii: "o"): return .number(.offset, try number())
        case UInt8(ascii: "e"), UInt8(ascii: "x"), UInt8(ascii: "y"):
            return .number(.passed, try number())
        default:
            throw RecordLayoutFault(
                "the unknown verb %\(Character(Unicode.Scalar(verb))): there are %t %k %v %T %K %V %H %h %p %d %o %e %x %y %%"
            )
        }
    }

    /// The modifier in braces behind a verb, nil when there is none.
    private mutating func modifier() throws(RecordLayoutFault) -> String? {
        guard rest.first == UInt8(ascii: "{") else { return nil }
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { throw RecordLayoutFault("a { without its }") }
        defer { rest = rest[(end + 1)...] }
        return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
    }

    /// The expression in `{re#…#}` or between other brackets, nil when there is none. It may have braces in it, so that its own
    /// end is looked for.
    private mutating func expression() throws(RecordLayoutFault) -> TextExpression? {
        let beginning = Array("{re".utf8)
        guard rest.starts(with: beginning), let open = rest.dropFirst(beginning.count).first else { return nil }
        let pairs: [UInt8: UInt8] = [0x23: 0x23, 0x5B: 0x5D, 0x28: 0x29, 0x3C: 0x3E, 0x7B: 0x7D]
        guard let close = pairs[open] else { return nil }
        let text = rest.dropFirst(beginning.count)
        var count = text.prefix { $0 == open }.count
        while count > 0 {
            let ending = [UInt8](repeating: close, count: count) + [UInt8(ascii: "}")]
            let inner = text.dropFirst(count)
            if let end = inner.firstRange(of: ending) {
                rest = rest[end.upperBound...]
                return try TextExpression(String(decoding: inner[..<end.lowerBound], as: UTF8.self))
            }
            count -= 1
        }
        throw RecordLayoutFault("{re\(Character(Unicode.Scalar(open))) without its end: write {re#…#}")
    }

    private mutating func form() throws(RecordLayoutFault) -> RecordLayout.TextForm {
        if let expression = try expression() { return .expression(expression) }
        guard let modifier = try modifier() else { return .plain }
        switch modifier {
        case "": return .plain
        case "base64": return .base64
        case "hex": return .hexadecimal
        case "json": return .json
        default:
            throw RecordLayoutFault(
                "the unknown form {\(modifier)} of a text: there are {hex}, {base64}, {json} and {re#…#}"
            )
        }
    }

    private mutating func number() throws(RecordLayoutFault) -> RecordLayout.Number {
        guard let modifier = try modifier() else { return .digits }
        switch modifier {
        case "", "ascii", "number": return .digits
        case "hex64": return .hexadecimal(16)
        case "hex32": return .hexadecimal(8)
        case "hex16": return .hexadecimal(4)
        case "hex8": return .hexadecimal(2)
        case "hex4": return .hexadecimal(1)
        case "big64": return .big(8)
        case "big32": return .big(4)
        case "big16": return .big(2)
        case "big8", "little8", "byte": return .big(1)
        case "little64": return .little(8)
        case "little32": return .little(4)
        case "little16": return .little(2)
        case "bool": return .bool
        default:
            guard let number = Int64(modifier), number >= 0 else {
                throw RecordLayoutFault(
                    "the unknown form {\(modifier)} of a number: there are {ascii}, {hex64} to {hex4}, {big64} to {big8}, "
                        + "{little64} to {little8}, {byte}, {bool} and a number itself"
                )
            }
            return .fixed(number)
        }
    }
}

/// Whether the pieces of a layout can be told apart.
struct RecordLayoutCheck {
    private(set) var isSized = false
    private var isDelimited = false
    private var hasText = false

    init(_ pieces: [RecordLayout.Piece]) throws(RecordLayoutFault) {
        try check(pieces, isHeader: false)
        guard !isSized || !isDelimited else {
            throw RecordLayoutFault("texts with a size before them and others without: use one of the two for all")
        }
        guard hasText else { throw RecordLayoutFault("neither %k nor %v, so that there is no record") }
    }

    private mutating func check(_ pieces: [RecordLayout.Piece], isHeader: Bool) throws(RecordLayoutFault) {
        var sizes: [RecordLayout.TextPart] = []
        var seen: [RecordLayout.TextPart] = []
        var hasCount = false
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .literal, .number: break
            case .size(let part, _):
                guard !sizes.contains(part) else { throw RecordLayoutFault("the same size twice") }
                sizes.append(part)
            case .headerCount: hasCount = true
            case .headers(let inner):
                guard hasCount else {
                    throw RecordLayoutFault("%h without %H before it, which says how many there are")
                }
                try check(inner, isHeader: true)
            case .text(let part, let form):
                guard !seen.contains(part) else { throw RecordLayoutFault("the same text twice") }
                seen.append(part)
                hasText = hasText || !isHeader && part != .topic
                if sizes.contains(part) {
                    isSized = true
                    if case .expression = form { throw RecordLayoutFault("{re} for a text with a size before it") }
                } else if form.isDelimited {
                    isDelimited = true
                    try checkEnd(of: index, pieces, isHeader)
                }
            }
        }
        for part in sizes where !seen.contains(part) { throw RecordLayoutFault("a size without its text") }
        if isHeader, !seen.contains(.key) { throw RecordLayoutFault("headers without their names: %k within %h{}") }
    }

    /// A text without a size ends where a literal begins, or with the input.
    private func checkEnd(of index: Int, _ pieces: [RecordLayout.Piece], _ isHeader: Bool) throws(RecordLayoutFault) {
        guard index + 1 < pieces.count else {
            guard isHeader else { return }
            throw RecordLayoutFault("a header's text that nothing ends: write a delimiter behind it, as in %h{%k=%v,}")
        }
        if case .literal = pieces[index + 1] { return }
        throw RecordLayoutFault("a text that nothing ends: write a delimiter behind it, or its size before it")
    }
}

extension RecordLayout.TextForm {
    /// Whether what follows a text of this form shows its end.
    fileprivate var isDelimited: Bool {
        switch self {
        case .plain, .base64, .hexadecimal: true
        case .json, .expression: false
        }
    }
}
