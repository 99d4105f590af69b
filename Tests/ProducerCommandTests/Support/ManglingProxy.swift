// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Synchronization

/// A proxy in front of one broker that damages what passes. Which damage is done follows from a seed; to which bytes, also
/// from the moments at which they come.
final class ManglingProxy: Sendable {
    /// What is done to each direction of all connections.
    struct Plan: Sendable {
        var requests = Mangler.Style.nothing
        var responses = Mangler.Style.nothing
        var budget: DamageBudget
        var seed: UInt64
    }

    private struct State {
        var target: Int?
        var connections: UInt64 = 0
    }

    /// Where clients connect.
    var port: Int { listener.localAddress?.port ?? 0 }

    private let listener: any Channel
    private let state: StateBox

    /// Starts a proxy on a free port. It closes all connections until it knows where to forward them.
    init(_ plan: Plan) async throws {
        let state = StateBox()
        self.state = state
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { client in
                guard let (target, number) = state.next() else {
                    return client.close()
                }
                return Self.join(client, to: target, plan, number: number)
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Forwards connections to this port from now on.
    func forward(to port: Int) { state.forward(to: port) }

    /// Takes no more connections.
    func stop() async { try? await listener.close() }

    /// Connects to the broker, and each side with the other.
    private static func join(
        _ client: any Channel,
        to target: Int,
        _ plan: Plan,
        number: UInt64
    ) -> EventLoopFuture<Void> {
        let seed = plan.seed &* 1_000_003 &+ number &* 2
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: target)
            .flatMapThrowing { broker in
                let requests = Mangler(plan.requests, budget: plan.budget, seed: seed)
                let responses = Mangler(plan.responses, budget: plan.budget, seed: seed &+ 1)
                try client.pipeline.syncOperations.addHandler(ManglingHandler(peer: broker, requests))
                try broker.pipeline.syncOperations.addHandler(ManglingHandler(peer: client, responses))
                for channel in [client, broker] { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
            }
    }

    /// Where to, and how many connections there were.
    private final class StateBox: Sendable {
        private let state = Mutex(State())

        func forward(to port: Int) { state.withLock { $0.target = port } }

        func next() -> (target: Int, number: UInt64)? {
            state.withLock { state in
                state.connections += 1
                let number = state.connections
                return state.target.map { ($0, number) }
            }
        }
    }
}

/// Hands what one side sends to the other, damaged.
private final class ManglingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private var mangler: Mangler
    /// Nothing may overtake what was delayed until then.
    private var heldUntil = NIODeadline.uptimeNanoseconds(0)

    init(peer: any Channel, _ mangler: Mangler) {
        self.peer = peer
        self.mangler = mangler
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let outcome = mangler.pass(unwrapInboundIn(data))
        let peer = peer
        let now = NIODeadline.now()
        if let delay = outcome.delay { heldUntil = max(now, heldUntil) + delay }
        let send: @Sendable () -> Void = {
            if outcome.bytes.readableBytes > 0 { peer.writeAndFlush(outcome.bytes, promise: nil) }
            if outcome.isLast { peer.close(promise: nil) }
        }
        if heldUntil > now {
            _ = context.eventLoop.scheduleTask(deadline: heldUntil, send)
        } else {
            send()
        }
        if outcome.isLast { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let peer = peer
        guard heldUntil > .now() else { return peer.close(promise: nil) }
        _ = context.eventLoop.scheduleTask(deadline: heldUntil) { peer.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
