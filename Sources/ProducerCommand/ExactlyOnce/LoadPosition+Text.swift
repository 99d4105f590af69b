// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// How a position is kept as the metadata of a group's offset: words of ASCII, fewer than 1,000 bytes.
///
///     kp1 t=<topic id> o=<options> n=<inputs> c=<names> i=<input> g=<generation> b=<place> r=<records>
///         f=<bytes>:<hash> R=<records> T=<time> [d=<bytes>] [e=<bytes>] [z=1] [p=<path>]
///
/// The bytes of all inputs are the offset itself. `s=<hash>` stands in place of `f=` for what cannot be read again.
extension LoadPosition {
    private static let title = "kp1"
    /// How many bytes of the path are kept, percent-encoded.
    private static let longestPath = 600
    /// What stands for a load that is to begin anew.
    static let forgotten = "kp1 forgotten"
    /// A pebibyte: no load has more bytes, and sums cannot overflow.
    private static let largest = UInt64(1) << 50

    /// The metadata.
    var text: String {
        var words = [
            Self.title, "t=\(Self.hex(topicID))", "o=\(String(options, radix: 16))", "n=\(inputCount)",
            "c=\(String(names, radix: 16))", "i=\(input)", "g=\(generation)", "b=\(place)", "r=\(recordsInInput)",
        ]
        switch fingerprint {
        case .file(let bytes, let hash): words.append("f=\(bytes):\(String(hash, radix: 16))")
        case .stream(let hash): words.append("s=\(String(hash, radix: 16))")
        }
        words += ["R=\(records)", "T=\(time)"]
        if let deadLetters { words.append("d=\(deadLetters)") }
        if let receipts { words.append("e=\(receipts)") }
        if isDone { words.append("z=1") }
        if !path.isEmpty { words.append("p=\(Self.encoded(path))") }
        return words.joined(separator: " ")
    }

    /// Reads what is stored; nil for what no load of this version has written.
    ///
    /// - Parameters:
    ///   - offset: The group's offset.
    ///   - metadata: What is kept with it.
    init?(offset: Int64, metadata: String) {
        self.init()
        let words = metadata.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard offset >= 0, UInt64(offset) <= Self.largest, words.first == Self.title else { return nil }
        bytes = UInt64(offset)
        var seen: Set<Character> = []
        for word in words.dropFirst() {
            guard word.utf8.count >= 2, let key = word.first, word.dropFirst().first == "=", seen.insert(key).inserted,
                take(key, word.dropFirst(2))
            else { return nil }
        }
        let hasFingerprint = seen.contains("f") != seen.contains("s")
        guard seen.isSuperset(of: Array("tonicgbrRT")), hasFingerprint, isConsistent else { return nil }
    }

    /// Whether it can be what a load has written: a record has a byte, and a part is no larger than the whole.
    private var isConsistent: Bool {
        let hashed = if case .file(let count, _) = fingerprint { UInt64(count) } else { UInt64(0) }
        return bytes <= Self.largest && place <= bytes && recordsInInput <= place && records <= bytes
            && recordsInInput <= records && records - recordsInInput <= bytes - place && hashed <= place
            && input < inputCount
    }

    private mutating func take(_ key: Character, _ text: Substring) -> Bool {
        switch key {
        case "t": Self.set(&topicID, Self.topicID(text))
        case "o": Self.set(&options, Self.number(text, radix: 16))
        case "n": Self.set(&inputCount, Self.count(text))
        case "c": Self.set(&names, Self.number(text, radix: 16))
        case "i": Self.set(&input, Self.count(text))
        case "g": Self.set(&generation, Self.count(text))
        case "b": Self.set(&place, Self.number(text))
        case "r": Self.set(&recordsInInput, Self.number(text))
        case "R": Self.set(&records, Self.number(text))
        case "T": Self.set(&time, Self.number(text).map { (time: UInt64) in Int64(clamping: time) })
        case "d": Self.set(&deadLetters, Self.number(text))
        case "e": Self.set(&receipts, Self.number(text))
        case "z": Self.set(&isDone, text == "1" ? true : nil)
        case "f": Self.set(&fingerprint, Self.fileFingerprint(text))
        case "s": Self.set(&fingerprint, Self.number(text, radix: 16).map { .stream(hash: $0) })
        case "p": Self.set(&path, Self.decoded(text))
        default: false
        }
    }

    private static func set<Value>(_ field: inout Value, _ value: Value?) -> Bool {
        guard let value else { return false }
        field = value
        return true
    }

    private static func set(_ field: inout UInt64?, _ value: UInt64?) -> Bool {
        guard let value else { return false }
        field = value
        return true
    }

    // MARK: words

    private static func number<Number: FixedWidthInteger>(_ text: Substring, radix: Int = 10) -> Number? {
        // A sign would make two texts of one position.
        guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return Number(text, radix: radix)
    }

    private static func count(_ text: Substring) -> Int? {
        let number: Int32? = number(text)
        return number.map(Int.init)
    }

    private static func fileFingerprint(_ text: Substring) -> LoadFingerprint? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = count(parts[0]), bytes <= FileFingerprint.hashLimit,
            let hash: UInt32 = number(parts[1], radix: 16)
        else { return nil }
        return .file(hashedBytes: bytes, hash: hash)
    }

    private static func hex(_ id: TopicID) -> String {
        [id.mostSignificant, id.leastSignificant].map { half in
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    private static func topicID(_ text: Substring) -> TopicID? {
        guard text.utf8.count == 32, text.allSatisfy(\.isASCII), let high: UInt64 = number(text.prefix(16), radix: 16),
            let low: UInt64 = number(text.suffix(16), radix: 16)
        else { return nil }
        return TopicID(mostSignificant: high, leastSignificant: low)
    }

    // MARK: paths

    /// The end of a path, in which everything but letters, digits and some marks is `%` and two digits.
    private static func encoded(_ path: String) -> String {
        var pieces: [String] = []
        var size = 0
        for byte in path.utf8.reversed() {
            let piece = isPlain(byte) ? String(UnicodeScalar(byte)) : "%" + hex(byte)
            size += piece.utf8.count
            guard size <= longestPath else { break }
            pieces.append(piece)
        }
        return pieces.reversed().joined()
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return text.count == 1 ? "0" + text : text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/._-~".utf8.contains(byte)
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                guard isPlain(byte) else { return nil }
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value: UInt8 = number(Substring(rest.prefix(2)), radix: 16) else { return nil }
            rest = rest.dropFirst(2)
            bytes.append(value)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
