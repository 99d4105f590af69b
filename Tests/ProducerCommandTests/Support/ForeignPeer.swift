// SPDX-License-Identifier: Apache-2.0

/// A peer that this project did not write, in a process of its own, which ends with the last reference to it:
/// `openssl s_server`, or Python's `ssl` and `http`.
final class ForeignPeer: Sendable {
    /// A server with TLS, to be played by either.
    struct Server: Sendable {
        /// The files of its certificate and key.
        var identity: MismatchFiles.Identity
        /// The CA of clients' certificates, which are required then.
        var clientCA: String?
        /// The only version that it speaks; nil for all.
        var only: Version?
        /// The cipher suites of TLS 1.2, by OpenSSL's names.
        var ciphers: String?
    }

    /// A version of TLS.
    enum Version: Sendable {
        case tls12
        case tls13
    }

    enum Kind: String, Sendable, CaseIterable {
        case openSSL = "openssl s_server"
        case python = "Python's ssl"
    }

    /// Where it listens.
    let place: String
    private let process: ChildProcess

    /// Starts a server with TLS on a free port and waits until it listens.
    convenience init(_ kind: Kind, _ server: Server) async throws {
        switch kind {
        case .openSSL: try await self.init(openSSL: server)
        case .python: try await self.init(python: "serve", Self.arguments(server))
        }
    }

    /// Starts `peer.py` and waits until it listens.
    init(python kind: String, _ arguments: [String] = []) async throws {
        let words = [try TestTools.path("peer.py"), kind] + arguments
        process = try ChildProcess(TestTools.path("venv/bin/python"), words, input: .open, limit: .seconds(60))
        let prefix = "listening on "
        place = String(try await process.line { $0.hasPrefix(prefix) }.dropFirst(prefix.count))
    }

    private init(openSSL server: Server) async throws {
        var words = ["s_server", "-accept", "127.0.0.1:0", "-cert", server.identity.certificate]
        words += ["-key", server.identity.key]
        if let clientCA = server.clientCA { words += ["-CAfile", clientCA, "-Verify", "1", "-verify_return_error"] }
        if let only = server.only { words.append(only == .tls12 ? "-tls1_2" : "-tls1_3") }
        if let ciphers = server.ciphers { words += ["-cipher", ciphers] }
        process = try ChildProcess("/usr/bin/openssl", words, input: .open, limit: .seconds(60))
        let prefix = "ACCEPT "
        place = String(try await process.line { $0.hasPrefix(prefix) }.dropFirst(prefix.count))
    }

    private static func arguments(_ server: Server) -> [String] {
        var words = ["--cert", server.identity.certificate, "--key", server.identity.key]
        if let clientCA = server.clientCA { words += ["--client-ca", clientCA] }
        if let only = server.only { words += ["--version", only == .tls12 ? "TLSv1_2" : "TLSv1_3"] }
        if let ciphers = server.ciphers { words += ["--ciphers", ciphers] }
        return words
    }
}
