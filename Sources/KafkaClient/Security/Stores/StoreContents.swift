// SPDX-License-Identifier: Apache-2.0

/// What a store holds, keys still protected.
struct StoreContents: Sendable, Equatable {
    /// A private key with the chain of its certificate, the owner's first.
    struct KeyEntry: Sendable, Equatable {
        var alias: String
        var key: ProtectedKey
        var chain: [StoredCertificate]
    }

    /// A certificate that the store calls trusted.
    struct TrustedEntry: Sendable, Equatable {
        var alias: String
        var certificate: StoredCertificate
    }

    var keys: [KeyEntry] = []
    var trusted: [TrustedEntry] = []
    /// Certificates of a store that calls none trusted and holds no key.
    var unmarked: [StoredCertificate] = []
    var omissions: [StoreOmission] = []

    /// What is trusted: what the store says, and the owners' certificates of its keys, as in Java. Stores that OpenSSL makes
    /// cannot say it. Java takes them for empty; here all their certificates are trusted if they hold no key.
    var anchors: [StoredCertificate] {
        let marked = trusted.map(\.certificate) + keys.compactMap(\.chain.first)
        var anchors: [StoredCertificate] = []
        for certificate in marked.isEmpty ? unmarked : marked where !anchors.contains(certificate) {
            anchors.append(certificate)
        }
        return anchors
    }
}
