// SPDX-License-Identifier: Apache-2.0

/// The stream cipher RC4, with which some old stores are encrypted.
struct RC4 {
    private var state: [UInt8] = Array(0...255)

    /// Mixes a key, which must not be empty.
    init(key: [UInt8]) {
        var other = 0
        for index in 0..<256 {
            other = (other + Int(state[index]) + Int(key[index % key.count])) & 255
            state.swapAt(index, other)
        }
    }

    /// The bytes with the cipher's own on top: encrypting and decrypting are one.
    consuming func apply(to bytes: [UInt8]) -> [UInt8] {
        var (first, second) = (0, 0)
        return bytes.map { byte in
            first = (first + 1) & 255
            second = (second + Int(state[first])) & 255
            state.swapAt(first, second)
            return byte ^ state[(Int(state[first]) + Int(state[second])) & 255]
        }
    }
}
