// SPDX-License-Identifier: Apache-2.0
@testable import KafkaClient

/// Key and trust stores. A password is given only where hashing it is quick: a store may ask for millions of rounds.
enum FuzzedStore {
    private static let password = StorePassword("store-pass")

    static func jks(_ bytes: [UInt8]) {
        guard let contents = try? JavaKeyStore.contents(bytes, password: nil) else { return }
        _ = contents.anchors
        for entry in contents.keys {
            if case .java = entry.key { _ = try? entry.key.recover(password) }
        }
    }

    static func pkcs12(_ bytes: [UInt8]) {
        guard let contents = try? BinaryStore.contents(bytes, password: nil) else { return }
        _ = contents.anchors
    }

    static func pem(_ bytes: [UInt8]) {
        _ = try? PEMStore.certificates(bytes)
        _ = try? PEMStore.identity(key: bytes, chain: bytes, keyPassword: nil)
        guard let entries = try? PEMText(bytes).entries(.privateKey) else { return }
        for entry in entries {
            _ = try? StoredPrivateKey(anyForm: entry.bytes)
            _ = try? EncryptedPrivateKey(entry.bytes, allowing: .all)
        }
    }
}
