// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOPosix

/// Something on a port that is no broker's plain-text listener: bytes only.
final class FakePeer: Sendable {
    /// What it does with the first request, and with those after it.
    enum Kind: String, Sendable, CaseIterable {
        /// Says in TLS that it does not understand, and closes.
        case tls
        /// The same in an older version.
        case oldTLS
        case http
        /// Tells its versions, and closes at the next request.
        case login
        /// Tells the APIs of a controller.
        case controller
        /// Closes at once.
        case closing
    }

    /// Where it listens.
    var place: String { "127.0.0.1:\(listener.localAddress?.port ?? 0)" }

    private let listener: any Channel

    /// Listens on a free port.
    init(_ kind: Kind) async throws {
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Peer(kind))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    deinit { listener.close(promise: nil) }

    private final class Peer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let kind: Kind
        private var received = ByteBuffer()
        private var requests = 0

        init(_ kind: Kind) { self.kind = kind }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            received.writeBuffer(&bytes)
            guard var frame = try? FrameSize.nextFrame(of: &received, limit: 1 << 20) else { return }
            requests += 1
            switch kind {
            case .tls: last([0x15, 3, 3, 0, 2, 2, 10], context)
            case .oldTLS: last([0x15, 3, 1, 0, 2, 2, 40], context)
            case .http: last(Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8), context)
            case .login where requests == 1: tellVersions([0, 1, 2, 3, 17, 18, 22, 36], to: &frame, context)
            case .controller: tellVersions([1, 18, 19, 52, 53, 54, 62, 63], to: &frame, context)
            case .login, .closing: context.close(promise: nil)
            }
        }

        private func last(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in channel.close(promise: nil) }
        }

        private func tellVersions(_ apis: [Int16], to frame: inout ByteBuffer, _ context: ChannelHandlerContext) {
            let response = ApiVersionsResponse(
                apiKeys: apis.map { .init(apiKey: APIKey(rawValue: $0), minVersion: 0, maxVersion: 4) }
            )
            guard let header = try? RequestHeader(decoding: &frame),
                let answer = try? ResponseFrame.encode(
                    response,
                    version: header.apiVersion,
                    correlationID: header.correlationID
                )
            else { return context.close(promise: nil) }
            context.channel.writeAndFlush(answer, promise: nil)
        }
    }
}
