// SPDX-License-Identifier: Apache-2.0

/// Something in a store that is passed over, as Kafka does, and that its owner may miss.
package enum StoreOmission: Sendable, Equatable, CustomStringConvertible {
    /// Encrypted certificates, because no password was given.
    case encryptedCertificates
    /// A private key that the store does not encrypt.
    case unprotectedKey
    /// A private key to which no certificate belongs.
    case keyWithoutCertificate(alias: String)

    /// What was passed over.
    package var description: String {
        switch self {
        case .encryptedCertificates: "encrypted certificates, which need the password of the store"
        case .unprotectedKey: "a private key that the store does not encrypt"
        case .keyWithoutCertificate(let alias): "the private key \(alias), to which no certificate belongs"
        }
    }
}
