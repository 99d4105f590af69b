// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The broker's first message: `[m=…,]r=NONCE,s=SALT,i=ITERATIONS[,name=value…]`.
struct ScramServerFirst {
    let nonce: String
    let salt: [UInt8]
    /// What the broker asks for; more than an `Int` holds is its largest value.
    let iterations: Int

    /// Reads a message, as strictly as the Java client; nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard var attributes = ScramAttributes(bytes) else { return nil }
        // An extension that the client must understand. Java passes it over, too.
        _ = attributes.next("m")
        guard !attributes.isFaulty, let nonce = attributes.next("r"),
            nonce.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let salt = attributes.nextBytes("s"),
            let count = attributes.next("i"), count.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            attributes.endsWithExtensions()
        else { return nil }
        self.nonce = nonce
        self.salt = salt
        self.iterations = Int(count) ?? .max
    }
}

/// The broker's last message: `v=SIGNATURE[,name=value…]`, or `e=ERROR`.
enum ScramServerFinal {
    case signature([UInt8])
    case error(String)

    /// Reads a message, as strictly as the Java client; nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard var attributes = ScramAttributes(bytes) else { return nil }
        if let error = attributes.next("e") {
            guard attributes.isAtEnd, !error.contains("=") else { return nil }
            self = .error(error)
        } else if !attributes.isFaulty, let signature = attributes.nextBytes("v"), attributes.endsWithExtensions() {
            self = .signature(signature)
        } else {
            return nil
        }
    }
}

/// Reads the `name=value` pairs between commas.
private struct ScramAttributes {
    private var parts: ArraySlice<Substring>
    /// Whether an attribute was there and had no value.
    private(set) var isFaulty = false

    /// Nil for bytes that are not ASCII, and for NUL.
    init?(_ bytes: [UInt8]) {
        guard bytes.allSatisfy({ (0x01...0x7F).contains($0) }) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        parts = text.split(separator: ",", omittingEmptySubsequences: false)[...]
    }

    var isAtEnd: Bool { parts.isEmpty }

    /// The value of the next attribute if it has this name and a value.
    mutating func next(_ name: Character) -> String? {
        guard let value = value(name) else { return nil }
        guard !value.isEmpty else {
            isFaulty = true
            return nil
        }
        return value
    }

    /// The bytes of the next attribute if it has this name and is base64; there may be none.
    mutating func nextBytes(_ name: Character) -> [UInt8]? {
        // The library takes more padding than there may be.
        guard let value = value(name), value.utf8.count % 4 == 0, !value.hasSuffix("==="),
            let data = Data(base64Encoded: value)
        else { return nil }
        return Array(data)
    }

    private mutating func value(_ name: Character) -> String? {
        guard let part = parts.first, part.utf8.starts(with: "\(name)=".utf8) else { return nil }
        parts = parts.dropFirst()
        return String(decoding: part.utf8.dropFirst(2), as: UTF8.self)
    }

    /// Whether all that is left are extensions: names of letters, with values.
    func endsWithExtensions() -> Bool {
        parts.allSatisfy { part in
            guard let equals = part.utf8.firstIndex(of: 0x3D) else { return false }
            let name = part.utf8[..<equals]
            return !name.isEmpty && name.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
                && part.utf8.index(after: equals) < part.utf8.endIndex
        }
    }
}
