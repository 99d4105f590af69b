// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import Testing

@testable import KafkaClient

/// Requests by HTTPS to a server with a certificate for localhost and 127.0.0.1.
@Suite("HTTPClient with TLS", .timeLimit(.minutes(10)))
struct HTTPSTests {
    private func server(_ certificate: String = "server-ec") async throws -> ScriptedServer {
        let chain = try NIOSSLCertificate.fromPEMFile(KeyStoreVectors.path("keystores/\(certificate).pem"))
        let key = try NIOSSLPrivateKey(file: KeyStoreVectors.path("keystores/\(certificate).key"), format: .pem)
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        return try await ScriptedServer([.status("200 OK", "{}")], tls: try NIOSSLContext(configuration: configuration))
    }

    private func ask(_ host: String, _ port: Int, trusting store: String = "ca.pem") async throws -> HTTPAnswer {
        var settings = TLSSettings()
        settings.trust.type = .pem
        settings.trust.location = KeyStoreVectors.path("keystores/\(store)")
        let client = HTTPClient(tls: try TLSContext(settings))
        return try await client.send(HTTPRequest(.get, HTTPURL("https://\(host):\(port)/")))
    }

    @Test("a server that is trusted answers, by its name and by its address", arguments: ["localhost", "127.0.0.1"])
    func trusted(host: String) async throws {
        let server = try await server()
        #expect(try await ask(host, server.port).body == Array("{}".utf8))
        #expect(server.requests.first?.hasPrefix("GET / HTTP/1.1\r\nHost: \(host):") == true)
    }

    @Test("a server of another CA, and one whose time is over, get no request")
    func untrusted() async throws {
        let server = try await server()
        let other = await #expect(throws: HTTPFailure.self) {
            try await ask("127.0.0.1", server.port, trusting: "other-ca.pem")
        }
        #expect(other?.kind == .tls)
        #expect(other?.description.contains("that no CA in") == true)

        let expired = try await self.server("server-expired")
        let over = await #expect(throws: HTTPFailure.self) { try await ask("127.0.0.1", expired.port) }
        #expect(over?.kind == .tls)
        #expect(over?.description.contains("expired on 2021-01-01") == true)
        #expect(server.requests.isEmpty && expired.requests.isEmpty)
    }

    @Test("a server without TLS is told to be one, also when it says nothing")
    func plain() async throws {
        let talking = try await ScriptedServer([.greeting(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))])
        await #expect(throws: HTTPFailure(.tls, "it does not speak TLS; must the address begin with http: ?")) {
            try await ask("127.0.0.1", talking.port)
        }
        let closing = try await ScriptedServer([.end])
        let failure = await #expect(throws: HTTPFailure.self) { try await ask("127.0.0.1", closing.port) }
        #expect(failure?.kind == .tls || failure?.kind == .closed)
    }

    @Test("https without TLS settings is refused")
    func missing() async throws {
        await #expect(throws: HTTPFailure(.tls, "https cannot be asked without TLS")) {
            try await HTTPClient(tls: nil).send(HTTPRequest(.get, HTTPURL("https://127.0.0.1:1/")))
        }
    }
}
