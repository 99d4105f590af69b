// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Stores beyond the vectors: passwords, names, and what a refusal says.
@Suite("Reading stores")
struct StoreReadingTests {
    private static let unicode = "Zoë \"§ \\ 键"

    private static func keyStore(_ path: String, _ password: String, type: StoreType = .pkcs12) -> KeyStoreSettings {
        var settings = KeyStoreSettings()
        settings.type = type
        settings.location = path
        settings.password = StorePassword(password)
        return settings
    }

    @Test(
        "passwords are any text, in stores of OpenSSL 3 and before",
        arguments: [
            ("unicode-password.p12", unicode), ("unicode-password-legacy.p12", unicode),
            ("empty-password-legacy.p12", ""),
            ("iterations-1.p12", "store-pass"), ("iterations-1-legacy.p12", "store-pass"),
        ]
    )
    func passwords(file: String, password: String) throws {
        let path = KeyStoreVectors.path("stores/\(file)")
        #expect(try Self.keyStore(path, password).load().identity?.chain.count == 1)
        #expect(throws: StoreRefusal.self) { try Self.keyStore(path, password + "x").load() }
    }

    @Test(
        "a key that cannot be recovered is named",
        arguments: [
            ("several.jks", StoreType.jks, "client"), ("several.p12", .pkcs12, "client"),
            ("client-keypass.jks", .jks, "client"),
        ]
    )
    func alias(file: String, type: StoreType, alias: String) {
        var settings = Self.keyStore(KeyStoreVectors.store(file), "store-pass", type: type)
        settings.keyPassword = StorePassword("wrong")
        let refusal = #expect(throws: StoreRefusal.self) { try settings.load() }
        let text = refusal?.description ?? ""
        #expect(
            text.contains(file) && text.contains("entry \"\(alias)") && text.contains("ssl.key.password"),
            "\(text)"
        )
    }

    @Test("what is passed over is told")
    func omissions() throws {
        let plain = Self.keyStore(KeyStoreVectors.store("client-openssl-plain.p12"), "store-pass")
        #expect(try plain.load().omissions == [.unprotectedKey])
        var trust = TrustStoreSettings()
        trust.location = KeyStoreVectors.store("trust.p12")
        #expect(try trust.load().omissions == [.encryptedCertificates])
    }

    @Test("an alias from a file cannot steer a terminal")
    func control() {
        #expect(StoreFault("r").of(alias: "a\u{1B}[2J\nb").reason == "entry \"a?[2J?b\": r")
    }

    @Test("no password and no key is shown by any print")
    func secrets() throws {
        let settings = Self.keyStore(KeyStoreVectors.store("client-ec.jks"), "store-pass", type: .jks)
        let identity = try #require(try settings.load().identity)
        var dumped = ""
        dump(settings, to: &dumped)
        dump(identity.key, to: &dumped)
        let shown = "\(settings) \(String(reflecting: settings)) \(identity.key) \(String(reflecting: identity.key))"
        for text in [dumped, shown] {
            #expect(text.contains("[hidden]"))
            #expect(!text.contains("store-pass"))
            #expect(!text.contains("48, 129"))
        }
    }
}
