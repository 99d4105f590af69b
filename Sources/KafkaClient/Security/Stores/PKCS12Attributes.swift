// SPDX-License-Identifier: Apache-2.0
import SwiftASN1

/// What a bag says about its key or certificate.
struct PKCS12Attributes {
    private static let friendlyName: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 20]
    private static let localKeyID: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 21]
    /// Java's keytool marks a trusted certificate with it.
    private static let trustedKeyUsage: ASN1ObjectIdentifier = [2, 16, 840, 1, 113894, 746875, 1, 1]

    private(set) var name: String?
    /// What a key and its certificate have in common.
    private(set) var id: [UInt8]?
    private(set) var isTrusted = false

    /// Reads the attributes of a bag, if it has any.
    init(_ value: EncodedValue?) throws(StoreFault) {
        guard var attributes = try value?.set() else { return }
        while var attribute = try attributes.nextIfAny()?.sequence() {
            let identifier = try attribute.next().objectIdentifier()
            var values = try attribute.next().set()
            try attribute.end()
            switch identifier {
            case Self.friendlyName: name = try values.next().utf16Text()
            case Self.localKeyID: id = try values.next().octets()
            case Self.trustedKeyUsage: isTrusted = true
            default: break
            }
        }
    }
}
