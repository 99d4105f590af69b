// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Testing

/// What clients take of a running broker's memory.
@Suite("The broker's memory", .takesTurns, .timeLimit(.minutes(10)))
struct BrokerMemoryTests {
    /// Tells when the first bytes have come.
    private final class FirstBytes: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let come: EventLoopPromise<Void>

        init(_ come: EventLoopPromise<Void>) { self.come = come }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { come.succeed() }

        func channelInactive(context: ChannelHandlerContext) { come.fail(ChannelError.eof) }
    }

    /// A client that has asked for the versions that are served, and was answered.
    private func connect(_ port: Int) async throws -> any Channel {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let come = loop.makePromise(of: Void.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FirstBytes(come))
                }
            }
            .connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)).get()
        try await channel.writeAndFlush(ByteBuffer(bytes: [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xFF, 0xFF]))
        try await come.futureResult.get()
        return channel
    }

    #if os(Linux)
        @Test("a client that has asked something and stays does not keep memory for the largest read")
        func connections() async throws {
            let broker = try ChildProcess(TestTools.kafkaProducer(), ["broker", "--port", "0"], limit: .seconds(300))
            let line = try await broker.line { $0.hasPrefix("listening on ") }
            let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
            var clients = [try await connect(port)]
            let before = try #require(broker.peakResidentBytes())
            for _ in 0..<200 { clients.append(try await connect(port)) }
            let after = try #require(broker.peakResidentBytes())
            #expect(after - before < 200 * 100_000)
            for client in clients { try await client.close() }
            broker.signal(15)
            #expect(try await broker.finish().status == 0)
        }
    #endif
}
