// SPDX-License-Identifier: Apache-2.0
public import RandomNumbers

/// Damages bytes in the ways in which they get damaged on the way, and in the ways that decoders must fear most.
public struct Mutator: Sendable {
    /// Where the random numbers come from; tests may draw from it too.
    public var generator: SplitMix64

    /// Numbers at which counts, lengths and offsets go wrong.
    private static let edges: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFE, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
    ]
    /// Varints that are as long as they may be, and longer.
    private static let varints: [[UInt8]] = [
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFE, 0xFF, 0xFF, 0xFF, 0x0F], [0x80, 0x80, 0x80, 0x80, 0x10],
        [UInt8](repeating: 0xFF, count: 9) + [0x01], [UInt8](repeating: 0xFF, count: 12),
    ]

    /// The same seed damages the same bytes in the same way.
    public init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    /// A damaged copy of `bytes`; some of it may come from `donor`.
    public mutating func mutate(_ bytes: [UInt8], donor: [UInt8] = []) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes, donor) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8], _ donor: [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(byte()) }
        let place = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<12, using: &generator) {
        case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes[place] = byte()
        case 3, 4, 5: overwrite(&bytes, at: place, with: edge())
        case 6: overwrite(&bytes, at: place, with: Self.varints.randomElement(using: &generator) ?? [])
        case 7: bytes.insert(contentsOf: (0..<length(16)).map { _ in byte() }, at: place)
        case 8: bytes.removeSubrange(place..<min(bytes.count, place + length(16)))
        case 9: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + length(64))], at: place)
        case 10: bytes.removeSubrange(place...)
        default: splice(donor, into: &bytes, at: place)
        }
    }

    private mutating func splice(_ donor: [UInt8], into bytes: inout [UInt8], at place: Int) {
        guard !donor.isEmpty else { return bytes[place] = byte() }
        let start = Int.random(in: donor.indices, using: &generator)
        overwrite(&bytes, at: place, with: Array(donor[start..<min(donor.count, start + length(64))]))
    }

    private func overwrite(_ bytes: inout [UInt8], at place: Int, with replacement: [UInt8]) {
        for (offset, byte) in replacement.enumerated() where place + offset < bytes.count {
            bytes[place + offset] = byte
        }
    }

    /// The last 1, 2, 4 or 8 bytes of a number at an edge, in network byte order.
    private mutating func edge() -> [UInt8] {
        let number = Self.edges.randomElement(using: &generator) ?? 0
        let width = [1, 2, 4, 4, 8].randomElement(using: &generator) ?? 4
        return (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64(width - 1 - $0))) }
    }

    private mutating func byte() -> UInt8 { UInt8.random(in: .min ... .max, using: &generator) }

    private mutating func length(_ most: Int) -> Int { Int.random(in: 1...most, using: &generator) }
}
