// SPDX-License-Identifier: Apache-2.0
/// What is asked of encrypted connections: Kafka's `ssl.*`. It has an effect with `security.protocol` SSL and SASL_SSL.
///
///     configuration.securityProtocol = .ssl
///     configuration.tls.trustStore = .pemFile("/etc/kafka/ca.pem")
///     configuration.tls.keyStore = .file("/etc/kafka/client.p12", password: "changeit")
///
/// Without any of it, brokers are checked against the CAs of the system, by the name that was connected to.
public struct TLSConfiguration: Sendable, Hashable {
    /// The newest version to use: `TLSv1.2` or `TLSv1.3`. Kafka's `ssl.protocol`.
    public var newestProtocol = "TLSv1.3"
    /// The versions to offer, `TLSv1.2` and `TLSv1.3`; empty offers both. Kafka's `ssl.enabled.protocols`.
    public var enabledProtocols = ["TLSv1.2", "TLSv1.3"]
    /// The cipher suites to offer, by their IANA names; empty offers all that are safe. Kafka's `ssl.cipher.suites`.
    public var cipherSuites: [String] = []
    /// `https` has the broker's name looked for in its certificate, and an empty text does not.
    /// Kafka's `ssl.endpoint.identification.algorithm`.
    public var endpointIdentificationAlgorithm = "https"
    /// Whom to trust. Kafka's `ssl.truststore.*`.
    public var trustStore = TrustStoreConfiguration()
    /// What is shown to a broker that asks who the client is. Kafka's `ssl.keystore.*` and `ssl.key.password`.
    public var keyStore = KeyStoreConfiguration()
    /// `SunX509`, `NewSunX509` or `PKIX`, which all mean the first key here. Kafka's `ssl.keymanager.algorithm`.
    public var keyManagerAlgorithm = "SunX509"
    /// `PKIX` or `SunX509`, which both mean the same here. Kafka's `ssl.trustmanager.algorithm`.
    public var trustManagerAlgorithm = "PKIX"
    /// Nothing, or the name of Kafka's own Java class; another one is refused. Kafka's `ssl.engine.factory.class`.
    public var engineFactoryClass: String?

    /// The defaults.
    public init() {}

    /// Whether the broker's name must be in its certificate. Off, anyone with a certificate of a trusted CA can be the
    /// broker.
    public var verifiesHostname: Bool {
        get { !endpointIdentificationAlgorithm.isEmpty }
        set { endpointIdentificationAlgorithm = newValue ? "https" : "" }
    }
}
