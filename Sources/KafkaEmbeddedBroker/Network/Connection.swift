// SPDX-License-Identifier: Apache-2.0
import Logging

/// Who is at the other end, and which of the brokers it is connected to.
struct Connection {
    /// Counted up over all connections of the cluster.
    let id: Int
    /// Node id of the broker that the client connected to.
    let nodeID: Int32
    /// The client's address.
    let peer: String

    /// For log lines.
    var metadata: Logger.Metadata {
        ["connection": "\(id)", "node": "\(nodeID)", "peer": "\(peer)"]
    }
}
