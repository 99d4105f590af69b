// SPDX-License-Identifier: Apache-2.0

extension EmbeddedBroker {
    /// How a broker speaks TLS, in version 1.2 or 1.3.
    public struct TLS: Sendable, Hashable {
        /// Certificates or a key in PEM form.
        @nonexhaustive
        public enum PEM: Sendable, Hashable {
            /// The text itself.
            case text(String)
            /// The file that holds it.
            case file(String)
        }

        /// Whether clients must show a certificate.
        @nonexhaustive
        public enum ClientAuthentication: String, Sendable, Hashable, CaseIterable {
            /// A client without one is refused. Kafka's `ssl.client.auth=required`.
            case required
            /// A client may have none; one that it shows must be signed by the CA. Kafka's `ssl.client.auth=requested`.
            case requested
        }

        /// The broker's certificate, followed by those that lead to its CA.
        public var certificate: PEM
        /// The certificate's private key: PKCS#8, PKCS#1 or SEC1, encrypted or not.
        public var key: PEM
        /// The password of an encrypted key.
        public var keyPassword: String?
        /// The CAs that sign clients' certificates; nil asks clients for none.
        public var clientCA: PEM?
        /// Whether clients must show a certificate, where there is a CA for them.
        public var clientAuthentication = ClientAuthentication.required

        /// TLS with this certificate, which asks clients for none.
        public init(certificate: PEM, key: PEM, keyPassword: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.keyPassword = keyPassword
        }
    }
}

extension EmbeddedBroker.TLS: CustomStringConvertible, CustomReflectable {
    /// What is set, without key and password.
    public var description: String {
        "TLS(clients' certificates: \(clientCA == nil ? "not asked for" : clientAuthentication.rawValue), key: [hidden])"
    }

    /// Shows neither key nor password.
    public var customMirror: Mirror { Mirror(self, children: ["tls": description]) }
}
