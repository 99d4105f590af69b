// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Testing

@testable import KafkaEmbeddedBroker

/// A client of the page that sends what it is told, right or wrong, and reads to the end of the connection.
struct PageClient {
    /// What came, cut at the first empty line.
    struct Answer {
        var head: String
        var body: String
        var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
    }

    let port: Int

    init(_ broker: EmbeddedBroker) throws {
        let address = try #require(broker.uiAddress)
        try #require(address.hasPrefix("http://127.0.0.1:"))
        port = try #require(Int(address.dropFirst("http://127.0.0.1:".count).dropLast()))
    }

    func get(_ path: String, method: String = "GET", host: String? = "localhost") async throws -> Answer {
        let header = host.map { "Host: \($0)\r\n" } ?? ""
        return try await exchange("\(method) \(path) HTTP/1.1\r\n\(header)\r\n")
    }

    /// Sends a request as soon as there is a connection, on the event loop alone: a task that waits for its turn beside two
    /// thousand tests may come later than the page waits for a request.
    func exchange(_ request: String) async throws -> Answer {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: String.self)
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .connectTimeout(.hours(24))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Exchange(request, promise))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .whenFailure { promise.fail($0) }
        let text = try await promise.futureResult.get()
        guard let end = text.firstRange(of: "\r\n\r\n") else { return Answer(head: text, body: "") }
        return Answer(head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
    }

    /// Sends a request and collects all that comes before the end.
    private final class Exchange: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let request: String
        private let promise: EventLoopPromise<String>
        private var answer = ByteBuffer()

        init(_ request: String, _ promise: EventLoopPromise<String>) {
            self.request = request
            self.promise = promise
        }

        func channelActive(context: ChannelHandlerContext) {
            // The other side may have had enough already.
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            answer.writeBuffer(&bytes)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { promise.succeed(String(buffer: answer)) }
    }
}
