// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1
import NIOPosix
public import ServiceLifecycle

/// An HTTP server with one resource: `POST /orders` places the order in its body.
public struct OrderServer: Service {
    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private static let largestOrder = 64 << 10

    private let desk: OrderDesk
    private let port: Int
    private let whenListening: @Sendable (Int) -> Void

    /// A server on a port of this machine; 0 for any that is free.
    ///
    /// - Parameters:
    ///   - desk: Where orders are placed.
    ///   - port: The port to listen on.
    ///   - whenListening: Gets the port once it takes connections.
    public init(desk: OrderDesk, port: Int, whenListening: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.desk = desk
        self.port = port
        self.whenListening = whenListening
    }

    /// Serves until a graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        whenListening(server.channel.localAddress?.port ?? port)
        try await server.executeThenClose { connections in
            try await withGracefulShutdownHandler {
                try await serve(connections)
            } onGracefulShutdown: {
                server.channel.close(promise: nil)
            }
        }
    }

    private func serve(_ connections: NIOAsyncChannelInboundStream<Connection>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for try await connection in connections {
                group.addTask {
                    // A client that goes away ends its own connection alone.
                    try? await serve(connection)
                }
            }
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { requests, responses in
            var head: HTTPRequestHead?
            var body = ByteBuffer()
            for try await part in requests {
                switch part {
                case .head(let new): (head, body) = (new, ByteBuffer())
                case .body(let bytes) where body.readableBytes + bytes.readableBytes <= Self.largestOrder:
                    body.writeImmutableBuffer(bytes)
                case .body: head?.uri = "/too-large"
                case .end:
                    guard let head else { continue }
                    let (status, text) = await answer(to: head, String(buffer: body))
                    try await responses.write(contentsOf: Self.response(status, text, head))
                    if !head.isKeepAlive { return }
                }
            }
        }
    }

    private func answer(to head: HTTPRequestHead, _ body: String) async -> (HTTPResponseStatus, String) {
        guard head.uri != "/too-large" else { return (.payloadTooLarge, "the order is too large") }
        guard head.method == .POST, head.uri == "/orders" else { return (.notFound, "POST an order to /orders") }
        guard !body.isEmpty else { return (.badRequest, "the order is empty") }
        do {
            try await desk.place(body)
            return (.created, "ordered")
        } catch {
            return (.serviceUnavailable, "not ordered: \(error)")
        }
    }

    private static func response(
        _ status: HTTPResponseStatus,
        _ text: String,
        _ request: HTTPRequestHead
    ) -> [HTTPServerResponsePart] {
        let body = ByteBuffer(string: text + "\n")
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "content-length", value: "\(body.readableBytes)")
        return [.head(head), .body(.byteBuffer(body)), .end(nil)]
    }
}
