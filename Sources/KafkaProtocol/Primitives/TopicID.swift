// SPDX-License-Identifier: Apache-2.0

/// The 128-bit id that a topic keeps for its life, also when another topic takes over its name (KIP-516). Other ids of
/// that kind, such as a log directory's, share the type.
public struct TopicID: Hashable, Sendable, CustomStringConvertible {
    /// Stands for "no id".
    public static let zero = TopicID(mostSignificant: 0, leastSignificant: 0)

    /// The first eight bytes.
    public var mostSignificant: UInt64
    /// The last eight bytes.
    public var leastSignificant: UInt64

    /// An id of two halves.
    public init(mostSignificant: UInt64, leastSignificant: UInt64) {
        self.mostSignificant = mostSignificant
        self.leastSignificant = leastSignificant
    }

    /// No id.
    public init() {
        self = .zero
    }

    /// A random id as UUID version 4 (RFC 9562), which is what brokers give to new topics.
    public static func random(using generator: inout some RandomNumberGenerator) -> TopicID {
        TopicID(
            mostSignificant: generator.next() & ~0xF000 | 0x4000,
            leastSignificant: generator.next() & ~(0b11 << 62) | (0b10 << 62)
        )
    }

    /// The id as Kafka prints it: 22 characters of base64 with the URL alphabet (RFC 4648), without padding.
    public var description: String {
        var text = ""
        text.reserveCapacity(22)
        for group in 0..<22 {
            // Six bits a character; the last one has only two and is filled up with zeroes.
            let sixBits = group < 21 ? bits(from: group * 6, count: 6) : bits(from: 126, count: 2) << 4
            text.unicodeScalars.append(Self.alphabet[sixBits])
        }
        return text
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".unicodeScalars
    )

    private func bits(from start: Int, count: Int) -> Int {
        let whole = UInt128(mostSignificant) << 64 | UInt128(leastSignificant)
        return Int(truncatingIfNeeded: whole >> UInt128(128 - start - count)) & ((1 << count) - 1)
    }
}
