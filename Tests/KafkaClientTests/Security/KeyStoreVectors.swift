// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Vectors

@testable import KafkaClient

/// What Java 17 and kafka-clients 4.3.0 make of key and trust stores of every kind.
struct KeyStoreVectors: Decodable {
    struct Entry: Decodable {
        var alias: String
        var kind: String
        /// SHA-256 of each certificate of the chain.
        var certificates: [String]
    }

    struct Result: Decodable {
        var ok: Bool
        var message: String?
        /// How many certificates are trusted.
        var trusts: Int?
    }

    /// A way to open a store, and what comes of it.
    struct Attempt: Decodable {
        var `as`: String
        var type: String
        var storePassword: String?
        var keyPassword: String?
        var kafka: Result
    }

    struct File: Decodable {
        var file: String
        var type: String
        var storePassword: String?
        var keyPassword: String?
        var entries: [Entry]?
        var attempts: [Attempt]
    }

    /// One attempt at one file.
    struct Trial: CustomTestStringConvertible {
        var file: File
        var attempt: Attempt

        var testDescription: String {
            let passwords = "\(attempt.storePassword ?? "none"), \(attempt.keyPassword ?? "none")"
            return "\(file.file) as \(attempt.as) of type \(attempt.type), passwords \(passwords)"
        }

        /// Whether Java refuses the key only because it cannot read its form, and it is read here all the same.
        var isReadFurtherThanByJava: Bool {
            let forms = ["pbes2", "scrypt", "pkcs1", "sec1."]
            return attempt.as == "keystore" && attempt.type == "PEM" && file.type == "PEM" && !attempt.kafka.ok
                && forms.contains { file.file.contains($0) } && attempt.keyPassword == file.keyPassword
                && attempt.storePassword == nil
        }
    }

    var files: [File]

    static func path(_ file: String) -> String {
        (file.hasPrefix("stores/") ? VectorFolder.url(of: file, in: .module) : VectorFolder.sharedURL(of: file)).path
    }

    /// A file among the stores.
    static func store(_ file: String) -> String { path("keystores/\(file)") }

    static func trials(as role: String) throws -> [Trial] {
        try VectorFolder.loadShared("keystores/keystores.json", as: Self.self).files.flatMap { file in
            file.attempts.filter { $0.as == role }.map { Trial(file: file, attempt: $0) }
        }
    }
}

extension KeyStoreVectors.Trial {
    var keyStore: KeyStoreSettings {
        get throws {
            var settings = KeyStoreSettings()
            settings.type = try StoreType(attempt.type, setting: "ssl.keystore.type")
            settings.location = KeyStoreVectors.store(file.file)
            settings.password = attempt.storePassword.map { StorePassword($0) }
            settings.keyPassword = attempt.keyPassword.map { StorePassword($0) }
            return settings
        }
    }

    var trustStore: TrustStoreSettings {
        get throws {
            var settings = TrustStoreSettings()
            settings.type = try StoreType(attempt.type, setting: "ssl.truststore.type")
            settings.location = KeyStoreVectors.store(file.file)
            settings.password = attempt.storePassword.map { StorePassword($0) }
            return settings
        }
    }
}
