// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import NIOPosix

/// Looks one host up by the system's resolver, on a thread of its own.
///
/// The system's resolver may take longer than the client lives. NIO's own resolver would bring its answer to an event loop
/// that has ended, which is told on standard error and is to become a crash.
final class HostResolver: Resolver, Sendable {
    /// The client has closed while the name was looked up.
    struct GivenUp: Error {}

    private let gate: LoopGate
    private let v4Promise: EventLoopPromise<[SocketAddress]>
    private let v6Promise: EventLoopPromise<[SocketAddress]>
    private let lookUp: @Sendable (String, Int) throws(SystemResolver.UnknownHost) -> [SocketAddress]

    /// - Parameters:
    ///   - gate: How the answer comes to the event loop.
    ///   - lookUp: Asks for the addresses of a host and port; it may block. Default: the system's resolver.
    init(
        _ gate: LoopGate,
        lookUp: @escaping @Sendable (String, Int) throws(SystemResolver.UnknownHost) -> [SocketAddress] = {
            (host, port) throws(SystemResolver.UnknownHost) in try SystemResolver.addresses(of: host, port: port)
        }
    ) {
        self.gate = gate
        self.lookUp = lookUp
        v4Promise = gate.eventLoop.makePromise()
        v6Promise = gate.eventLoop.makePromise()
    }

    /// The IPv4 addresses, of the one question that ``initiateAAAAQuery(host:port:)`` asks.
    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { v4Promise.futureResult }

    /// Asks for all addresses; the IPv6 ones.
    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        let expectation = gate.expect { self.fail(GivenUp()) }
        DispatchQueue.global().async { [self] in
            do throws(SystemResolver.UnknownHost) {
                let addresses = try lookUp(host, port)
                gate.meet(expectation) { self.succeed(addresses) }
            } catch {
                gate.meet(expectation) { self.fail(error) }
            }
        }
        return v6Promise.futureResult
    }

    /// The system's resolver cannot be interrupted.
    func cancelQueries() {}

    private func succeed(_ addresses: [SocketAddress]) {
        v6Promise.succeed(addresses.filter { $0.protocol == .inet6 })
        v4Promise.succeed(addresses.filter { $0.protocol == .inet })
    }

    private func fail(_ error: any Error) {
        v6Promise.fail(error)
        v4Promise.fail(error)
    }
}
