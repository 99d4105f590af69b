// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL

/// All that TLS connections of a client have in common: the client's identity, whom it trusts, versions and cipher suites.
///
/// Making one reads files and takes milliseconds: it is made once, before the client begins, and not on an event loop.
package struct TLSContext: Sendable {
    /// How long the other side may take to say goodbye. Nothing depends on it: whatever was asked has been answered.
    private static let shutdownTimeout = TimeAmount.milliseconds(200)

    /// What to tell the user at the start: what the stores hold that is passed over, and what is not checked.
    package let notes: [String]
    /// Where the trusted certificates are from, such as the path of the store.
    package var trustOrigin: String { verifier.anchors.origin }
    /// The name in the client's certificate; nil when the client has none.
    let clientName: String?
    /// The versions that are offered.
    let versions: ClosedRange<TLSVersion>
    let verifier: ChainVerifier
    let shared: NIOSSLContext

    /// Reads the stores.
    ///
    /// - Parameters:
    ///   - settings: The settings.
    ///   - peer: Who is connected to, for what is said of its certificate.
    /// - Throws: For stores and settings that cannot be used.
    package init(_ settings: TLSSettings, to peer: TLSPeer = .broker) throws(SecurityRefusal) {
        let anchors = try TrustAnchors(settings.trust)
        let suites = try CipherSuites(settings.cipherSuites, versions: settings.versions)
        let loaded = try Self.identity(settings.identity)
        verifier = ChainVerifier(anchors: anchors, verifiesHostname: settings.verifiesHostname, peer: peer)
        versions = suites.versions
        clientName = loaded.identity.flatMap { $0.chain.first }.flatMap { CertificateName(der: $0.der)?.subject }
        notes = anchors.notes + loaded.notes + suites.notes
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = suites.versions.lowerBound.value
            configuration.maximumTLSVersion = suites.versions.upperBound.value
            if let names = suites.names { configuration.cipherSuites = names.joined(separator: ":") }
            // The chain is verified by `ChainVerifier`, which also compares the name.
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates([])
            configuration.shutdownTimeout = Self.shutdownTimeout
            if let identity = loaded.identity {
                configuration.certificateChain = try identity.chain.map {
                    .certificate(try NIOSSLCertificate(bytes: $0.der, format: .der))
                }
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(bytes: identity.key.pkcs8.bytes, format: .der)
                )
            }
            shared = try NIOSSLContext(configuration: configuration)
        } catch {
            let place = settings.identity.location ?? "ssl.keystore.key"
            throw SecurityRefusal(
                key: settings.identity.mainKey,
                "the client's key in \(place) cannot be used: it must be an RSA or elliptic curve key, and its "
                    + "certificate must be for it"
            )
        }
    }

    private static func identity(
        _ settings: KeyStoreSettings
    ) throws(SecurityRefusal) -> (identity: ClientIdentity?, notes: [String]) {
        let loaded: (identity: ClientIdentity?, omissions: [StoreOmission])
        do throws(StoreRefusal) {
            loaded = try settings.load()
        } catch {
            throw SecurityRefusal(key: settings.mainKey, error.description)
        }
        let place = settings.location ?? "ssl.keystore.key"
        var notes = loaded.omissions.map { "\(place): passed over: \($0)" }
        if settings.location != nil, loaded.identity == nil {
            notes.append("\(place) has no private key: a broker that asks for a client certificate gets none")
        }
        if let identity = loaded.identity, let alias = identity.alias, !identity.otherAliases.isEmpty {
            notes.append(
                "\(place) has several keys: \(alias) is used, \(identity.otherAliases.joined(separator: ", ")) not"
            )
        }
        return (loaded.identity, notes)
    }
}

extension CipherSuites {
    /// What to tell the user.
    var notes: [String] {
        unknown.isEmpty
            ? []
            : [
                "ssl.cipher.suites: not to be had here: \(unknown.map { ForeignText.shown($0) }.joined(separator: ", "))"
            ]
    }
}

extension TLSVersion {
    /// The same for BoringSSL.
    var value: NIOSSL.TLSVersion {
        switch self {
        case .tls12: .tlsv12
        case .tls13: .tlsv13
        }
    }
}
