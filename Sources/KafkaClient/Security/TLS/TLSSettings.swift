// SPDX-License-Identifier: Apache-2.0

/// What is asked of TLS connections. Kafka's `ssl.*`.
package struct TLSSettings: Sendable {
    /// The versions that may be used. Kafka's `ssl.enabled.protocols`, and `ssl.protocol` as the newest.
    package var versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    /// The cipher suites that may be used, by their IANA names; empty for all that are safe. Kafka's `ssl.cipher.suites`.
    package var cipherSuites: [String] = []
    /// Whom to trust. Kafka's `ssl.truststore.*`. Default: the system's CAs.
    package var trust: TrustStoreSettings
    /// What the client shows to a broker that asks who it is. Kafka's `ssl.keystore.*`. Default: nothing.
    package var identity: KeyStoreSettings
    /// Whether the broker's name must be in its certificate. Kafka's `ssl.endpoint.identification.algorithm`.
    package var verifiesHostname = true

    /// The defaults.
    package init(trust: TrustStoreSettings = TrustStoreSettings(), identity: KeyStoreSettings = KeyStoreSettings()) {
        self.trust = trust
        self.identity = identity
    }
}
