// SPDX-License-Identifier: Apache-2.0

/// Where the first value of DER ends, and how a value is written.
enum EncodedHeader {
    /// The length of the sequence at the start of some bytes with its header, or nil when there is none that is whole.
    static func lengthOfSequence(_ bytes: some Collection<UInt8>) -> Int? {
        var iterator = bytes.makeIterator()
        guard iterator.next() == 0x30, let first = iterator.next() else { return nil }
        guard first >= 0x80 else { return within(bytes, 2 + Int(first)) }
        let size = Int(first & 0x7F)
        guard (1...4).contains(size) else { return nil }
        var length = 0
        for _ in 0..<size {
            guard let byte = iterator.next() else { return nil }
            length = length << 8 | Int(byte)
        }
        return within(bytes, 2 + size + length)
    }

    /// A value of this tag and content.
    static func value(tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        guard content.count >= 0x80 else { return [tag, UInt8(content.count)] + content }
        var size: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            size.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(size.count)] + size + content
    }

    private static func within(_ bytes: some Collection<UInt8>, _ length: Int) -> Int? {
        length <= bytes.count ? length : nil
    }
}
