// SPDX-License-Identifier: Apache-2.0

/// What a broker keeps of a user's password for SCRAM (RFC 5802): from it nobody can log in.
struct ScramCredential: Equatable {
    let salt: [UInt8]
    let iterations: Int
    /// The hash of the client's key: a proof must lead to it.
    let storedKey: [UInt8]
    /// With it the broker proves that it knows the password too.
    let serverKey: [UInt8]

    init(salt: [UInt8], iterations: Int, storedKey: [UInt8], serverKey: [UInt8]) {
        self.salt = salt
        self.iterations = iterations
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// Makes it of a password; nil when the keys cannot be derived.
    init?(_ digest: ScramDigest, password: [UInt8], salt: [UInt8], iterations: Int) {
        guard let salted = digest.salted(password, salt: salt, iterations: iterations) else { return nil }
        self.init(
            salt: salt,
            iterations: iterations,
            storedKey: digest.hash(digest.code(of: Array("Client Key".utf8), key: salted)),
            serverKey: digest.code(of: Array("Server Key".utf8), key: salted)
        )
    }
}
