// SPDX-License-Identifier: Apache-2.0

/// What a TLS server has chosen, by the first bytes that it sends, which are not encrypted in any version (RFC 8446, 4.1.3).
///
/// A record: type 22, version, length; in it a message: type 2, length, version, 32 random bytes, the session's id behind its
/// length, the cipher suite.
struct ServerHello: Equatable {
    /// The cipher suite's number.
    let cipherSuite: UInt16

    /// So many bytes hold all of it that is read here.
    static let mostBytes = 5 + 4 + 2 + 32 + 1 + 32 + 2

    /// Reads the first bytes of a connection; nil when they are something else, or too few.
    init?(_ bytes: [UInt8]) {
        let idLengthAt = 5 + 4 + 2 + 32
        guard Self.isRecord(bytes), bytes[0] == 22, bytes.count > idLengthAt, bytes[5] == 2 else { return nil }
        let suiteAt = idLengthAt + 1 + Int(bytes[idLengthAt])
        guard bytes[idLengthAt] <= 32, bytes.count >= suiteAt + 2 else { return nil }
        cipherSuite = UInt16(bytes[suiteAt]) << 8 | UInt16(bytes[suiteAt + 1])
    }

    /// Whether bytes begin as a record of TLS does: its type, and the version's first byte.
    static func isRecord(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && (20...23).contains(bytes[0]) && bytes[1] == 3 }

    /// The name as `ssl.cipher.suites` has it; of one that has none here, the number.
    var cipherSuiteName: String { CipherSuites.name(of: cipherSuite) ?? "cipher suite \(cipherSuite)" }
}
