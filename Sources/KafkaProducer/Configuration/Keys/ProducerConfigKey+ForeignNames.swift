// SPDX-License-Identifier: Apache-2.0

extension ProducerConfigKey {
    /// What librdkafka, other clients and former versions call the setting, where they have a name of their own.
    package var foreignNames: [String] {
        KeySuggestion.foreignNames(of: name) + (Self.namesOfSecurity[name] ?? [])
    }

    private static let namesOfSecurity: [String: [String]] = [
        "sasl.mechanism": ["sasl.mechanisms"],
        "sasl.jaas.config": ["sasl.password", "sasl.username"],
        "ssl.truststore.location": ["ssl.ca.location"],
        "ssl.truststore.certificates": ["ssl.ca.pem"],
        "ssl.keystore.location": ["ssl.certificate.location", "ssl.key.location"],
        "ssl.keystore.certificate.chain": ["ssl.certificate.pem"],
        "ssl.keystore.key": ["ssl.key.pem"],
        "sasl.oauthbearer.client.credentials.client.id": ["sasl.oauthbearer.client.id"],
        "sasl.oauthbearer.client.credentials.client.secret": ["sasl.oauthbearer.client.secret"],
    ]
}
