// SPDX-License-Identifier: Apache-2.0
import Crypto
import Platform
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A CA for trials and tests, which signs certificates of brokers and clients. Its keys are on the curve P-256.
public struct CertificateAuthority: Sendable {
    /// A certificate with its key, both in PEM form; the key is PKCS#8 and not encrypted.
    public struct Identity: Sendable, CustomStringConvertible, CustomReflectable {
        /// The certificate.
        public let certificate: String
        /// Its private key.
        public let key: String

        /// Both end with a newline, so that one file may have both, as `cat` joins them.
        init(certificate: String, key: String) {
            self.certificate = Self.closed(certificate)
            self.key = Self.closed(key)
        }

        private static func closed(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }

        /// Shows no key.
        public var description: String { "Identity(key: [hidden])" }
        /// Shows no key.
        public var customMirror: Mirror { Mirror(self, children: ["identity": description]) }
    }

    /// The CA's own certificate and key.
    public let identity: Identity

    private let certificate: Certificate
    private let key: Certificate.PrivateKey

    /// For about twenty years; from yesterday on, since clocks differ.
    public static let usualDays = -1..<7300

    /// Makes a CA.
    ///
    /// - Parameters:
    ///   - name: The common name of its certificate.
    ///   - days: From when to when its certificate is valid, in days from now.
    /// - Throws: When the library cannot make it.
    public init(
        name: String = "kafka-producer development CA",
        days: Range<Int> = Self.usualDays
    ) throws(EmbeddedBrokerError) {
        do {
            let key = P256.Signing.PrivateKey()
            let signer = Certificate.PrivateKey(key)
            let subject = try DistinguishedName { CommonName(name) }
            let certificate = try Self.certificate(
                of: signer.publicKey,
                subject,
                days: days,
                issuer: (subject, signer),
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: signer.publicKey)
                }
            )
            identity = Identity(
                certificate: try certificate.serializeAsPEM().pemString,
                key: key.pemRepresentation
            )
            self.certificate = certificate
            self.key = signer
        } catch {
            throw Self.failure(error)
        }
    }

    /// The CA that an earlier one was, by its certificate and key in PEM form.
    ///
    /// - Parameters:
    ///   - certificate: The certificate.
    ///   - key: Its key.
    /// - Throws: When they cannot be read.
    public init(certificate: String, key: String) throws(EmbeddedBrokerError) {
        do {
            self.certificate = try Certificate(pemEncoded: certificate)
            self.key = Certificate.PrivateKey(try P256.Signing.PrivateKey(pemRepresentation: key))
            identity = Identity(certificate: certificate, key: key)
        } catch {
            throw EmbeddedBrokerError(.invalidConfiguration, "the CA's certificate or key cannot be read")
        }
    }

    /// Signs a certificate for a broker.
    ///
    /// - Parameters:
    ///   - hosts: The names and numbers of the machine; the first one is also the common name.
    ///   - days: From when to when it is valid, in days from now.
    /// - Throws: When the library cannot make it.
    /// - Returns: The certificate and its key.
    public func server(
        hosts: [String],
        days: Range<Int> = Self.usualDays
    ) throws(EmbeddedBrokerError) -> Identity {
        let names = hosts.map { host -> GeneralName in
            Self.address(host).map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) } ?? .dnsName(host)
        }
        return try issue(hosts.first ?? "localhost", .serverAuth, names: names, days: days)
    }

    /// Signs a certificate for a client, whose principal is `User:CN=` and its name.
    ///
    /// - Parameters:
    ///   - name: The common name.
    ///   - days: From when to when it is valid, in days from now.
    /// - Throws: When the library cannot make it.
    /// - Returns: The certificate and its key.
    public func client(
        name: String,
        days: Range<Int> = Self.usualDays
    ) throws(EmbeddedBrokerError) -> Identity {
        try issue(name, .clientAuth, names: [], days: days)
    }

    private func issue(
        _ name: String,
        _ usage: ExtendedKeyUsage.Usage,
        names: [GeneralName],
        days: Range<Int>
    ) throws(EmbeddedBrokerError) -> Identity {
        do {
            let key = P256.Signing.PrivateKey()
            let publicKey = Certificate.PrivateKey(key).publicKey
            let issued = try Self.certificate(
                of: publicKey,
                DistinguishedName { CommonName(name) },
                days: days,
                issuer: (certificate.subject, self.key),
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([usage])
                    SubjectKeyIdentifier(hash: publicKey)
                    AuthorityKeyIdentifier(
                        keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier
                    )
                    if !names.isEmpty { SubjectAlternativeNames(names) }
                }
            )
            return Identity(certificate: try issued.serializeAsPEM().pemString, key: key.pemRepresentation)
        } catch {
            throw Self.failure(error)
        }
    }

    private static func certificate(
        of key: Certificate.PublicKey,
        _ subject: DistinguishedName,
        days: Range<Int>,
        issuer: (name: DistinguishedName, key: Certificate.PrivateKey),
        extensions: Certificate.Extensions
    ) throws -> Certificate {
        let day: TimeInterval = 24 * 60 * 60
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key,
            notValidBefore: Date(timeIntervalSinceNow: TimeInterval(days.lowerBound) * day),
            notValidAfter: Date(timeIntervalSinceNow: TimeInterval(days.upperBound) * day),
            issuer: issuer.name,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions,
            issuerPrivateKey: issuer.key
        )
    }

    /// The bytes of an IP address; nil for a name.
    static func address(_ host: String) -> [UInt8]? {
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: size)
            if unsafe inet_pton(family, host, &bytes) == 1 { return bytes }
        }
        return nil
    }

    private static func failure(_ error: any Error) -> EmbeddedBrokerError {
        EmbeddedBrokerError(.invalidConfiguration, "a certificate cannot be made: \(error)")
    }
}
