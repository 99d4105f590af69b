// SPDX-License-Identifier: Apache-2.0

/// The rounds of SHA-2 (FIPS 180-4, section 6), over words of 32 or 64 bits.
struct SHA2Rounds<Word: FixedWidthInteger & UnsignedInteger> {
    /// Turns of a word that are mixed; the last may be a shift.
    struct Mix {
        private let turns: (Int, Int)
        private let last: Int
        private let isShift: Bool

        init(_ first: Int, _ second: Int, _ third: Int) { (turns, last, isShift) = ((first, second), third, false) }
        init(_ first: Int, _ second: Int, shift: Int) { (turns, last, isShift) = ((first, second), shift, true) }

        func callAsFunction(_ word: Word) -> Word {
            turned(word, turns.0) ^ turned(word, turns.1) ^ (isShift ? word >> last : turned(word, last))
        }

        private func turned(_ word: Word, _ count: Int) -> Word { word >> count | word << (Word.bitWidth - count) }
    }

    let first: [Word]
    let constants: [Word]
    let schedule: (Mix, Mix)
    let round: (Mix, Mix)

    private var wordBytes: Int { Word.bitWidth / 8 }
    private var blockBytes: Int { 16 * wordBytes }

    /// The whole hash of some bytes.
    func hash(_ bytes: [UInt8]) -> [UInt8] {
        var message = bytes + [0x80]
        // Behind the padding stands the number of bits, in two words: the first is zero where words have 64 bits.
        let lengthBytes = 2 * wordBytes
        while message.count % blockBytes != blockBytes - lengthBytes { message.append(0) }
        message += [UInt8](repeating: 0, count: lengthBytes - 8)
        let bits = UInt64(bytes.count) * 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            message.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
        var state = first
        for start in stride(from: 0, to: message.count, by: blockBytes) {
            add(message[start..<start + blockBytes], to: &state)
        }
        return state.flatMap { word in
            stride(from: Word.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    private func add(_ block: ArraySlice<UInt8>, to state: inout [Word]) {
        var words: [Word] = stride(from: block.startIndex, to: block.endIndex, by: wordBytes).map { start in
            block[start..<start + wordBytes].reduce(0) { $0 << 8 | Word($1) }
        }
        for index in 16..<constants.count {
            words.append(
                words[index - 16] &+ schedule.0(words[index - 15]) &+ words[index - 7] &+ schedule.1(words[index - 2])
            )
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in constants.indices {
            let one = h &+ round.1(e) &+ (e & f ^ ~e & g) &+ constants[index] &+ words[index]
            let other = round.0(a) &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ other)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }
}
