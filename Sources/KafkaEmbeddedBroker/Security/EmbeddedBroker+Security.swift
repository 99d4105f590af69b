// SPDX-License-Identifier: Apache-2.0

extension EmbeddedBroker {
    /// What a broker asks of its clients. Without TLS and mechanisms the listener is PLAINTEXT; TLS makes it SSL,
    /// mechanisms make it SASL_PLAINTEXT, and both SASL_SSL.
    ///
    ///     configuration.security.tls = .init(certificate: .file("server.pem"), key: .file("server.key"))
    ///     configuration.security.mechanisms = [.scramSHA512]
    ///     configuration.security.users = ["alice": "her password"]
    public struct Security: Sendable, Hashable {
        /// The broker's certificate and what it asks of its clients' ones; nil for no TLS.
        public var tls: TLS?
        /// The mechanisms with which clients may log in; none for no login.
        public var mechanisms: [SASLMechanism] = []
        /// The passwords of the users, by their names, for all mechanisms but OAUTHBEARER, which knows no users.
        public var users: [String: String] = [:]
        /// How long a login holds, after which the client must log in again on its connection; nil for ever. A token that
        /// expires earlier ends it earlier. Kafka's `connections.max.reauth.ms`.
        public var sessionLifetime: Duration?

        /// Who may do what. With none everybody may do everything, with any of them nothing else is allowed.
        public var permissions: [Permission] = []

        /// Neither TLS nor a login.
        public init() {}

        /// Kafka's name of the protocol that clients set, such as `SASL_SSL`.
        public var securityProtocol: String {
            switch (tls != nil, !mechanisms.isEmpty) {
            case (false, false): "PLAINTEXT"
            case (true, false): "SSL"
            case (false, true): "SASL_PLAINTEXT"
            case (true, true): "SASL_SSL"
            }
        }

        /// What is wrong with the settings, or nil.
        var objection: String? {
            if Set(mechanisms).count != mechanisms.count { return "a SASL mechanism is named twice" }
            if mechanisms.contains(where: { $0 != .oauthBearer }) {
                if users.isEmpty { return "the SASL mechanisms need a user" }
            } else if !users.isEmpty {
                return "there are users, and no SASL mechanism for them"
            }
            for (name, password) in users where name.isEmpty || password.isEmpty {
                return "the \(name.isEmpty ? "name" : "password") of a user is empty"
            }
            if let sessionLifetime, !(1...Int64(Int32.max)).contains(sessionLifetime.milliseconds) {
                return "the lifetime of a login must be 1 to 2147483647 ms"
            }
            if sessionLifetime != nil, mechanisms.isEmpty { return "without a SASL mechanism no login has a lifetime" }
            return nil
        }
    }

    /// A way in which a client proves who it is.
    @nonexhaustive
    public enum SASLMechanism: String, Sendable, Hashable, CaseIterable {
        /// Name and password as they are.
        case plain = "PLAIN"
        /// A proof of the password, by SHA-256.
        case scramSHA256 = "SCRAM-SHA-256"
        /// A proof of the password, by SHA-512.
        case scramSHA512 = "SCRAM-SHA-512"
        /// A token of a third party. Only unsecured ones are known (`alg` is `none`), as to a Kafka broker that is set
        /// up no further: everybody can make them.
        case oauthBearer = "OAUTHBEARER"
    }
}

extension EmbeddedBroker.Security: CustomStringConvertible, CustomReflectable {
    /// What is set, without passwords.
    public var description: String {
        let mechanisms = mechanisms.map(\.rawValue).joined(separator: ",")
        return "\(securityProtocol)(mechanisms: [\(mechanisms)], users: \(users.count), passwords: [hidden])"
    }

    /// Shows no password.
    public var customMirror: Mirror { Mirror(self, children: ["security": description]) }
}
