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
            ("mac-sha224.p12", "store-pass"), ("mac-sha512-256.p12", "store-pass"),
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

    @Test("passwords and aliases of JKS are any text")
    func anyScript() throws {
        var settings = Self.keyStore(KeyStoreVectors.path("stores/unicode.jks"), "päss 键x", type: .jks)
        settings.keyPassword = StorePassword("kéy 键xx")
        #expect(try settings.load().identity?.alias == "zoë 键 🔑")
    }

    @Test("a store in another of Java's formats is refused by its name")
    func otherFormat() {
        let settings = Self.keyStore(KeyStoreVectors.path("stores/java.jceks"), "store-pass", type: .jks)
        let refusal = #expect(throws: StoreRefusal.self) { try settings.load() }
        #expect(refusal?.description.contains("java.jceks of type JKS: it is in the format of JCEKS; convert") == true)
    }

    @Test("an algorithm that is not read is named")
    func algorithm() {
        let settings = Self.keyStore(KeyStoreVectors.store("client-openssl-sha512.p12"), "store-pass")
        let refusal = #expect(throws: StoreRefusal.self) { try settings.load() }
        #expect(refusal?.description.hasSuffix("encrypted with AES-192-CBC, which is not supported in stores") == true)
    }

    /// Bouncy Castle writes lengths that only an end tells, and octets in pieces.
    @Test("a store in BER is read and its code checked")
    func indefiniteLengths() throws {
        var parts = try EncodedValue(StoreFile.read(KeyStoreVectors.path("stores/iterations-1.p12"))).sequence()
        let version = try parts.next().encoded
        var content = try parts.next().sequence()
        let kind = try content.next().encoded
        let safes = try content.next().explicit(0).octets()
        let code = try parts.next().encoded
        let pieces = [safes.prefix(100), safes.dropFirst(100)].flatMap { EncodedHeader.value(tag: 4, Array($0)) }
        let end: [UInt8] = [0, 0]
        let octets = [0x24, 0x80] + pieces + end
        let bytes = [0x30, 0x80] + version + [0x30, 0x80] + kind + [0xA0, 0x80] + octets + end + end + code + end
        #expect(try BinaryStore.contents(bytes, password: StorePassword("store-pass")).keys.count == 1)
        #expect(throws: StoreFault.wrongPasswordOrDamaged) {
            try BinaryStore.contents(bytes, password: StorePassword("wrong"))
        }
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
