// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// One entry of `bootstrap.servers`: a host and a port.
public struct BootstrapServer: Sendable, Hashable, CustomStringConvertible {
    /// A host name, an IPv4 address, or an IPv6 address without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int

    /// Creates an entry from its parts.
    ///
    /// - Parameters:
    ///   - host: a host name or an address without brackets.
    ///   - port: the TCP port.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether a host with colons is an IPv6 address, with or without a zone: `::1` read as a host and a port is none.
    var isHostPlausible: Bool {
        guard host.utf8.contains(UInt8(ascii: ":")) else { return true }
        let address = host.prefix { $0 != "%" }
        return (try? SocketAddress(ipAddress: String(address), port: port)) != nil
    }

    /// `host:port`, an IPv6 address in brackets.
    public var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
