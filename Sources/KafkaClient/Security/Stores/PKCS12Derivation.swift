// SPDX-License-Identifier: Apache-2.0

/// How PKCS#12 makes keys of a password: RFC 7292, appendix B.
struct PKCS12Derivation {
    /// What the bytes are for.
    enum Purpose: UInt8 {
        case key = 1
        case initialVector = 2
        case code = 3
    }

    let digest: StoreDigest
    let salt: [UInt8]
    let iterations: Int

    /// So many bytes, from a password in UTF-16 with its end.
    func bytes(_ purpose: Purpose, count: Int, password: [UInt8]) -> [UInt8] {
        let block = digest.blockSize
        let diversifier = [UInt8](repeating: purpose.rawValue, count: block)
        var input = Self.fill(salt, block) + Self.fill(password, block)
        var result: [UInt8] = []
        while true {
            var hash = digest.hash(diversifier + input)
            for _ in 1..<max(1, iterations) { hash = digest.hash(hash) }
            result += hash
            guard result.count < count else { return Array(result.prefix(count)) }
            let addend = (0..<block).map { hash[$0 % hash.count] }
            for start in stride(from: 0, to: input.count, by: block) { Self.add(addend, to: &input, at: start) }
        }
    }

    /// The bytes again and again, up to a whole number of blocks.
    private static func fill(_ bytes: [UInt8], _ block: Int) -> [UInt8] {
        (0..<(bytes.count + block - 1) / block * block).map { bytes[$0 % bytes.count] }
    }

    /// Adds a number and one to a block of the input, whatever overflows being lost.
    private static func add(_ addend: [UInt8], to input: inout [UInt8], at start: Int) {
        var carry = 1
        for index in addend.indices.reversed() {
            let sum = Int(input[start + index]) + Int(addend[index]) + carry
            input[start + index] = UInt8(truncatingIfNeeded: sum)
            carry = sum >> 8
        }
    }
}
