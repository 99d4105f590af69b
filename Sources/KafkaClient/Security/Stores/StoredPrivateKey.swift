// SPDX-License-Identifier: Apache-2.0

/// A private key in the form of PKCS#8. No print shows it.
package struct StoredPrivateKey: Sendable, Equatable {
    private static let rsa: [UInt8] = [0x30, 0x0D, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0]
    private static let ellipticCurve: [UInt8] = [6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]
    private static let versionZero: [UInt8] = [2, 1, 0]

    /// The key in DER: `PrivateKeyInfo` of PKCS#8.
    package let pkcs8: Secret

    /// Takes a key in the form of PKCS#8.
    init(pkcs8 der: [UInt8]) throws(StoreFault) {
        var parts = try EncodedValue(der).sequence()
        guard try parts.next().count() <= 1, try parts.next().isSequence, try !parts.next().octets().isEmpty else {
            throw StoreFault("it is not a private key")
        }
        pkcs8 = Secret(der)
    }

    /// Takes a key in the form of PKCS#8, PKCS#1 (RSA) or SEC 1 (elliptic curves), which the structure tells.
    init(anyForm der: [UInt8]) throws(StoreFault) {
        var parts = try EncodedValue(der).sequence()
        let version = try parts.next()
        let second = try parts.next()
        guard version.isInteger else { throw StoreFault("it is not a private key") }
        if second.isSequence {
            self = try StoredPrivateKey(pkcs8: der)
        } else if second.isInteger {
            guard parts.rest().filter(\.isInteger).count >= 7 else { throw StoreFault("it is not an RSA key") }
            self = StoredPrivateKey(wrapping: der, algorithm: Self.rsa)
        } else {
            _ = try second.octets()
            guard let curve = parts.rest().first(where: { $0.isTagged(0) }) else {
                throw StoreFault("it is a key of an elliptic curve that it does not name")
            }
            let name = try curve.explicit(0)
            _ = try name.objectIdentifier()
            let algorithm = EncodedHeader.value(tag: 0x30, Self.ellipticCurve + name.encoded)
            self = StoredPrivateKey(wrapping: der, algorithm: algorithm)
        }
    }

    private init(wrapping der: [UInt8], algorithm: [UInt8]) {
        pkcs8 = Secret(EncodedHeader.value(tag: 0x30, Self.versionZero + algorithm + EncodedHeader.value(tag: 4, der)))
    }
}
