// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import KafkaClient

/// Every store of the vectors in every way that Java and Kafka were tried with.
@Suite("Key and trust stores as Kafka reads them")
struct KeyStoreVectorTests {
    typealias Trial = KeyStoreVectors.Trial

    @Test(
        "a key store gives the key and the chain that Java finds",
        arguments: try KeyStoreVectors.trials(as: "keystore")
    )
    func keyStore(trial: Trial) throws {
        let settings = try trial.keyStore
        guard trial.attempt.kafka.ok || trial.isReadFurtherThanByJava else {
            let refusal = #expect(throws: StoreRefusal.self) { try settings.load() }
            return expect(refusal, trial)
        }
        let identity = try settings.load().identity
        let keys = trial.file.entries?.filter { $0.kind == "key" }
        guard let keys else {
            // Java reads nothing of these: the key must be the one of the certificate.
            return try expectPair(#require(identity))
        }
        guard !keys.isEmpty else { return #expect(identity == nil) }
        let found = try #require(identity)
        #expect(found.otherAliases.count == keys.count - 1)
        let entry = try #require(keys.first { $0.alias == found.alias ?? "kafka" })
        #expect(found.chain.map { Self.hash($0.der) } == entry.certificates)
        if !trial.file.file.contains("mismatch") { try expectPair(found) }
    }

    @Test("a trust store gives as many CAs as Java finds", arguments: try KeyStoreVectors.trials(as: "truststore"))
    func trustStore(trial: Trial) throws {
        let settings = try trial.trustStore
        guard trial.attempt.kafka.ok else {
            let refusal = #expect(throws: StoreRefusal.self) { try settings.load() }
            return expect(refusal, trial)
        }
        let anchors = try #require(try settings.load().anchors)
        // Java takes a store of OpenSSL's for empty. Its owner meant it to be trusted.
        let isUnmarked = trial.file.file == "trust-openssl.p12" && trial.attempt.storePassword != nil
        #expect(anchors.count == (isUnmarked ? 1 : trial.attempt.kafka.trusts))
        let known = trial.file.entries?.flatMap(\.certificates) ?? []
        if !isUnmarked { #expect(anchors.allSatisfy { known.contains(Self.hash($0.der)) }) }
    }

    /// A refusal names the file, or is Kafka's word on settings that do not go together; it shows no password.
    private func expect(_ refusal: StoreRefusal?, _ trial: Trial) {
        let text = refusal?.description ?? ""
        #expect(text == trial.attempt.kafka.message || text.contains(KeyStoreVectors.store(trial.file.file)))
        // "store" and "x" are words of the sentences themselves.
        for password in [trial.attempt.storePassword, trial.attempt.keyPassword].compactMap(\.self)
        where !["store", "x"].contains(password) {
            #expect(!text.contains(password), "\(text)")
        }
    }

    /// The key and the chain's first certificate belong together.
    private func expectPair(_ identity: ClientIdentity) throws {
        let leaf = Data(try #require(identity.chain.first).der)
        let key = Data(identity.key.pkcs8.bytes)
        let publicKey =
            if let key = try? P256.Signing.PrivateKey(derRepresentation: key) {
                key.publicKey.derRepresentation
            } else if let key = try? P384.Signing.PrivateKey(derRepresentation: key) {
                key.publicKey.derRepresentation
            } else if let key = try? P521.Signing.PrivateKey(derRepresentation: key) {
                key.publicKey.derRepresentation
            } else {
                try _RSA.Signing.PrivateKey(derRepresentation: key).publicKey.derRepresentation
            }
        #expect(leaf.range(of: publicKey) != nil)
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }
}
