// SPDX-License-Identifier: Apache-2.0
import Testing

/// What the built command and its doctor say when TLS does not come about, with servers that are not this project's.
@Suite("TLS that does not come about", .takesTurns, .needsPeers, .timeLimit(.minutes(10)))
struct TLSMismatchTests {
    /// A server, a client that does not fit it, and what is told.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var fault = MismatchFiles.Fault.none
        /// From when to when the CA's certificate is valid, in days from now.
        var days = -1..<7300
        var asksForCertificate = false
        /// The only version that the server speaks; nil for all.
        var only: ForeignPeer.Version?
        var ciphers: String?
        /// What the client has beside the settings that trust the CA.
        var client: MismatchFiles.ClientFault?
        var settings: [String] = []
        var trustsOther = false
        let words: [String]
    }

    private static let cases = [
        Case(
            testDescription: "unknown CA",
            trustsOther: true,
            words: [
                "shows a certificate (CN=localhost, issued by CN=Test CA) that no CA in ", "other-ca.pem has signed",
                "set ssl.truststore.location to a store with the cluster's CA",
            ]
        ),
        Case(
            testDescription: "expired",
            fault: .expired,
            words: [
                "shows a certificate (CN=localhost) that expired on ", " here: have the broker's certificate renewed",
            ]
        ),
        Case(
            testDescription: "the CA in the trust store expired",
            days: -30..<(-10),
            words: ["shows a certificate whose CA's own (CN=Test CA) expired on ", "get the CA's new certificate"]
        ),
        Case(
            testDescription: "not yet valid",
            fault: .early,
            words: ["shows a certificate (CN=localhost) that is valid from ", " here: correct this machine's clock"]
        ),
        Case(
            testDescription: "wrong host",
            fault: .otherNames,
            words: [
                "shows a certificate for a.example, b.example, 10.1.2.3, not for 127.0.0.1: ",
                "name the broker as its certificate does",
            ]
        ),
        Case(
            testDescription: "client certificate missing, TLS 1.2",
            asksForCertificate: true,
            only: .tls12,
            words: ["requires a client certificate: set ssl.keystore.location"]
        ),
        Case(
            testDescription: "client certificate missing, TLS 1.3, told after the handshake",
            asksForCertificate: true,
            only: .tls13,
            words: ["requires a client certificate: set ssl.keystore.location"]
        ),
        Case(
            testDescription: "client certificate of another CA, TLS 1.2",
            asksForCertificate: true,
            only: .tls12,
            client: .stranger,
            words: [
                "did not accept the client certificate (CN=stranger): unknown ca; ",
                "have one signed by a CA in the broker's trust store",
            ]
        ),
        Case(
            testDescription: "client certificate of another CA, TLS 1.3, told after the handshake",
            asksForCertificate: true,
            only: .tls13,
            client: .stranger,
            words: [
                "did not accept the client certificate (CN=stranger): unknown ca; ",
                "have one signed by a CA in the broker's trust store",
            ]
        ),
        Case(
            testDescription: "client certificate expired",
            asksForCertificate: true,
            client: .expired,
            words: ["did not accept the client certificate (CN=expired): certificate expired; have it renewed"]
        ),
        Case(
            testDescription: "the server has TLS 1.2 only",
            only: .tls12,
            settings: ["ssl.enabled.protocols=TLSv1.3"],
            words: ["has no version of TLS in common with this client (here TLSv1.3): see ssl.enabled.protocols"]
        ),
        Case(
            testDescription: "the server has TLS 1.3 only",
            only: .tls13,
            settings: ["ssl.enabled.protocols=TLSv1.2"],
            words: ["has no version of TLS in common with this client (here TLSv1.2): see ssl.enabled.protocols"]
        ),
        Case(
            testDescription: "no common cipher suite",
            only: .tls12,
            ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256",
            settings: ["ssl.cipher.suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
            words: ["has no cipher suite in common with this client: see ssl.cipher.suites"]
        ),
    ]

    @Test("it is told at once, in one line with what to do, by the load and by the doctor", arguments: cases)
    func told(_ mismatch: Case) async throws {
        for kind in ForeignPeer.Kind.allCases {
            let files = try MismatchFiles(days: mismatch.days)
            let peer = try await ForeignPeer(
                kind,
                ForeignPeer.Server(
                    identity: try files.server(mismatch.fault),
                    clientCA: mismatch.asksForCertificate ? files.ca : nil,
                    only: mismatch.only,
                    ciphers: mismatch.ciphers
                )
            )
            var lines = files.trust + Told.patience + mismatch.settings
            if mismatch.trustsOther { lines.append("ssl.truststore.location=\(files.otherCA)") }
            if let client = mismatch.client { lines += try files.client(client) }
            let settings = try files.settings(lines)
            try await Told.bySend(to: peer.place, settings, [peer.place + " "] + mismatch.words)
            try await Told.byDoctor(of: peer.place, settings, mismatch.words, failedAt: "TLS")
        }
    }

    @Test("the doctor tells version and cipher suite", arguments: ForeignPeer.Kind.allCases)
    func cipherSuite(kind: ForeignPeer.Kind) async throws {
        let files = try MismatchFiles()
        let server = ForeignPeer.Server(
            identity: try files.server(),
            only: .tls12,
            ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256"
        )
        let peer = try await ForeignPeer(kind, server)
        let words = ["TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 in ", "no answer to the first request within"]
        let limit = ["--layer-timeout", "1000"]
        let settings = try files.settings(files.trust)
        try await Told.byDoctor(of: peer.place, settings, words, failedAt: "ApiVersions", options: limit)
    }

    @Test("an end in the middle of the handshake is told as such, and not as a listener without TLS")
    func cutOff() async throws {
        let files = try MismatchFiles()
        let identity = try files.server()
        let peer = try await ForeignPeer(python: "cut", ["--cert", identity.certificate, "--key", identity.key])
        let settings = try files.settings(files.trust + Told.patience)
        let words = ["\(peer.place) closes the connection in the middle of the TLS handshake", "the broker's log"]
        try await Told.bySend(to: peer.place, settings, words)
    }

    @Test("a server of HTTP is told by its first line")
    func http() async throws {
        let files = try MismatchFiles()
        let peer = try await ForeignPeer(python: "http")
        let settings = try files.settings(files.trust + Told.patience)
        let words = [#"\#(peer.place) does not speak TLS (it answered "HTTP/1.1 400"#, "name a listener with TLS"]
        try await Told.bySend(to: peer.place, settings, words)
    }

    /// A server that keeps silent may only be slow: the time is the settings'.
    @Test(
        "a server that never answers is told with what it was asked for, after the time of the settings",
        arguments: [
            (
                ["security.protocol=PLAINTEXT"],
                ["no answer to the first request within ", "may want TLS (security.protocol)"]
            ),
            (
                ["security.protocol=SSL"],
                [
                    "no answer to the TLS handshake within ",
                    "a listener without TLS may keep silent (security.protocol)",
                ]
            ),
        ]
    )
    func silent(settings: [String], words: [String]) async throws {
        let files = try MismatchFiles()
        let peer = try await ForeignPeer(python: "silent")
        let times = ["socket.connection.setup.timeout.ms=100", "socket.connection.setup.timeout.max.ms=100"]
        let file = try files.settings(settings + times + ["max.block.ms=1000"])
        try await Told.bySend(to: peer.place, file, ["\(peer.place): "] + words)
        let layer = settings == ["security.protocol=SSL"] ? "TLS" : "ApiVersions"
        let limit = ["--layer-timeout", "300"]
        try await Told.byDoctor(of: peer.place, file, words, failedAt: layer, options: limit)
    }

    /// OpenSSL tells a client without TLS nothing, and a proxy whose broker is not up does the same.
    @Test("a server with TLS that only closes is told as what it may be", arguments: ForeignPeer.Kind.allCases)
    func plain(kind: ForeignPeer.Kind) async throws {
        let files = try MismatchFiles()
        let peer = try await ForeignPeer(kind, ForeignPeer.Server(identity: try files.server()))
        let file = try files.settings(["max.block.ms=1000"])
        let words = ["\(peer.place): ", "a listener for TLS may do that (security.protocol=SSL or SASL_SSL)"]
        try await Told.bySend(to: peer.place, file, words)
    }
}
