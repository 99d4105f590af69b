// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOPosix

/// A client that sends what it is told, right or wrong, and reads frames.
final class TestClient: Sendable {
    private let channel: any Channel
    private let frames: NIOLoopBound<FrameQueue>

    private init(channel: any Channel, frames: NIOLoopBound<FrameQueue>) {
        self.channel = channel
        self.frames = frames
    }

    /// The address is a number and the time has no end: nothing is looked up in a thread of its own, and a busy machine is
    /// only slow.
    ///
    /// - Parameters:
    ///   - port: The broker's port.
    ///   - reads: Whether it reads what comes; else it begins with `read`.
    /// - Returns: The client.
    /// - Throws: When it cannot connect.
    static func connect(port: Int, reads: Bool = true) async throws -> TestClient {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.hours(24))
            .channelOption(.autoRead, value: reads)
            .connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let queue = FrameQueue()
                    try channel.pipeline.syncOperations.addHandler(queue)
                    return TestClient(
                        channel: channel,
                        frames: NIOLoopBound(queue, eventLoop: channel.eventLoop)
                    )
                }
            }
    }

    /// Sends a request and reads its response.
    func send<Request: KafkaRequest>(
        _ request: Request,
        version: Int16,
        correlationID: Int32 = 7
    ) async throws -> Request.Response {
        try await write(
            RequestFrame.encode(request, version: version, correlationID: correlationID, clientID: "test")
        )
        return try await response(to: Request.self, version: version, correlationID: correlationID)
    }

    /// Reads the response to a request that was sent before.
    func response<Request: KafkaRequest>(
        to: Request.Type,
        version: Int16,
        correlationID: Int32 = 7
    ) async throws -> Request.Response {
        guard var frame = try await nextFrame() else { throw ConnectionClosed() }
        let header = try ResponseHeader(
            decoding: &frame,
            version: Request.Response.responseHeaderVersion(of: version)
        )
        guard header.correlationID == correlationID else { throw WrongCorrelation(id: header.correlationID) }
        return try Request.Response(decoding: &frame, version: version)
    }

    /// Sends bytes as they are.
    func write(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    /// The next frame without its size, or nil when the broker closed the connection.
    func nextFrame() async throws -> ByteBuffer? {
        try await channel.eventLoop.flatSubmit { [frames, eventLoop = channel.eventLoop] in
            frames.value.next(on: eventLoop)
        }.get()
    }

    /// Reads from now on.
    func read() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    func close() async {
        try? await channel.close()
    }
}

/// The broker closed the connection where a response was expected.
struct ConnectionClosed: Error {}

/// A response to another request.
struct WrongCorrelation: Error {
    let id: Int32
}

/// Cuts what comes in into frames, and gives them to whoever asks.
private final class FrameQueue: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var bytes = ByteBuffer()
    private var waiting: EventLoopPromise<ByteBuffer?>?
    private var isClosed = false

    func next(on eventLoop: any EventLoop) -> EventLoopFuture<ByteBuffer?> {
        let promise = eventLoop.makePromise(of: ByteBuffer?.self)
        waiting = promise
        give()
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var more = unwrapInboundIn(data)
        bytes.writeBuffer(&more)
        give()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        give()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func give() {
        guard let promise = waiting else { return }
        do {
            if let frame = try FrameSize.nextFrame(of: &bytes, limit: .max) {
                waiting = nil
                promise.succeed(frame)
            } else if isClosed {
                waiting = nil
                promise.succeed(nil)
            }
        } catch {
            waiting = nil
            promise.fail(error)
        }
    }
}
