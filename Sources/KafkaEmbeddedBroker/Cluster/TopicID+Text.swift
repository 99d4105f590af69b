// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension TopicID {
    /// The id that Kafka prints as `text`, 22 characters of base64 with the URL alphabet; nil when it is none.
    init?(text: some StringProtocol) {
        guard text.utf8.count == 22 else { return nil }
        var whole: UInt128 = 0
        for (index, byte) in text.utf8.enumerated() {
            guard let sixBits = Self.sixBits(byte) else { return nil }
            // 22 characters hold 132 bits; the last four are zero.
            if index < 21 {
                whole = whole << 6 | UInt128(sixBits)
            } else {
                guard sixBits & 0b1111 == 0 else { return nil }
                whole = whole << 2 | UInt128(sixBits >> 4)
            }
        }
        self.init(
            mostSignificant: UInt64(truncatingIfNeeded: whole >> 64),
            leastSignificant: UInt64(truncatingIfNeeded: whole)
        )
    }

    private static func sixBits(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
