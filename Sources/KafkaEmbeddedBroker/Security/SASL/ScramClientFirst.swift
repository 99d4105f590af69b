// SPDX-License-Identifier: Apache-2.0

/// What a client says first in SCRAM: `n,[a=NAME],n=NAME,r=NONCE[,EXTENSION...]`.
struct ScramClientFirst: Equatable {
    /// What stands before the message proper: it comes back in the client's last message.
    let header: [UInt8]
    /// The message without the header, as it was received: proofs are made over these bytes.
    let bare: [UInt8]
    /// Whom the client wants to act for; empty for itself.
    let authorization: String
    let name: String
    let nonce: [UInt8]

    /// Reads the bytes of a message; nil when they are none.
    init?(_ bytes: [UInt8]) {
        // Channel binding is not offered: only "n" may come first.
        let fields = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[0].elementsEqual("n".utf8) else { return nil }
        switch ScramField(fields[1]) {
        case .some(let field) where field.key == UInt8(ascii: "a"):
            guard let name = Self.decodeName(field.value) else { return nil }
            authorization = name
        case .none where fields[1].isEmpty: authorization = ""
        default: return nil
        }
        guard
            let user = ScramField(fields[2]), user.key == UInt8(ascii: "n"), let name = Self.decodeName(user.value),
            let nonce = ScramField(fields[3]), nonce.key == UInt8(ascii: "r"), nonce.isPrintable
        else { return nil }
        self.name = name
        self.nonce = Array(nonce.value)
        for field in fields.dropFirst(4) {
            guard ScramExtension.isExtension(field) else { return nil }
        }
        header = Array(bytes[..<fields[2].startIndex])
        bare = Array(bytes[fields[2].startIndex...])
    }

    /// A name without the escapes for a comma and an equals sign.
    static func decodeName(_ text: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                bytes.append(byte)
                continue
            }
            if rest.starts(with: "2C".utf8) {
                bytes.append(UInt8(ascii: ","))
            } else if rest.starts(with: "3D".utf8) {
                bytes.append(UInt8(ascii: "="))
            } else {
                return nil
            }
            rest = rest.dropFirst(2)
        }
        guard !bytes.isEmpty, !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
