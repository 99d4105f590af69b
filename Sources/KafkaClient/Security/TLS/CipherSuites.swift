// SPDX-License-Identifier: Apache-2.0

/// The cipher suites that can be used, of those that `ssl.cipher.suites` names, and the versions of TLS that they leave.
///
/// Java has one list for all versions. BoringSSL's own list is for TLS 1.2 alone, and with TLS 1.3 it always offers its three
/// suites. So a list without a suite of TLS 1.3 means TLS 1.2, and one with none of TLS 1.2 means TLS 1.3.
struct CipherSuites: Equatable {
    /// The suites for TLS 1.2, by their IANA names; nil for all that are safe.
    let names: [String]?
    /// The versions that are left.
    let versions: ClosedRange<TLSVersion>
    /// Named suites that are not to be had here.
    let unknown: [String]

    /// - Throws: When nothing is left.
    init(_ named: [String], versions: ClosedRange<TLSVersion>) throws(SecurityRefusal) {
        let key = "ssl.cipher.suites"
        guard !named.isEmpty else {
            (names, self.versions, unknown) = (nil, versions, [])
            return
        }
        let usable = named.filter(Self.tls12.contains)
        let hasTLS13 = named.contains(where: Self.tls13.contains)
        unknown = named.filter { !Self.tls12.contains($0) && !Self.tls13.contains($0) }
        guard !usable.isEmpty || hasTLS13 else {
            let list = unknown.map { ForeignText.shown($0) }.joined(separator: ",")
            throw SecurityRefusal(
                key: key,
                "\(key)=\(list): none of these can be used; the cipher suites are \(Self.all.joined(separator: ", "))"
            )
        }
        let oldest = usable.isEmpty ? TLSVersion.tls13 : versions.lowerBound
        let newest = hasTLS13 ? versions.upperBound : TLSVersion.tls12
        guard oldest <= newest, versions.contains(oldest), versions.contains(newest) else {
            let list = named.map { ForeignText.shown($0) }.joined(separator: ",")
            let enabled = versions.lowerBound == versions.upperBound ? versions.lowerBound.rawValue : "TLSv1.2,TLSv1.3"
            throw SecurityRefusal(
                key: key,
                "\(key)=\(list) has no cipher suite for the TLS versions \(enabled) (ssl.enabled.protocols, ssl.protocol)"
            )
        }
        names = usable.isEmpty ? nil : usable
        self.versions = oldest...newest
    }

    private static var all: [String] { tls13.union(tls12).sorted() }

    /// The IANA name of a cipher suite, by its number.
    static func name(of number: UInt16) -> String? { tls13Names[number] ?? tls12Names[number] }

    private static let tls13 = Set(tls13Names.values)
    private static let tls12 = Set(tls12Names.values)

    private static let tls13Names: [UInt16: String] = [
        0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384", 0x1303: "TLS_CHACHA20_POLY1305_SHA256",
    ]

    private static let tls12Names: [UInt16: String] = [
        0xC02B: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        0xC02C: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        0xCCA9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        0xC009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", 0xC013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        0xC00A: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 0xC014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        0xC027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", 0x009C: "TLS_RSA_WITH_AES_128_GCM_SHA256",
        0x009D: "TLS_RSA_WITH_AES_256_GCM_SHA384", 0x002F: "TLS_RSA_WITH_AES_128_CBC_SHA",
        0x0035: "TLS_RSA_WITH_AES_256_CBC_SHA",
    ]
}
