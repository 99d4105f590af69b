// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Vectors

@testable import KafkaClient

/// What kafka-clients 4.3.0 accepts and refuses of `ssl.keystore.*`, `ssl.truststore.*` and `ssl.key.password`.
@Suite("Settings of stores")
struct StoreSettingsTests {
    struct Case: Decodable, CustomTestStringConvertible {
        var config: [String: String]
        var causes: [String]?
        var error: String?

        /// Values are shortened: some are whole certificates.
        var testDescription: String {
            config.filter { $0.key.hasPrefix("ssl.") }.sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value.prefix(40))" }.joined(separator: " ")
        }

        /// The value of a setting, without the white space around it.
        subscript(_ name: String) -> String? {
            config[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        func load() throws {
            var trust = TrustStoreSettings()
            trust.type = try StoreType(self["ssl.truststore.type"] ?? "JKS", setting: "ssl.truststore.type")
            trust.location = self["ssl.truststore.location"].map(KeyStoreVectors.path)
            trust.password = self["ssl.truststore.password"].map { StorePassword($0) }
            trust.certificates = self["ssl.truststore.certificates"].map { Secret($0) }
            _ = try trust.load()
            var store = KeyStoreSettings()
            store.type = try StoreType(self["ssl.keystore.type"] ?? "JKS", setting: "ssl.keystore.type")
            store.location = self["ssl.keystore.location"].map(KeyStoreVectors.path)
            store.password = self["ssl.keystore.password"].map { StorePassword($0) }
            store.keyPassword = self["ssl.key.password"].map { StorePassword($0) }
            store.key = self["ssl.keystore.key"].map { Secret($0) }
            store.certificateChain = self["ssl.keystore.certificate.chain"].map { Secret($0) }
            _ = try store.load()
        }

        static func all() throws -> [Case] {
            let names = [
                "ssl.keystore.", "ssl.truststore.", "ssl.key.password", "security.protocol", "bootstrap.servers",
            ]
            return try VectorFolder.loadShared("security_config_matrix.json", as: [Case].self).filter { entry in
                entry.config["security.protocol"] == "SSL"
                    && entry.config.keys.allSatisfy { key in names.contains { key.hasPrefix($0) } }
            }
        }
    }

    @Test("they are accepted and refused as Kafka does", arguments: try Case.all())
    func matrix(entry: Case) throws {
        let refusal: StoreRefusal?
        do {
            try entry.load()
            refusal = nil
        } catch {
            refusal = try #require(error as? StoreRefusal)
        }
        // Java has a reader for JCEKS, and none for keys that are encrypted in OpenSSL's way of today.
        let types = [entry["ssl.truststore.type"], entry["ssl.keystore.type"]]
        let isRefusedOnly = types.contains("JCEKS")
        let isReadOnly = entry.causes?.contains { $0.contains("PBES2 SecretKeyFactory not available") } ?? false
        let isFormOnly =
            (entry["ssl.keystore.location"] ?? "").contains("pkcs1") && entry["ssl.key.password"] == nil
            && entry["ssl.keystore.type"] == "PEM" && entry["ssl.keystore.password"] == nil
        #expect(
            (refusal == nil) == (entry.error == nil && !isRefusedOnly || isReadOnly || isFormOnly),
            "\(refusal?.description ?? "accepted")"
        )
        // Contradictions are told in Kafka's words.
        let told = entry.causes?.compactMap { $0.split(separator: ": ", maxSplits: 1).last }.filter {
            $0.contains("specified")
        }
        if let words = told?.last { #expect(refusal?.description == String(words)) }
    }

    @Test("the name of a type is one of three", arguments: ["pem", "Pem", "P12", "JCEKS", "BCFKS", ""])
    func types(name: String) {
        let refusal = #expect(throws: StoreRefusal.self) { try StoreType(name, setting: "ssl.truststore.type") }
        #expect(refusal?.description.hasPrefix("ssl.truststore.type=\(name) is not supported") == true)
    }

    @Test(
        "a file that cannot be read is refused with the system's reason",
        arguments: [
            ("missing.jks", "No such file or directory"), ("", "Is a directory"),
        ]
    )
    func unreadable(file: String, reason: String) {
        var settings = TrustStoreSettings()
        settings.location = KeyStoreVectors.store("trust.jks").replacing("trust.jks", with: file)
        let refusal = #expect(throws: StoreRefusal.self) { try settings.load() }
        #expect(refusal?.description.hasSuffix("of type JKS: \(reason)") == true)
    }
}
