// SPDX-License-Identifier: Apache-2.0
import SwiftASN1

/// Reads the format of PKCS#12 (RFC 7292): bags of keys and certificates in safes, some of them encrypted.
struct PKCS12Store {
    private static let data: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 1]
    private static let encryptedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 6]

    private let password: StorePassword?
    private var collected = PKCS12Bags()

    /// The contents of a store. Without a password nothing is checked and encrypted safes are passed over, as in Java.
    static func contents(_ bytes: [UInt8], password: StorePassword?) throws(StoreFault) -> StoreContents {
        var parts = try EncodedValue(bytes).sequence()
        let version = try parts.next().count()
        guard version == 3 else { throw StoreFault("version \(version) of PKCS#12 is not supported") }
        var content = try parts.next().sequence()
        guard try content.next().objectIdentifier() == data else {
            throw StoreFault("it is protected by a signature, which is not supported")
        }
        let safes = try content.next().explicit(0).octets()
        try content.end()
        let integrity = try parts.nextIfAny().map { value throws(StoreFault) in try PKCS12Integrity(value) }
        try parts.end()
        if let integrity, let password { try integrity.check(safes, password: password) }

        var reader = PKCS12Store(password: password)
        var list = try EncodedValue(safes).sequence()
        while let safe = list.nextIfAny() { try reader.read(safe) }
        return reader.collected.contents()
    }

    private mutating func read(_ safe: EncodedValue) throws(StoreFault) {
        var parts = try safe.sequence()
        let identifier = try parts.next().objectIdentifier()
        let content = try parts.next().explicit(0)
        try parts.end()
        switch identifier {
        case Self.data: try collected.add(EncodedValue(content.octets()))
        case Self.encryptedData:
            guard let password else { return collected.omissions.append(.encryptedCertificates) }
            try collected.add(EncodedValue(Self.decrypt(content, password)))
        default: throw StoreFault("it has a safe of a kind that is not supported (\(identifier))")
        }
    }

    private static func decrypt(
        _ content: EncodedValue,
        _ password: StorePassword
    ) throws(StoreFault) -> [UInt8] {
        var parts = try content.sequence()
        _ = try parts.next().count()
        var encrypted = try parts.next().sequence()
        guard try encrypted.next().objectIdentifier() == data else {
            throw StoreFault("it has an encrypted safe of a kind that is not supported")
        }
        let cipher = try PasswordCipher(encrypted.next(), reach: .java)
        return try cipher.decrypt(encrypted.next().implicitOctets(0), password: password)
    }
}
