// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// The TLS of one connection: its handlers, what the broker showed, and what went wrong.
final class TLSHandshake: Sendable {
    private struct State {
        var failure: TLSFailure?
        var isCompleted = false
        var firstBytes: [UInt8] = []
        /// What the broker showed, its own certificate first.
        var shown: [[UInt8]] = []
        /// From the broker's own certificate to the one that is trusted; empty when none is.
        var path: [Certificate] = []
    }

    /// The largest buffer for encrypted bytes that a connection keeps.
    private static let keptBytes = 1 << 20

    private let context: TLSContext
    private let name: ServerName
    private let executor: LoopTaskExecutor
    private let state = Mutex(State())

    /// The TLS of a connection to a host, whose certificate is verified on the event loop as long as the gate is open.
    init(_ context: TLSContext, host: String, through gate: LoopGate) {
        self.context = context
        name = ServerName(host)
        executor = LoopTaskExecutor(gate)
    }

    /// Adds what encrypts, in front of what is there.
    func addHandlers(to channel: any Channel) throws {
        var configuration = NIOSSLHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = Self.keptBytes
        let handler: NIOSSLClientHandler
        do {
            handler = try NIOSSLClientHandler(
                context: context.shared,
                serverHostname: name.dnsName,
                customVerificationCallback: { [self] in verify($0, $1) },
                configuration: configuration
            )
        } catch {
            throw ConnectionError(reason: "the name \(name.text) cannot be asked for in TLS")
        }
        try channel.pipeline.syncOperations.addHandlers([FirstBytesHandler(self), handler])
    }

    private func verify(_ certificates: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>) {
        let chain = certificates.compactMap { try? $0.toDERBytes() }
        state.withLock { $0.shown = chain }
        // On the event loop itself, so that it ends with it; it waits for nothing.
        Task(executorPreference: executor) { [self] in
            do throws(TLSFailure) {
                let path = try await context.verifier.verify(chain, host: name)
                state.withLock { $0.path = path }
                promise.succeed(.certificateVerified)
            } catch {
                state.withLock { $0.failure = error }
                promise.succeed(.failed)
            }
        }
    }

    /// The handshake is over.
    func completed() { state.withLock { $0.isCompleted = true } }

    /// Whether the handshake is over.
    var isCompleted: Bool { state.withLock { $0.isCompleted } }

    /// How far a handshake has come.
    enum Progress {
        /// The peer has said nothing, or nothing of TLS.
        case begun
        /// The peer has answered in TLS.
        case answered
        /// Both sides have what they need.
        case completed
    }

    /// How far it has come.
    var progress: Progress {
        let state = state.withLock { $0 }
        if state.isCompleted { return .completed }
        return ServerHello.isRecord(state.firstBytes) ? .answered : .begun
    }

    /// The version that a connection speaks; nil before that is agreed on.
    static func version(in context: ChannelHandlerContext) -> TLSVersion? {
        switch (try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self))?.tlsVersion {
        case .tlsv12: .tls12
        case .tlsv13: .tls13
        default: nil
        }
    }

    /// What the handshake has shown.
    func facts(version: TLSVersion?) -> TLSFacts {
        let (shown, path, firstBytes) = state.withLock { ($0.shown, $0.path, $0.firstBytes) }
        let chain = path.isEmpty ? shown.compactMap { try? Certificate(derEncoded: $0) } : path
        return TLSFacts(
            version: version?.rawValue,
            cipherSuite: ServerHello(firstBytes)?.cipherSuiteName,
            isTrusted: !path.isEmpty,
            trustOrigin: context.trustOrigin,
            clientName: context.clientName,
            chain: chain.map(CertificateFacts.init)
        )
    }

    /// Bytes of the peer have come; the first ones are kept.
    ///
    /// - Returns: whether more of them are of interest.
    fileprivate func received(_ bytes: some Collection<UInt8>) -> Bool {
        state.withLock { state in
            state.firstBytes += bytes.prefix(ServerHello.mostBytes - state.firstBytes.count)
            return state.firstBytes.count < ServerHello.mostBytes
        }
    }

    /// What an error of the connection says about TLS; nil when it says nothing.
    func failure(_ error: any Error) -> TLSFailure? {
        let state = state.withLock { $0 }
        if let failure = state.failure { return failure }
        let view = TLSAlert.View(
            clientName: context.clientName,
            versions: context.versions,
            firstBytes: state.firstBytes,
            hasShownCertificate: !state.shown.isEmpty
        )
        switch error {
        case NIOSSLError.handshakeFailed(let error): return TLSAlert(error)?.failure(view)
        case let error as BoringSSLError: return TLSAlert(error)?.failure(view)
        default: return nil
        }
    }
}

/// Keeps the first bytes of a peer, by which a person can tell what answers, and which cipher suite it has chosen.
private final class FirstBytesHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let handshake: TLSHandshake
    private var isOfInterest = true

    init(_ handshake: TLSHandshake) { self.handshake = handshake }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isOfInterest { isOfInterest = handshake.received(unwrapInboundIn(data).readableBytesView) }
        context.fireChannelRead(data)
    }
}
