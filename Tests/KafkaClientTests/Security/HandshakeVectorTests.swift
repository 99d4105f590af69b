// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS
import Testing
import Vectors

@testable import KafkaClient

/// TLS handshakes that kafka-clients 4.3.0 on Java 17 made or refused, made here between the client's handlers and BoringSSL.
@Suite("TLS handshakes as Kafka makes them")
struct HandshakeVectorTests {
    struct Vectors: Decodable {
        var handshakes: [Handshake]
    }

    struct Handshake: Decodable, CustomTestStringConvertible {
        struct Result: Decodable {
            var ok: Bool
            var by: String?
            var `protocol`: String?
            var clientCertificates: [String]?
        }

        var about: String
        var serverChain: String
        var serverKey: String
        var clientAuth: String
        var host: String
        var config: [String: String]
        var result: Result

        var testDescription: String { "\(about): \(host), \(serverChain), \(config.keys.sorted())" }
    }

    /// What is better here than in Java: trust stores that OpenSSL made count, keys that do not fit their certificates are
    /// refused before anything is sent, and PBES2 is read.
    private static let better = [
        "trust store of openssl: nothing is trusted", "key of another certificate", "key encrypted with PBES2",
    ]

    private static func load() throws -> [Handshake] {
        try VectorFolder.loadShared("keystores/keystores.json", as: Vectors.self).handshakes
    }

    @Test(
        "a client trusts, and shows, what Kafka's client does",
        arguments: try load().filter { !better.contains($0.about) }
    )
    func handshake(vector: Handshake) throws {
        let settings = try vector.settings
        let context: TLSContext
        do throws(SecurityRefusal) {
            context = try TLSContext(settings)
        } catch {
            // Java makes a client that can trust nobody; here the store is refused.
            #expect(!vector.result.ok && vector.about == "empty trust store", "\(error)")
            return
        }
        let outcome = try Pair(context, vector).run()
        switch (vector.result.ok, vector.result.by) {
        case (true, _):
            #expect(outcome.failure == nil && outcome.isSecured, "\(String(describing: outcome.failure))")
            #expect(outcome.version == vector.result.protocol)
            // Of several keys Java takes one that suits the broker's list of CAs; here it is the first, and the user is told.
            if vector.about == "two client certificates to choose from" {
                #expect(outcome.clientCertificate != nil && !context.notes.isEmpty)
            } else {
                #expect(outcome.clientCertificate == vector.result.clientCertificates?.first)
            }
        case (false, "client"):
            guard case .certificate(let text) = outcome.failure else {
                Issue.record("not refused for its certificate: \(String(describing: outcome.failure))")
                return
            }
            #expect(text.hasPrefix("shows a certificate"))
        case (false, _):
            // Without a certificate in TLS 1.2 BoringSSL's server says no more than that the handshake failed.
            let reason = outcome.failure?.reason ?? "no failure"
            #expect(reason.contains("client certificate"), "\(reason)")
        }
    }
}

extension HandshakeVectorTests.Handshake {
    var settings: TLSSettings {
        get throws {
            var settings = TLSSettings()
            func path(_ key: String) -> String? { config[key].map { KeyStoreVectors.path($0) } }
            settings.trust.type = try StoreType(config["ssl.truststore.type"] ?? "JKS", setting: "ssl.truststore.type")
            settings.trust.location = path("ssl.truststore.location")
            settings.trust.password = config["ssl.truststore.password"].map { StorePassword($0) }
            settings.identity.type = try StoreType(config["ssl.keystore.type"] ?? "JKS", setting: "ssl.keystore.type")
            settings.identity.location = path("ssl.keystore.location")
            settings.identity.password = config["ssl.keystore.password"].map { StorePassword($0) }
            settings.identity.keyPassword = config["ssl.key.password"].map { StorePassword($0) }
            settings.verifiesHostname = config["ssl.endpoint.identification.algorithm"] != ""
            if let only = config["ssl.enabled.protocols"].flatMap(KafkaClient.TLSVersion.init(rawValue:)) {
                settings.versions = only...only
            }
            return settings
        }
    }
}

/// A client and a server whose bytes are carried from one to the other.
private struct Pair {
    struct Outcome {
        var isSecured = false
        var failure: TLSFailure?
        var version: String?
        var clientCertificate: String?
    }

    private let loop = EmbeddedEventLoop()
    private let client: EmbeddedChannel
    private let server: EmbeddedChannel
    private let handshake: TLSHandshake
    private let watch = Watch()
    private let serverHandler: NIOSSLServerHandler

    init(_ context: TLSContext, _ vector: HandshakeVectorTests.Handshake) throws {
        client = EmbeddedChannel(loop: loop)
        server = EmbeddedChannel(loop: loop)
        handshake = TLSHandshake(context, host: vector.host, through: LoopGate(loop))
        try handshake.addHandlers(to: client)
        try client.pipeline.syncOperations.addHandler(watch)
        let chain = try NIOSSLCertificate.fromPEMFile(KeyStoreVectors.store(vector.serverChain))
        let key = try NIOSSLPrivateKey(file: KeyStoreVectors.store(vector.serverKey), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        let trusted = try NIOSSLCertificate.fromPEMFile(KeyStoreVectors.store("ca.pem"))
        configuration.trustRoots = .certificates(trusted)
        switch vector.clientAuth {
        case "need": configuration.certificateVerification = .noHostnameVerification
        case "want": configuration.certificateVerification = .optionalVerification
        default: configuration.certificateVerification = .none
        }
        serverHandler = NIOSSLServerHandler(context: try NIOSSLContext(configuration: configuration))
        try server.pipeline.syncOperations.addHandlers([serverHandler, ErrorSink()])
    }

    func run() throws -> Outcome {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        client.connect(to: address, promise: nil)
        server.connect(to: address, promise: nil)
        // A handshake has a few flights; each is carried at once.
        for _ in 0..<64 {
            loop.run()
            while let bytes = try client.readOutbound(as: ByteBuffer.self) { _ = try? server.writeInbound(bytes) }
            loop.run()
            while let bytes = try server.readOutbound(as: ByteBuffer.self) { _ = try? client.writeInbound(bytes) }
        }
        var outcome = Outcome()
        outcome.isSecured = watch.isSecured
        outcome.failure = watch.error.flatMap { handshake.failure($0) }
        outcome.version =
            switch serverHandler.tlsVersion {
            case .tlsv13: "TLSv1.3"
            case .tlsv12: "TLSv1.2"
            default: nil
            }
        outcome.clientCertificate = try serverHandler.peerCertificate.map {
            SHA256.hash(data: try $0.toDERBytes()).map { String(format: "%02x", $0) }.joined()
        }
        // Each waits for the other's goodbye, which nobody carries any more, until its time is over.
        client.close(promise: nil)
        server.close(promise: nil)
        loop.advanceTime(by: .minutes(1))
        return outcome
    }
}

/// Notes whether the handshake was completed, and the first error.
private final class Watch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private(set) var isSecured = false
    private(set) var error: (any Error)?

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event { isSecured = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.error == nil { self.error = error }
    }
}

/// The server's own errors are the client's to see.
private final class ErrorSink: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
