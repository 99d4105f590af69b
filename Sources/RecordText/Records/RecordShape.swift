// SPDX-License-Identifier: Apache-2.0

/// The names of the last object's members in their order, with the brackets, commas and colons around them.
///
/// The objects of one source have the same members in the same order. A name that is expected is passed by one comparison, and
/// what it means is known from the last time.
public struct RecordShape: Sendable {
    /// So many members are known at most; what comes after them is read as if none were.
    private static let mostMembers = 24
    /// A name takes so many words of eight bytes at most, with what is around it.
    private static let mostWords = 4

    /// The bytes of each name, the first byte lowest, and zeros up to ``mostWords`` words.
    private var words = [UInt64](repeating: 0, count: Self.mostMembers * Self.mostWords)
    private var counts = [Int](repeating: 0, count: Self.mostMembers)
    private var members = [RecordMember?](repeating: nil, count: Self.mostMembers)
    /// How many names are known.
    private var known = 0
    /// What the last objects have in common beside names.
    var repeated = RepeatedMembers()

    /// The shape of no object yet.
    public init() {}

    /// Passes the name of a member, if it is the expected one.
    ///
    /// - Returns: whether it is; then ``member(_:)`` says what it means.
    @inline(__always)
    func passes(_ index: Int, _ scanner: inout JSONScanner, in bytes: Span<UInt8>) -> Bool {
        guard index < known else { return false }
        let (count, place) = (counts[index], scanner.position)
        guard place &+ count <= scanner.end,
            bytes.hasWords(words, from: index &* Self.mostWords, byteCount: count, at: place)
        else { return false }
        scanner.move(to: place &+ count)
        return true
    }

    /// What a name means that was passed; nil for one that says nothing about a record.
    @inline(__always)
    func member(_ index: Int) -> RecordMember? { members[index] }

    /// Whether a member is known to say nothing else than something that can be taken over from another object.
    func isPlain(_ index: Int) -> Bool {
        guard index < known else { return false }
        switch members[index] {
        case .key, .value, .payload, .headers, .source, .input: return false
        default: return true
        }
    }

    /// Takes in what was there instead of what was expected; what follows is not known any more.
    mutating func learn(_ index: Int, _ part: Range<Int>, in bytes: Span<UInt8>, _ member: RecordMember?) {
        known = min(known, index)
        guard index == known, index < Self.mostMembers, part.count <= Self.mostWords * 8 else { return }
        let first = index * Self.mostWords
        for word in 0..<Self.mostWords { words[first + word] = 0 }
        for (offset, place) in part.enumerated() {
            words[first + offset / 8] |= UInt64(bytes[place]) << UInt64(offset % 8 * 8)
        }
        (counts[index], members[index]) = (part.count, member)
        known = index + 1
    }
}
