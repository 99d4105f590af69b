// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

@testable import KafkaProducer

/// A connection to a scripted broker.
final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let broker: ScriptedBroker
    private let node: Int32
    private let id: Int
    private var received = ByteBuffer()

    init(broker: ScriptedBroker, node: Int32, id: Int) {
        self.broker = broker
        self.node = node
        self.id = id
    }

    func channelInactive(context: ChannelHandlerContext) { broker.ended() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        do {
            while let frame = try FrameSize.nextFrame(of: &received, limit: 1 << 24) {
                try broker.serve(frame, on: context.channel, node: node, connection: id)
            }
        } catch {
            context.close(promise: nil)
        }
    }
}

/// Runs `body` with a scripted cluster and a producer for it.
func withScriptedBroker(
    _ script: BrokerScript = BrokerScript(),
    nodes: Int = 1,
    configure: (inout ProducerConfiguration) -> Void = { _ in },
    _ body: (ScriptedBroker, KafkaProducer, RecordingObserver) async throws -> Void
) async throws {
    let broker = try await ScriptedBroker.start(script, nodes: nodes)
    defer { broker.stop() }
    var configuration = ProducerConfiguration.test(ports: broker.ports)
    configure(&configuration)
    let observer = RecordingObserver()
    try await withProducer(configuration, observer: observer) { try await body(broker, $0, observer) }
}
