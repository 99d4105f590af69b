// SPDX-License-Identifier: Apache-2.0
/// What librdkafka and its clients call the settings of TLS and of logins, and what to write in their place.
enum SecurityNames {
    static let known: [String: String] = [
        "sasl.mechanisms": "write sasl.mechanism=…",
        "sasl.username": login, "sasl.password": login,
        "ssl.ca.location": "write ssl.truststore.type=PEM and ssl.truststore.location=…",
        "ssl.ca.pem": "write ssl.truststore.type=PEM and ssl.truststore.certificates=…",
        "ssl.certificate.location": keyFile, "ssl.key.location": keyFile,
        "ssl.certificate.pem": "write ssl.keystore.type=PEM and ssl.keystore.certificate.chain=…",
        "ssl.key.pem": "write ssl.keystore.type=PEM and ssl.keystore.key=…",
        "ssl.ca.certificate.stores": "the system's CAs are trusted unless ssl.truststore.location is set",
        "ssl.crl.location": "lists of revoked certificates are not read: leave it out",
        "ssl.curves.list": "the curves cannot be chosen: leave it out",
        "ssl.sigalgs.list": "the signature algorithms cannot be chosen: leave it out",
        "enable.ssl.certificate.verification":
            "certificates are always verified: trust the broker's with ssl.truststore.certificates, and leave this out; for "
            + "its name see ssl.endpoint.identification.algorithm",
        "sasl.kerberos.principal": kerberos, "sasl.kerberos.keytab": kerberos,
        "sasl.oauthbearer.method": "write sasl.login.callback.handler.class=\(handler) for method oidc",
        "sasl.oauthbearer.client.id": "write sasl.oauthbearer.client.credentials.client.id=…",
        "sasl.oauthbearer.client.secret": "write sasl.oauthbearer.client.credentials.client.secret=…",
        "sasl.oauthbearer.extensions": "write sasl.jaas.config=\(oauth) required extension_NAME=\"…\";",
        "sasl.oauthbearer.config": "write sasl.jaas.config=\(oauth) required unsecuredLoginStringClaim_sub=\"…\";",
        "enable.sasl.oauthbearer.unsecure.jwt":
            "write sasl.jaas.config=\(oauth) required unsecuredLoginStringClaim_sub=\"…\";",
    ]

    private static let package = "org.apache.kafka.common.security"
    private static let oauth = "\(package).oauthbearer.OAuthBearerLoginModule"
    private static let handler = "\(package).oauthbearer.OAuthBearerLoginCallbackHandler"
    private static let login =
        "write sasl.jaas.config=\(package).plain.PlainLoginModule required username=\"…\" password=\"…\"; for PLAIN, and "
        + "with \(package).scram.ScramLoginModule for SCRAM"
    private static let keyFile =
        "write ssl.keystore.type=PEM and ssl.keystore.location=…, one file with the key and its certificates behind each other"
    private static let kerberos =
        "write sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab=\"…\" "
        + "principal=\"…\";"
}
