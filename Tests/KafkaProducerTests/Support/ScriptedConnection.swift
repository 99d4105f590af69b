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

/// Runs `body` with a scripted cluster and a producer for it, on a network whose time the body moves.
func withVirtualBroker(
    _ script: BrokerScript = BrokerScript(),
    nodes: Int = 1,
    configure: (inout ProducerConfiguration) -> Void = { _ in },
    _ body: (ScriptedBroker, KafkaProducer, RecordingObserver, VirtualNetwork) async throws -> Void
) async throws {
    try await withVirtualBroker(script, nodes: nodes, isHasty: false, configure: configure, body)
}

/// Runs `body` with a scripted cluster and a producer for it, on a network where nobody waits for what is near.
func withScriptedBroker(
    _ script: BrokerScript = BrokerScript(),
    nodes: Int = 1,
    configure: (inout ProducerConfiguration) -> Void = { _ in },
    _ body: (ScriptedBroker, KafkaProducer, RecordingObserver) async throws -> Void
) async throws {
    try await withVirtualBroker(script, nodes: nodes, isHasty: true, configure: configure) {
        broker,
        producer,
        observer,
        _ in
        try await body(broker, producer, observer)
    }
}

private func withVirtualBroker(
    _ script: BrokerScript,
    nodes: Int,
    isHasty: Bool,
    configure: (inout ProducerConfiguration) -> Void,
    _ body: (ScriptedBroker, KafkaProducer, RecordingObserver, VirtualNetwork) async throws -> Void
) async throws {
    let network = await VirtualNetwork.start()
    let broker = ScriptedBroker.start(script, nodes: nodes, on: network)
    defer { broker.stop() }
    var configuration = ProducerConfiguration.test(ports: broker.ports)
    configure(&configuration)
    let observer = RecordingObserver()
    let producer = try network.producer(configuration, observer: observer, isHasty: isHasty)
    do {
        try await body(broker, producer, observer, network)
    } catch {
        await network.running { await producer.close(timeout: .zero) }
        throw error
    }
    // What is left may need time to be delivered.
    await network.running { await producer.close() }
}

/// Runs `body` with a scripted cluster on loopback and a producer for it: for what the system's own buffers do.
func withLoopbackBroker(
    _ script: BrokerScript,
    configure: (inout ProducerConfiguration) -> Void,
    _ body: (ScriptedBroker, KafkaProducer) async throws -> Void
) async throws {
    let broker = try await ScriptedBroker.start(script, nodes: 1)
    defer { broker.stop() }
    var configuration = ProducerConfiguration.test(ports: broker.ports)
    configure(&configuration)
    try await withProducer(configuration) { try await body(broker, $0) }
}
