// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOPosix

/// A broker of topic `t` that can be asked for metadata and for nothing else.
final class MetadataOnlyBroker: Sendable {
    private let listener: any Channel

    /// - Parameter version: The newest version of Metadata that it speaks.
    /// - Throws: When it cannot listen.
    init(upTo version: Int16) async throws {
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(version))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { listener.localAddress?.port ?? 0 }

    func stop() async throws { try await listener.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let newest: Int16
        private var received = ByteBuffer()

        init(_ newest: Int16) { self.newest = newest }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.writeImmutableBuffer(unwrapInboundIn(data))
            do {
                while var request = received.readLengthPrefixedSlice(as: Int32.self) {
                    let answer = try answer(to: RequestHeader(decoding: &request), context)
                    context.writeAndFlush(NIOAny(answer), promise: nil)
                }
            } catch {
                context.close(promise: nil)
            }
        }

        private func answer(to header: RequestHeader, _ context: ChannelHandlerContext) throws -> ByteBuffer {
            let (version, correlationID) = (header.apiVersion, header.correlationID)
            guard header.apiKey == .metadata else {
                let versions = ApiVersionsResponse(apiKeys: [
                    .init(apiKey: .apiVersions, minVersion: 0, maxVersion: 4),
                    .init(apiKey: .metadata, minVersion: 0, maxVersion: newest),
                ])
                return try ResponseFrame.encode(versions, version: version, correlationID: correlationID)
            }
            let port = Int32(context.channel.localAddress?.port ?? 0)
            let partition = MetadataResponse.Partition(partitionIndex: 0, leaderID: 1)
            let metadata = MetadataResponse(
                brokers: [.init(nodeID: 1, host: "127.0.0.1", port: port)],
                topics: [.init(name: "t", partitions: [partition])]
            )
            return try ResponseFrame.encode(metadata, version: version, correlationID: correlationID)
        }
    }
}
