// SPDX-License-Identifier: Apache-2.0

/// A cipher with blocks of eight bytes, used in the way of CBC. No library of ours has these; they are here to decrypt
/// what stores of the past hold, and encrypt nothing.
enum SmallBlockCipher {
    case des(DES)
    case tripleDES(DES, DES, DES)
    case rc2(RC2)

    static let blockSize = 8

    /// DES with a key of eight bytes.
    static func des(key: ArraySlice<UInt8>) -> SmallBlockCipher { .des(DES(key: number(key))) }

    /// DES three times, with a key of 24 bytes.
    static func tripleDES(key: [UInt8]) -> SmallBlockCipher {
        .tripleDES(DES(key: number(key[0..<8])), DES(key: number(key[8..<16])), DES(key: number(key[16..<24])))
    }

    /// The bytes without their padding.
    func decrypt(_ ciphertext: [UInt8], iv: [UInt8]) throws(StoreFault) -> [UInt8] {
        guard !ciphertext.isEmpty, ciphertext.count % Self.blockSize == 0, iv.count == Self.blockSize else {
            throw StoreFault("it is damaged: not a whole number of blocks")
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(ciphertext.count)
        var previous = Self.number(iv[...])
        for start in stride(from: 0, to: ciphertext.count, by: Self.blockSize) {
            let block = Self.number(ciphertext[start..<start + Self.blockSize])
            let clear = decrypt(block) ^ previous
            previous = block
            for shift in (0..<8).reversed() { plain.append(UInt8(truncatingIfNeeded: clear >> UInt64(8 * shift))) }
        }
        guard let padding = plain.last, (1...UInt8(Self.blockSize)).contains(padding),
            plain.suffix(Int(padding)).allSatisfy({ $0 == padding })
        else { throw .wrongPasswordOrDamaged }
        return plain.dropLast(Int(padding))
    }

    private func decrypt(_ block: UInt64) -> UInt64 {
        switch self {
        case .des(let cipher): cipher.decrypt(block)
        case .tripleDES(let first, let second, let third): first.decrypt(second.encrypt(third.decrypt(block)))
        case .rc2(let cipher): cipher.decrypt(block)
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
