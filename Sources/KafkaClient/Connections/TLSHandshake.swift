// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL
import Synchronization

/// The TLS of one connection: its handlers, what the broker showed, and what went wrong.
final class TLSHandshake: Sendable {
    private struct State {
        var failure: TLSFailure?
        var isCompleted = false
        var firstBytes: [UInt8] = []
    }

    /// The largest buffer for encrypted bytes that a connection keeps.
    private static let keptBytes = 1 << 20

    private let context: TLSContext
    private let name: ServerName
    private let executor: LoopTaskExecutor
    private let state = Mutex(State())

    init(_ context: TLSContext, host: String, on eventLoop: any EventLoop) {
        self.context = context
        name = ServerName(host)
        executor = LoopTaskExecutor(eventLoop)
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
        // On the event loop itself, so that it ends with it; it waits for nothing.
        Task(executorPreference: executor) { [self] in
            do throws(TLSFailure) {
                _ = try await context.verifier.verify(chain, host: name)
                promise.succeed(.certificateVerified)
            } catch {
                state.withLock { $0.failure = error }
                promise.succeed(.failed)
            }
        }
    }

    /// The handshake is over.
    func completed() { state.withLock { $0.isCompleted = true } }

    /// The first bytes of the peer have come.
    fileprivate func received(_ bytes: some Sequence<UInt8>) { state.withLock { $0.firstBytes = Array(bytes) } }

    /// What an error of the connection says about TLS; nil when it says nothing.
    func failure(_ error: any Error) -> TLSFailure? {
        let state = state.withLock { $0 }
        if let failure = state.failure { return failure }
        let view = TLSAlert.View(
            clientName: context.clientName,
            versions: context.versions,
            firstBytes: state.firstBytes,
            isHandshakeOver: state.isCompleted
        )
        switch error {
        case NIOSSLError.handshakeFailed(let error): return TLSAlert(error)?.failure(view)
        case let error as BoringSSLError: return TLSAlert(error)?.failure(view)
        default: return nil
        }
    }
}

/// Keeps the first bytes of a peer, by which a person can tell what answers.
private final class FirstBytesHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let handshake: TLSHandshake
    private var isFirst = true

    init(_ handshake: TLSHandshake) { self.handshake = handshake }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isFirst {
            isFirst = false
            handshake.received(unwrapInboundIn(data).readableBytesView.prefix(24))
        }
        context.fireChannelRead(data)
    }
}
