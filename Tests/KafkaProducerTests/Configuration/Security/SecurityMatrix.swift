// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import Testing
import Vectors

@testable import KafkaProducer

/// A set of security settings, and what a real Java producer makes of it.
struct SecurityMatrixEntry: Decodable, Sendable, CustomTestStringConvertible {
    var config: [String: String]
    var effective: [String: String]?
    var error: String?
    var message: String?
    var causes: [String]?

    var testDescription: String {
        config.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.prefix(80).replacing("\n", with: " "))" }.joined(
            separator: " "
        )
    }

    subscript(key: String) -> String { config[key] ?? "" }

    var isAccepted: Bool { error == nil }

    /// What Java says beside the outermost message.
    var reasons: String { (causes ?? []).joined(separator: "\n") }

    /// The settings as a file has them; `keystores/…` are the files of the vectors.
    var source: PropertySource {
        let entries = config.map { key, value in
            PropertySource.Entry(
                key: key,
                value: value.hasPrefix("keystores/") && key.hasSuffix(".location")
                    ? VectorFolder.sharedURL(of: value).path : value,
                line: 1
            )
        }
        return PropertySource(name: "client.properties", entries: entries)
    }

    static func all() throws -> [SecurityMatrixEntry] {
        try VectorFolder.loadShared("security_config_matrix.json", as: [SecurityMatrixEntry].self)
    }
}

/// Where this producer differs from the Java client on purpose, each with its reason.
enum SecurityDifference: String, CaseIterable {
    // Refused here only: Java fails when it connects, or trusts what should not be trusted.
    case unsafeVersions = "versions of TLS before 1.2, and unknown ones, are refused at the start"
    case unknownCipherSuites = "a list without a cipher suite that can be used is refused at the start"
    case unknownIdentification = "a host name is checked by https or not at all"
    case otherStores = "JCEKS is not read"
    case nothingTrusted = "a trust store without a certificate trusts nobody"
    case noCredentials = "a login without a name or a password is refused at the start"
    case otherMechanism = "a mechanism that is unknown is refused at the start"
    case foreignCertificate = "a key must be that of its certificate"
    case foreignModule = "a login module must carry the credentials of the mechanism"
    // Accepted here only: a JVM would be needed to refuse it, or Java cannot read it.
    case furtherKeys = "keys of forms, and under passwords, that Java cannot read"
    case namesOfJava = "providers, sources of random numbers and key managers of Java have no effect"
    case idleClass = "the class of a setting that is not used is not looked for"
    case allowedURLs = "URLs and files of tokens need not be allowed by a system property"
    case formerHandler = "a login handler by the name that it had in Kafka 3"

    /// Whether it explains why the two do not agree on a set of settings.
    func explains(_ entry: SecurityMatrixEntry, _ fault: ConfigurationError?) -> Bool {
        let name = entry["security.protocol"].trimmedAsJava.uppercased()
        let (usesTLS, usesSASL) = (name.hasSuffix("SSL"), name.hasPrefix("SASL"))
        let mechanism = SASLMechanismName(rawValue: (entry.config["sasl.mechanism"] ?? "GSSAPI").trimmedAsJava)
        let jaas = try? JAASConfiguration(parsing: entry["sasl.jaas.config"])
        let module = try? jaas?.loginModule()
        switch self {
        case .unsafeVersions:
            let names = ["", "TLS", "TLSv1.2", "TLSv1.3"]
            let enabled = entry["ssl.enabled.protocols"].split(separator: ",").map { String($0).trimmedAsJava }
            return entry.isAccepted && usesTLS
                && (!names.contains(entry["ssl.protocol"]) || !enabled.allSatisfy(names.dropFirst(2).contains))
        case .unknownCipherSuites: return entry.isAccepted && usesTLS && !entry["ssl.cipher.suites"].isEmpty
        case .unknownIdentification:
            let name = entry["ssl.endpoint.identification.algorithm"].trimmedAsJava.lowercased()
            return entry.isAccepted && usesTLS && !["", "https"].contains(name)
        case .otherStores: return entry.isAccepted && usesTLS && entry.config.values.contains("JCEKS")
        case .nothingTrusted:
            return entry.isAccepted && usesTLS
                && fault?.description.contains("has no certificate that could be trusted") == true
        case .noCredentials:
            let isEmpty = ["username", "password"].contains { jaas?.options[$0]?.isEmpty ?? true }
            return entry.isAccepted && usesSASL
                && (isEmpty && (module == .plain || module == .scram)
                    || module == .oauthBearer && jaas?.options.isEmpty == true)
        case .otherMechanism: return entry.isAccepted && usesSASL && mechanism == nil
        case .foreignCertificate:
            return entry.isAccepted && usesTLS && fault?.description.contains("its certificate must be for it") == true
        case .foreignModule:
            guard let module, let mechanism else { return false }
            return entry.isAccepted && usesSASL && !module.mechanisms.contains(mechanism)
        case .furtherKeys:
            return !entry.isAccepted && usesTLS
                && (entry.reasons.contains("PBES2") || entry["ssl.keystore.location"].contains("pkcs1")
                    || entry.reasons.contains("Not a SEQUENCE") || entry.reasons.contains("is not ASCII"))
        case .namesOfJava:
            let texts = ["provider", "KeyManagerFactory not available", "SecureRandom not available"]
            return !entry.isAccepted && usesTLS && texts.contains { entry.reasons.contains($0) }
        case .idleClass:
            return !entry.isAccepted && !usesSASL && entry.message?.contains("could not be found") == true
        case .allowedURLs: return !entry.isAccepted && usesSASL && entry.reasons.contains("DefaultJwtRetriever")
        case .formerHandler:
            return !entry.isAccepted && usesSASL
                && entry["sasl.login.callback.handler.class"].contains(".secured.OAuthBearerLoginCallbackHandler")
        }
    }
}
