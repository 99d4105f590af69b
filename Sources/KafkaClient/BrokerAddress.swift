// SPDX-License-Identifier: Apache-2.0

/// A broker as the cluster, or `bootstrap.servers`, names it.
public struct BrokerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The ports that there can be.
    package static let ports = 1...65_535

    /// The broker's id, or `nil` for an entry of `bootstrap.servers`, whose id is not known yet.
    public let nodeID: Int32?
    /// A host name or an IP address.
    public let host: String
    /// A TCP port.
    public let port: Int

    /// A broker's address.
    public init(nodeID: Int32?, host: String, port: Int) {
        self.nodeID = nodeID
        self.host = host
        self.port = port
    }

    /// `host:port`, with the broker's id when it is known.
    public var description: String {
        let place = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        return if let nodeID { "\(place) (id \(nodeID))" } else { place }
    }
}
