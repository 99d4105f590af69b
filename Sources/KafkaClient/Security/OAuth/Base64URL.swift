// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Base64 as tokens use it: `-` and `_` for `+` and `/`, and nothing at the end (RFC 7515).
enum Base64URL {
    /// The text of some bytes.
    static func encode(_ bytes: some Collection<UInt8>) -> String {
        let text = Data(bytes).base64EncodedString().utf8.filter { $0 != UInt8(ascii: "=") }.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, or nil when it is not one. A filled end is allowed, as in Java.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var plain: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "-"): plain.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): plain.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"): return nil
            default:
                guard !Base64.isSpace(byte) else { return nil }
                plain.append(byte)
            }
        }
        return Base64.decode(plain)
    }
}
