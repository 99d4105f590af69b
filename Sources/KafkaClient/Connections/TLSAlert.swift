// SPDX-License-Identifier: Apache-2.0
import NIOSSL

/// What BoringSSL says when a connection fails, by the names of its errors: `SSLV3_ALERT_BAD_CERTIFICATE`.
struct TLSAlert: Equatable {
    /// What else is known of the connection.
    struct View {
        /// The name in the client's certificate; nil when it has none.
        var clientName: String?
        var versions: ClosedRange<TLSVersion>
        var firstBytes: [UInt8]
        /// Whether the peer has shown its certificate: version and cipher suite were agreed on before that.
        var hasShownCertificate = false
    }

    /// The errors, the first cause first.
    let names: [String]

    init(names: [String]) { self.names = names }

    /// Nil for the end of a connection that TLS says nothing about.
    init?(_ error: BoringSSLError) {
        switch error {
        case .sslError(let stack), .unknownError(let stack), .invalidSNIName(let stack), .failedToSetALPN(let stack):
            guard !stack.contains(.eofDuringHandshake), !stack.isEmpty else { return nil }
            names = stack.map { Self.name(in: $0.description) }
        case .zeroReturn, .syscallError, .noError, .wantRead, .wantWrite, .wantConnect, .wantAccept, .wantX509Lookup,
            .wantCertificateVerify:
            return nil
        }
    }

    /// `error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION at …` has the name behind the last colon
    /// before the place.
    private static func name(in text: String) -> String {
        let words = text.prefix(while: { $0 != "/" }).split(whereSeparator: { $0 == ":" || $0 == " " })
        return words.last { $0.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" } && $0.contains("_") }
            .map(String.init) ?? "an error without a name"
    }

    private static let wrongCertificate = [
        "UNKNOWN_CA", "CERTIFICATE_UNKNOWN", "CERTIFICATE_EXPIRED", "CERTIFICATE_REVOKED", "UNSUPPORTED_CERTIFICATE",
        "BAD_CERTIFICATE", "ACCESS_DENIED", "DECRYPT_ERROR",
    ]

    private func says(_ word: String) -> Bool { names.contains { $0.hasSuffix(word) } }

    /// What failed, and what to do.
    func failure(_ view: View) -> TLSFailure {
        if says("WRONG_VERSION_NUMBER") || says("HTTP_REQUEST") || says("UNKNOWN_PROTOCOL") {
            return .notTLS(
                "does not speak TLS (it answered \(Self.shown(view.firstBytes))): name a listener with TLS, or set "
                    + "security.protocol to PLAINTEXT or SASL_PLAINTEXT"
            )
        }
        if says("PROTOCOL_VERSION") || says("UNSUPPORTED_PROTOCOL") {
            let words = "has no version of TLS in common with this client"
            guard view.versions.lowerBound == view.versions.upperBound else {
                return .nothingInCommon(
                    "\(words), which speaks TLSv1.2 and TLSv1.3: the broker's ssl.enabled.protocols must have one of them"
                )
            }
            let ours = view.versions.lowerBound.rawValue
            return .nothingInCommon(
                "\(words) (here \(ours)): see ssl.enabled.protocols, ssl.protocol, ssl.cipher.suites"
            )
        }
        if says("CERTIFICATE_REQUIRED") || says("PEER_DID_NOT_RETURN_A_CERTIFICATE") { return Self.certificateMissing }
        if Self.wrongCertificate.contains(where: says) { return certificateRefused(view) }
        if says("HANDSHAKE_FAILURE") || says("NO_SHARED_CIPHER") || says("INSUFFICIENT_SECURITY") {
            // In TLS 1.2 a server that gets no certificate, or none that it takes, may say no more than this.
            if view.hasShownCertificate { return certificateRefused(view) }
            return .nothingInCommon(
                "has no cipher suite in common with this client: see ssl.cipher.suites here and on the broker"
            )
        }
        return .other("ended TLS: \(alert)")
    }

    private func certificateRefused(_ view: View) -> TLSFailure {
        guard let name = view.clientName else { return Self.certificateMissing }
        let advice =
            if says("UNKNOWN_CA") {
                "have one signed by a CA in the broker's trust store (ssl.keystore.*)"
            } else if says("CERTIFICATE_EXPIRED") {
                "have it renewed (ssl.keystore.*)"
            } else {
                "see ssl.keystore.*, and the broker's log for its reason"
            }
        return .clientCertificate("did not accept the client certificate (\(name)): \(alert); \(advice)")
    }

    private static let certificateMissing = TLSFailure.clientCertificate(
        "requires a client certificate: set ssl.keystore.location, or ssl.keystore.key"
    )

    /// Enough to tell what answers.
    private static let shownBytes = 24

    /// The alert in words: `bad certificate`.
    private var alert: String {
        guard let name = names.first else { return "an error without a name" }
        var words = name[...]
        for prefix in ["SSLV3_ALERT_", "TLSV1_ALERT_", "TLSV1_"] where words.hasPrefix(prefix) {
            words = words.dropFirst(prefix.count)
        }
        return words.lowercased().replacing("_", with: " ")
    }

    private static func shown(_ first: [UInt8]) -> String {
        let bytes = first.prefix(shownBytes)
        let isText = !bytes.isEmpty && bytes.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0D || $0 == 0x0A }
        guard isText else { return "with bytes of another protocol" }
        let line = bytes.prefix { $0 != 0x0D && $0 != 0x0A }
        return "\"\(String(decoding: line, as: UTF8.self))\""
    }
}
