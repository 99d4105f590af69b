// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Platform

/// Holds the port of a broker that is down: its socket, which is bound and does not listen. Clients are refused, and no
/// other program is given the port meanwhile.
final class PortReservation {
    private var descriptor: CInt

    /// Ends the listening of a socket and keeps its port.
    ///
    /// Closing the socket would not be enough: a program that is being started elsewhere in this process holds a copy of
    /// it until it runs, and a copy that listens keeps the port and accepts connections.
    ///
    /// - Parameters:
    ///   - listening: The socket, which may be closed afterwards.
    ///   - address: Where it listens.
    init?(_ listening: CInt, at address: SocketAddress) {
        descriptor = fcntl(listening, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0, shutdown(listening, CInt(SHUT_RDWR)) == 0 else { return nil }
        // A port that the system chose is given back by this; one that was asked for is still bound, which is an error.
        _ = unsafe address.withSockAddr { pointer, size in unsafe bind(descriptor, pointer, socklen_t(size)) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Hands the socket over to the server that will listen on it.
    func take() -> CInt {
        defer { descriptor = -1 }
        return descriptor
    }
}
