// SPDX-License-Identifier: Apache-2.0

/// The code at the end of a PKCS#12 store, which tells a wrong password and damage from what its writer wrote.
struct PKCS12Integrity {
    private let derivation: PKCS12Derivation
    private let code: [UInt8]

    /// Reads `MacData`.
    init(_ value: EncodedValue) throws(StoreFault) {
        var parts = try value.sequence()
        var digestInfo = try parts.next().sequence()
        var algorithm = try digestInfo.next().sequence()
        let identifier = try algorithm.next().objectIdentifier()
        guard let digest = StoreDigest(identifier) else {
            throw PasswordCipher.unsupported(identifier)
        }
        code = try digestInfo.next().octets()
        let salt = try parts.next().octets()
        let iterations = try parts.nextIfAny().map { value throws(StoreFault) in try PasswordCipher.iterations(value) }
        try parts.end()
        derivation = PKCS12Derivation(digest: digest, salt: salt, iterations: iterations ?? 1)
    }

    /// Insists that the code is the one of the contents under this password.
    func check(_ contents: [UInt8], password: StorePassword) throws(StoreFault) {
        let isRight = password.terminatedUTF16.contains { password in
            let key = derivation.bytes(.code, count: derivation.digest.size, password: password)
            return derivation.digest.isCode(code, of: contents, key: key)
        }
        guard isRight else { throw .wrongPasswordOrDamaged }
    }
}
