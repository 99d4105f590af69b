// SPDX-License-Identifier: Apache-2.0
/// The settings of TLS, in the order in which the Java client checks them.
extension ProducerConfigKey {
    private static let java = Support.noEffect("Java classes cannot be loaded here")

    static let sslKeys: [ProducerConfigKey] = transportKeys + trustKeys

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let transportKeys: [ProducerConfigKey] = [
        .init(
            "ssl.protocol", .string, .value("TLSv1.3"), .medium,
            "The newest TLS version to use: TLSv1.2 or TLSv1.3.",
            sets: Setting(\.tls.newestProtocol, .text)
        ),
        .init(
            "ssl.provider", .string, .null, .medium,
            "The Java security provider for TLS.",
            support: java
        ),
        .init(
            "ssl.cipher.suites", .list, .value(""), .entries(allowsNone: true), .low,
            "The cipher suites to offer, by their IANA names; empty offers all that are safe.",
            sets: Setting(\.tls.cipherSuites, .texts)
        ),
        .init(
            "ssl.enabled.protocols", .list, .value("TLSv1.2,TLSv1.3"), .entries(allowsNone: true), .medium,
            "The TLS versions to offer.",
            sets: Setting(\.tls.enabledProtocols, .texts)
        ),
        .init(
            "ssl.keystore.type", .string, .value("JKS"), .medium,
            "The key store's format: JKS, PKCS12 or PEM.",
            sets: Setting(\.tls.keyStore.type, .text)
        ),
        .init(
            "ssl.keystore.location", .string, .null, .high,
            "The file with the client's key and certificates.",
            sets: Setting(\.tls.keyStore.location, .optionalText)
        ),
        .init(
            "ssl.keystore.password", .password, .null, .high,
            "The key store's password.",
            sets: Setting(\.tls.keyStore.password, .password)
        ),
        .init(
            "ssl.key.password", .password, .null, .high,
            "The password of the client's key.",
            sets: Setting(\.tls.keyStore.keyPassword, .password)
        ),
        .init(
            "ssl.keystore.key", .password, .null, .high,
            "The client's private key as PEM text.",
            sets: Setting(\.tls.keyStore.key, .password)
        ),
        .init(
            "ssl.keystore.certificate.chain", .password, .null, .high,
            "The client's certificates as PEM text.",
            sets: Setting(\.tls.keyStore.certificateChain, .password)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let trustKeys: [ProducerConfigKey] = [
        .init(
            "ssl.truststore.certificates", .password, .null, .high,
            "The trusted certificates as PEM text.",
            sets: Setting(\.tls.trustStore.certificates, .password)
        ),
        .init(
            "ssl.truststore.type", .string, .value("JKS"), .medium,
            "The trust store's format: JKS, PKCS12 or PEM.",
            sets: Setting(\.tls.trustStore.type, .text)
        ),
        .init(
            "ssl.truststore.location", .string, .null, .high,
            "The file with trusted certificates.",
            sets: Setting(\.tls.trustStore.location, .optionalText)
        ),
        .init(
            "ssl.truststore.password", .password, .null, .high,
            "The trust store's password.",
            sets: Setting(\.tls.trustStore.password, .password)
        ),
        .init(
            "ssl.keymanager.algorithm", .string, .value("SunX509"), .low,
            "The Java key manager's algorithm.",
            sets: Setting(\.tls.keyManagerAlgorithm, .text)
        ),
        .init(
            "ssl.trustmanager.algorithm", .string, .value("PKIX"), .low,
            "The Java trust manager's algorithm.",
            sets: Setting(\.tls.trustManagerAlgorithm, .text)
        ),
        .init(
            "ssl.endpoint.identification.algorithm", .string, .value("https"), .low,
            "Whether the broker's name must be in its certificate; empty switches it off.",
            sets: Setting(\.tls.endpointIdentificationAlgorithm, .text)
        ),
        .init(
            "ssl.secure.random.implementation", .string, .null, .low,
            "The Java source of random numbers.",
            support: java
        ),
        .init(
            "ssl.engine.factory.class", .className, .null, .low,
            "A Java class that makes TLS engines.",
            sets: Setting(\.tls.engineFactoryClass, .optionalText)
        ),
    ]
}
