// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix

/// A listening socket of one broker of the cluster. It can stop to listen and begin again, and keeps its port.
final class NodeListener {
    let nodeID: Int32
    let kind: ListenerKind
    private var state = State.idle
    private var address: SocketAddress?

    private enum State {
        case idle
        case listening(any Channel)
        case suspended(PortReservation?)
        case closed
    }

    init(nodeID: Int32, kind: ListenerKind) {
        self.nodeID = nodeID
        self.kind = kind
    }

    /// The port, 0 before there is one.
    var port: Int { address?.port ?? 0 }

    /// Takes the channel that listens for this broker.
    func listens(_ channel: any Channel) {
        guard case .closed = state else {
            address = channel.localAddress
            state = .listening(channel)
            return
        }
        channel.close(promise: nil)
    }

    /// Reads connections from now on.
    func open() {
        guard case .listening(let channel) = state else { return }
        channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }

    /// Stops to listen and keeps the port. To be called on the event loop, where a socket is closed at once.
    func suspend() {
        guard case .listening(let channel) = state else { return }
        let reservation = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { socket in address.flatMap { PortReservation(socket, at: $0) } }
        state = .suspended(reservation ?? nil)
        channel.close(promise: nil)
    }

    /// Listens again on the same port, if it was suspended.
    ///
    /// - Parameter bootstrap: Sets up the listener and its connections.
    /// - Returns: When it listens; nil when there is nothing to wait for.
    func resume(_ bootstrap: ServerBootstrap) -> EventLoopFuture<any Channel>? {
        guard case .suspended(let reservation) = state, let address else { return nil }
        state = .idle
        guard let reservation else { return bootstrap.bind(to: address) }
        return bootstrap.withBoundSocket(reservation.take())
    }

    /// Closes the listener for good.
    func close() -> (any Channel)? {
        defer { state = .closed }
        guard case .listening(let channel) = state else { return nil }
        return channel
    }
}
