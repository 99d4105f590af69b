// SPDX-License-Identifier: Apache-2.0

/// Reads a regular expression in RE2's syntax, without what looks beyond the text: anchors and word boundaries.
struct ExpressionParser {
    private static let deepest = 50
    private static let mostRepeats = 1000

    private var rest: ArraySlice<UInt8>
    private var depth = 0

    /// The expression that all of the text is.
    static func node(of text: [UInt8]) throws(RecordLayoutFault) -> ExpressionNode {
        var parser = ExpressionParser(rest: text[...])
        // It always begins where the text does.
        if parser.rest.first == UInt8(ascii: "^") { parser.rest.removeFirst() }
        let node = try parser.choice()
        guard parser.rest.isEmpty else { throw RecordLayoutFault("a ) without its ( in {re}") }
        return node
    }

    private mutating func choice() throws(RecordLayoutFault) -> ExpressionNode {
        guard depth < Self.deepest else {
            throw RecordLayoutFault("more than \(Self.deepest) groups in groups in {re}")
        }
        depth += 1
        defer { depth -= 1 }
        var branches = [try sequence()]
        while rest.first == UInt8(ascii: "|") {
            rest.removeFirst()
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(RecordLayoutFault) -> ExpressionNode {
        var nodes: [ExpressionNode] = []
        while let byte = rest.first, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            nodes.append(try repeated(try atom()))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .nothing : .sequence(nodes)
    }

    private mutating func repeated(_ node: ExpressionNode) throws(RecordLayoutFault) -> ExpressionNode {
        let bounds: (Int, Int?)
        switch rest.first {
        case UInt8(ascii: "*"): bounds = (0, nil)
        case UInt8(ascii: "+"): bounds = (1, nil)
        case UInt8(ascii: "?"): bounds = (0, 1)
        case UInt8(ascii: "{"):
            guard let counted = try counts() else { return node }
            bounds = counted
            return try repeated(node, bounds)
        default: return node
        }
        rest.removeFirst()
        return try repeated(node, bounds)
    }

    private mutating func repeated(
        _ node: ExpressionNode,
        _ bounds: (Int, Int?)
    ) throws(RecordLayoutFault) -> ExpressionNode {
        let isGreedy = rest.first != UInt8(ascii: "?")
        if !isGreedy { rest.removeFirst() }
        if let next = rest.first, next == UInt8(ascii: "*") || next == UInt8(ascii: "+") {
            throw RecordLayoutFault("a repeat of a repeat in {re}")
        }
        return .repeated(node, least: bounds.0, most: bounds.1, isGreedy: isGreedy)
    }

    /// `{2}`, `{2,}` or `{2,5}`; nil for a brace that means itself.
    private mutating func counts() throws(RecordLayoutFault) -> (Int, Int?)? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let parts = rest[(rest.startIndex + 1)..<end].split(
            separator: UInt8(ascii: ","),
            omittingEmptySubsequences: false
        )
        let numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) }
        guard parts.count <= 2, let least = numbers[0] else { return nil }
        let most: Int?
        if parts.count == 1 {
            most = least
        } else if parts[1].isEmpty {
            most = nil
        } else {
            guard let number = numbers[1] else { return nil }
            most = number
        }
        guard least >= 0, (most ?? least) >= least, (most ?? least) <= Self.mostRepeats else {
            throw RecordLayoutFault("a count over \(Self.mostRepeats), or in the wrong order, in {re}")
        }
        rest = rest[(end + 1)...]
        return (least, most)
    }

    private mutating func atom() throws(RecordLayoutFault) -> ExpressionNode {
        let byte = rest.removeFirst()
        switch byte {
        case UInt8(ascii: "."): return .character(otherThan: ByteSet(0x0A...0x0A))
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return try set()
        case UInt8(ascii: "\\"): return try escape().node
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            throw RecordLayoutFault(
                "\(Character(Unicode.Scalar(byte))) in {re}: what stands around a text is not looked at"
            )
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
            throw RecordLayoutFault("a repeat of nothing in {re}")
        case 0x80...:
            // One character, so that a repeat is of all its bytes.
            var bytes = [ExpressionNode.byte(ByteSet(byte...byte))]
            while let next = rest.first, next & 0xC0 == 0x80 {
                rest.removeFirst()
                bytes.append(.byte(ByteSet(next...next)))
            }
            return .sequence(bytes)
        default: return .byte(ByteSet(byte...byte))
        }
    }

    private mutating func group() throws(RecordLayoutFault) -> ExpressionNode {
        if rest.first == UInt8(ascii: "?") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "P") { rest.removeFirst() }
            switch rest.popFirst() {
            case UInt8(ascii: ":"): break
            case UInt8(ascii: "<"):
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else {
                    throw RecordLayoutFault("a group's name without its > in {re}")
                }
                rest = rest[(end + 1)...]
            default: throw RecordLayoutFault("flags in {re}: there are groups as (…), (?:…) and (?P<name>…)")
            }
        }
        let node = try choice()
        guard rest.popFirst() == UInt8(ascii: ")") else { throw RecordLayoutFault("a ( without its ) in {re}") }
        return node
    }

    /// What is behind a backslash: a set, and whether it is one with all but some ASCII characters.
    private enum Escape {
        case set(ByteSet)
        case allBut(ByteSet)

        var node: ExpressionNode {
            switch self {
            case .set(let set): .byte(set)
            case .allBut(let set): .character(otherThan: set)
            }
        }
    }

    private mutating func escape() throws(RecordLayoutFault) -> Escape {
        guard let byte = rest.popFirst() else { throw RecordLayoutFault("a \\ at the end of {re}") }
        func one(_ byte: UInt8) -> Escape { .set(ByteSet(byte...byte)) }
        switch byte {
        case UInt8(ascii: "d"): return .set(.digits)
        case UInt8(ascii: "w"): return .set(.word)
        case UInt8(ascii: "s"): return .set(.space)
        case UInt8(ascii: "D"): return .allBut(.digits)
        case UInt8(ascii: "W"): return .allBut(.word)
        case UInt8(ascii: "S"): return .allBut(.space)
        case UInt8(ascii: "t"): return one(0x09)
        case UInt8(ascii: "n"): return one(0x0A)
        case UInt8(ascii: "v"): return one(0x0B)
        case UInt8(ascii: "f"): return one(0x0C)
        case UInt8(ascii: "r"): return one(0x0D)
        case UInt8(ascii: "a"): return one(0x07)
        case UInt8(ascii: "x"):
            guard let high = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) }),
                let low = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) }), high < 8
            else { throw RecordLayoutFault("\\x without the two digits of an ASCII character in {re}") }
            return one(high << 4 | low)
        case 0x21..<0x7F where !ByteSet.word.contains(byte): return one(byte)
        default:
            throw RecordLayoutFault(
                "\\\(Character(Unicode.Scalar(byte))) in {re}: there are \\d \\w \\s \\D \\W \\S \\t \\n \\r \\f \\v \\a \\xNN"
            )
        }
    }

    private mutating func set() throws(RecordLayoutFault) -> ExpressionNode {
        let isInverted = rest.first == UInt8(ascii: "^")
        if isInverted { rest.removeFirst() }
        var set = ByteSet()
        var isFirst = true
        while true {
            guard let byte = rest.popFirst() else { throw RecordLayoutFault("a [ without its ] in {re}") }
            if byte == UInt8(ascii: "]"), !isFirst { break }
            isFirst = false
            guard byte != UInt8(ascii: "[") || rest.first != UInt8(ascii: ":") else {
                throw RecordLayoutFault("[[:…:]] in {re}: write the characters, as in [a-z]")
            }
            guard let low = try member(byte, of: &set) else { continue }
            guard rest.first == UInt8(ascii: "-"), let next = rest.dropFirst().first, next != UInt8(ascii: "]") else {
                set.insert(low...low)
                continue
            }
            rest = rest.dropFirst(2)
            guard let high = try member(next, of: &set), high >= low else {
                throw RecordLayoutFault("a range in the wrong order in {re}")
            }
            set.insert(low...high)
        }
        return isInverted ? .character(otherThan: set) : .byte(set)
    }

    /// A character within brackets; nil when it is a set, which is inserted.
    private mutating func member(_ byte: UInt8, of set: inout ByteSet) throws(RecordLayoutFault) -> UInt8? {
        guard byte < 0x80 else { throw RecordLayoutFault("a character beyond ASCII within [] in {re}") }
        guard byte == UInt8(ascii: "\\") else { return byte }
        let start = rest
        switch try escape() {
        case .allBut: throw RecordLayoutFault("\\D, \\W or \\S within [] in {re}")
        case .set(let members):
            if let first = start.first, [UInt8(ascii: "d"), UInt8(ascii: "w"), UInt8(ascii: "s")].contains(first) {
                set.formUnion(members)
                return nil
            }
            return (0...0x7F).first { members.contains($0) }
        }
    }
}
