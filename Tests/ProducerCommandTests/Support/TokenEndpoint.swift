// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// An issuer of tokens on a loopback port: a token for each request, which nobody signs, or a refusal.
final class TokenEndpoint: Sendable {
    private struct State {
        var count = 0
        var refusal: String?
    }

    private let lifetime: TimeInterval
    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    /// Listens on a free port.
    ///
    /// - Parameter lifetime: For how many seconds a token holds.
    /// - Throws: When it cannot listen.
    init(lifetime: TimeInterval) async throws {
        self.lifetime = lifetime
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [weak self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let self else { throw ChannelError.ioOnClosedChannel }
                    try channel.pipeline.syncOperations.addHandler(Peer(self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = listener }
    }

    deinit { channel.withLock { $0 }?.close(promise: nil) }

    var url: String { "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port } ?? 0)/token" }

    /// How many tokens it has given.
    var count: Int { state.withLock { $0.count } }

    /// Answers 401 with this description from now on.
    func refuse(_ description: String) { state.withLock { $0.refusal = description } }

    fileprivate func answer() -> String {
        let refusal = state.withLock { state in
            if state.refusal == nil { state.count += 1 }
            return state.refusal
        }
        if let refusal {
            let body = #"{"error":"invalid_client","error_description":"\#(refusal)"}"#
            return "HTTP/1.1 401 Unauthorized\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        let now = Date().timeIntervalSince1970
        let claims = #"{"sub":"alice","iat":\#(now.rounded(.down)),"exp":\#(now + lifetime)}"#
        let token = [#"{"alg":"none"}"#, claims].map { part in
            Data(part.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=",
                with: ""
            )
        }
        let body = #"{"access_token":"\#(token.joined(separator: ".")).","token_type":"Bearer"}"#
        return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private final class Peer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let endpoint: TokenEndpoint
        private var received = ""

        init(_ endpoint: TokenEndpoint) { self.endpoint = endpoint }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard received.contains("\r\n\r\n"), received.contains("grant_type=client_credentials") else { return }
            received = ""
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(string: endpoint.answer())).whenComplete { _ in channel.close(promise: nil)
            }
        }
    }
}
