// SPDX-License-Identifier: Apache-2.0

/// The transport to brokers and whether one logs in: Kafka's `security.protocol`.
public enum SecurityProtocol: String, Sendable, Hashable, CaseIterable {
    /// Unencrypted, without a login.
    case plaintext = "PLAINTEXT"
    /// TLS.
    case ssl = "SSL"
    /// Unencrypted, with a SASL login.
    case saslPlaintext = "SASL_PLAINTEXT"
    /// TLS with a SASL login.
    case saslSSL = "SASL_SSL"

    /// Whether connections are encrypted.
    public var usesTLS: Bool { self == .ssl || self == .saslSSL }
    /// Whether connections log in by SASL.
    public var usesSASL: Bool { self == .saslPlaintext || self == .saslSSL }
}
