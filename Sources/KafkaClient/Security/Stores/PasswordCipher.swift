// SPDX-License-Identifier: Apache-2.0
import Crypto
import SwiftASN1

/// Encryption by a password, as its name and parameters in a store or before a key tell.
enum PasswordCipher {
    /// Which algorithms are taken.
    enum Reach {
        /// Those that Java reads in its stores.
        case java
        /// All that are known here. Keys in PEM are read further than by Java, which refuses most of what OpenSSL writes today.
        case all
    }

    /// The ciphers that PKCS#12 names itself.
    enum Old {
        case rc4(keySize: Int)
        case rc2(keySize: Int)
        case tripleDES
    }

    /// How often a password may be hashed, as in Java. More would only keep the program from starting.
    static let mostIterations = 5_000_000
    private static let mostSalt = 4096

    case pbes2(PBES2)
    case pkcs12(Old, PKCS12Derivation)
    case md5AndDES(salt: [UInt8], iterations: Int)

    /// Reads an algorithm with its parameters.
    init(_ algorithm: EncodedValue, reach: Reach) throws(StoreFault) {
        var parts = try algorithm.sequence()
        let identifier = try parts.next().objectIdentifier()
        guard identifier != PBES2.identifier else {
            self = .pbes2(try PBES2(parts.next(), reach: reach))
            return
        }
        let old: Old? =
            switch identifier {
            case [1, 2, 840, 113549, 1, 12, 1, 1]: .rc4(keySize: 16)
            case [1, 2, 840, 113549, 1, 12, 1, 2]: .rc4(keySize: 5)
            case [1, 2, 840, 113549, 1, 12, 1, 3]: .tripleDES
            case [1, 2, 840, 113549, 1, 12, 1, 5]: .rc2(keySize: 16)
            case [1, 2, 840, 113549, 1, 12, 1, 6]: .rc2(keySize: 5)
            case [1, 2, 840, 113549, 1, 5, 3]: nil
            default: throw Self.unsupported(identifier)
            }
        var parameters = try parts.next().sequence()
        let salt = try parameters.next().octets()
        let iterations = try Self.iterations(parameters.next())
        guard salt.count <= Self.mostSalt else { throw StoreFault("it is damaged: its salt is too long") }
        self =
            if let old {
                .pkcs12(old, PKCS12Derivation(digest: .sha1, salt: salt, iterations: iterations))
            } else {
                .md5AndDES(salt: salt, iterations: iterations)
            }
    }

    /// The bytes, which are known to be one whole ASN.1 value: what a wrong password gives hardly ever is one.
    func decrypt(_ ciphertext: [UInt8], password: StorePassword) throws(StoreFault) -> [UInt8] {
        let candidates: [[UInt8]]? =
            switch self {
            case .pbes2(let scheme): [try scheme.decrypt(ciphertext, password: password)]
            case .pkcs12(let cipher, let derivation):
                password.terminatedUTF16.compactMap {
                    try? Self.decrypt(ciphertext, cipher, derivation, password: $0)
                }
            case .md5AndDES(let salt, let iterations):
                [try Self.decryptDES(ciphertext, password: password.utf8 + salt, iterations: iterations)]
            }
        let plain = candidates?.first { (try? EncodedValue($0)) != nil }
        guard let plain else { throw .wrongPasswordOrDamaged }
        return plain
    }

    /// A number of iterations that is not too large.
    static func iterations(_ value: EncodedValue) throws(StoreFault) -> Int {
        let iterations = try value.count()
        guard (1...mostIterations).contains(iterations) else {
            throw StoreFault("it hashes its password \(iterations) times; 1 to \(mostIterations) are supported")
        }
        return iterations
    }

    /// The fault of an algorithm that is not taken.
    static func unsupported(_ identifier: ASN1ObjectIdentifier) -> StoreFault {
        switch identifier {
        case [2, 16, 840, 1, 101, 3, 4, 1, 22]: unsupported("AES-192-CBC")
        case [1, 2, 840, 113549, 3, 7]: unsupported("DES-EDE3-CBC")
        case [1, 3, 6, 1, 4, 1, 11591, 4, 11]: unsupported("scrypt")
        default: StoreFault("it is protected with an algorithm that is not supported (\(identifier))")
        }
    }

    /// The fault of what Java reads in no store, and is read here in PEM alone.
    private static func unsupported(_ name: String) -> StoreFault {
        StoreFault("it is encrypted with \(name), which is not supported in stores")
    }

    private static func decrypt(
        _ ciphertext: [UInt8],
        _ cipher: Old,
        _ derivation: PKCS12Derivation,
        password: [UInt8]
    ) throws(StoreFault) -> [UInt8] {
        func key(_ size: Int) -> [UInt8] { derivation.bytes(.key, count: size, password: password) }
        func iv() -> [UInt8] {
            derivation.bytes(.initialVector, count: SmallBlockCipher.blockSize, password: password)
        }
        switch cipher {
        case .rc4(let size): return RC4(key: key(size)).apply(to: ciphertext)
        case .rc2(let size): return try SmallBlockCipher.rc2(RC2(key: key(size))).decrypt(ciphertext, iv: iv())
        case .tripleDES: return try SmallBlockCipher.tripleDES(key: key(24)).decrypt(ciphertext, iv: iv())
        }
    }

    /// PKCS#5, first version: the hash of password and salt is hashed again and again; half of it is the key.
    private static func decryptDES(
        _ ciphertext: [UInt8],
        password: [UInt8],
        iterations: Int
    ) throws(StoreFault) -> [UInt8] {
        var hash = Array(Insecure.MD5.hash(data: password))
        for _ in 1..<iterations { hash = Array(Insecure.MD5.hash(data: hash)) }
        return try SmallBlockCipher.des(key: hash[0..<8]).decrypt(ciphertext, iv: Array(hash[8..<16]))
    }
}
