// SPDX-License-Identifier: Apache-2.0

/// What a client shows to a broker that asks who it is: a private key and its certificates.
package struct ClientIdentity: Sendable, Equatable {
    /// The entry of the store; PEM has no names.
    package let alias: String?
    /// The key.
    package let key: StoredPrivateKey
    /// The certificates, the client's own first, each signed by the next.
    package let chain: [StoredCertificate]
    /// The other keys of the store, which are not used.
    package let otherAliases: [String]
}
