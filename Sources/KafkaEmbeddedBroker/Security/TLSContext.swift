// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL

extension EmbeddedBroker.TLS {
    /// What all connections of a listener share. Files are read here, so it blocks.
    func makeContext() throws(EmbeddedBrokerError) -> NIOSSLContext {
        let chain = try certificates(certificate, "certificate")
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try privateKey())
        )
        configuration.minimumTLSVersion = .tlsv12
        // A client that has gone is not waited for long.
        configuration.shutdownTimeout = .milliseconds(500)
        if let clientCA {
            configuration.trustRoots = .certificates(try certificates(clientCA, "CA of the clients"))
            configuration.certificateVerification =
                switch clientAuthentication {
                case .required: .noHostnameVerification
                case .requested: .optionalVerification
                }
            configuration.sendCANameList = true
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw EmbeddedBrokerError(
                .invalidConfiguration,
                "the TLS certificate\(certificate.place) and the key\(key.place) do not belong together"
            )
        }
    }

    private func certificates(_ pem: PEM, _ what: String) throws(EmbeddedBrokerError) -> [NIOSSLCertificate] {
        let found: [NIOSSLCertificate]
        do {
            found =
                switch pem {
                case .text(let text): try NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
                case .file(let path): try NIOSSLCertificate.fromPEMFile(path)
                }
        } catch {
            throw unreadable(pem, what, error)
        }
        guard !found.isEmpty else {
            throw EmbeddedBrokerError(.invalidConfiguration, "the TLS \(what)\(pem.place) has no certificate")
        }
        return found
    }

    private func privateKey() throws(EmbeddedBrokerError) -> NIOSSLPrivateKey {
        do {
            // Without a password the callback says so, since BoringSSL would fail without a reason.
            let passphrase: NIOSSLPassphraseCallback<[UInt8]> = { [keyPassword] set in
                set(Array((keyPassword ?? "").utf8))
            }
            return switch key {
            case .text(let text):
                try NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem, passphraseCallback: passphrase)
            case .file(let path):
                try NIOSSLPrivateKey(file: path, format: .pem, passphraseCallback: passphrase)
            }
        } catch {
            throw unreadable(key, "key", error)
        }
    }

    private func unreadable(_ pem: PEM, _ what: String, _ error: any Error) -> EmbeddedBrokerError {
        let reason =
            error is IOError
            ? ListeningFailure.words(for: error) : "it is no PEM, or its password is another one"
        return EmbeddedBrokerError(.invalidConfiguration, "cannot read the TLS \(what)\(pem.place): \(reason)")
    }
}

extension EmbeddedBroker.TLS.PEM {
    /// Where it is, for errors.
    fileprivate var place: String {
        switch self {
        case .text: ""
        case .file(let path): " \(path)"
        }
    }
}
