// SPDX-License-Identifier: Apache-2.0

/// The settings of TLS, in the order in which the Java client checks them.
extension ProducerConfigKey {
    private static let tls = Support.later("TLS")

    // A table: a few lines a setting.
    // swift-format-ignore
    static let sslKeys: [ProducerConfigKey] = [
        .init("ssl.protocol", .string, .value("TLSv1.3"), .medium, "The newest TLS version to use.", support: tls),
        .init("ssl.provider", .string, .null, .medium, "The Java security provider for TLS.", support: tls),
        .init(
            "ssl.cipher.suites", .list, .value(""), .entries(allowsNone: true), .low,
            "The cipher suites to offer; empty offers all.", support: tls
        ),
        .init(
            "ssl.enabled.protocols", .list, .value("TLSv1.2,TLSv1.3"), .entries(allowsNone: false), .medium,
            "The TLS versions to offer.", support: tls
        ),
        .init(
            "ssl.keystore.type", .string, .value("JKS"), .medium, "The key store's format: JKS, PKCS12 or PEM.",
            support: tls
        ),
        .init("ssl.keystore.location", .string, .null, .high, "The file with the client's key.", support: tls),
        .init("ssl.keystore.password", .password, .null, .high, "The key store's password.", support: tls),
        .init("ssl.key.password", .password, .null, .high, "The password of the client's key.", support: tls),
        .init("ssl.keystore.key", .password, .null, .high, "The client's private key as PEM text.", support: tls),
        .init(
            "ssl.keystore.certificate.chain", .password, .null, .high, "The client's certificates as PEM text.",
            support: tls
        ),
        .init(
            "ssl.truststore.certificates", .password, .null, .high, "The trusted certificates as PEM text.",
            support: tls
        ),
        .init(
            "ssl.truststore.type", .string, .value("JKS"), .medium, "The trust store's format: JKS, PKCS12 or PEM.",
            support: tls
        ),
        .init("ssl.truststore.location", .string, .null, .high, "The file with trusted certificates.", support: tls),
        .init("ssl.truststore.password", .password, .null, .high, "The trust store's password.", support: tls),
        .init(
            "ssl.keymanager.algorithm", .string, .value("SunX509"), .low, "The Java key manager's algorithm.",
            support: tls
        ),
        .init(
            "ssl.trustmanager.algorithm", .string, .value("PKIX"), .low, "The Java trust manager's algorithm.",
            support: tls
        ),
        .init(
            "ssl.endpoint.identification.algorithm", .string, .value("https"), .low,
            "Whether the broker's name must be in its certificate; empty switches it off.", support: tls
        ),
        .init(
            "ssl.secure.random.implementation", .string, .null, .low, "The Java source of random numbers.",
            support: tls
        ),
        .init(
            "ssl.engine.factory.class", .className, .null, .low, "A Java class that makes TLS engines.", support: tls
        ),
    ]
}
