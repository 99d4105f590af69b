// SPDX-License-Identifier: Apache-2.0

/// A field of a SCRAM message: a letter, an equals sign, and a value.
struct ScramField {
    let key: UInt8
    let value: ArraySlice<UInt8>

    /// Reads what stands between two commas; nil when it is no such field.
    init?(_ text: ArraySlice<UInt8>) {
        guard let key = text.first, text.dropFirst().first == UInt8(ascii: "="), text.count > 2 else { return nil }
        self.key = key
        value = text.dropFirst(2)
    }

    /// Whether a nonce may be so.
    var isPrintable: Bool { value.allSatisfy { (0x21...0x7E).contains($0) } }
}

/// What may follow the fields of a SCRAM message that RFC 5802 knows, such as Kafka's `tokenauth=true`.
enum ScramExtension {
    static func isExtension(_ text: ArraySlice<UInt8>) -> Bool {
        let name = text.prefix { $0 != UInt8(ascii: "=") }
        let value = text.dropFirst(name.count + 1)
        return !name.isEmpty && !value.isEmpty && name.allSatisfy(isLetter) && !value.contains(0)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
