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
    /// The listener that the client connected to.
    var listener = ListenerKind.main
    /// The client's host, as a number.
    var host = "unknown"
    /// Its login, where the listener wants one.
    var login: ConnectionLogin?
    /// The subject of its certificate, where the listener asks for one.
    var certificateSubject: String?

    /// Who the client is, by Kafka's rules: the user of its login, else the subject of its certificate.
    var principal: String {
        if let login { return "User:\(login.login.name ?? "ANONYMOUS")" }
        return "User:\(certificateSubject ?? "ANONYMOUS")"
    }

    /// For log lines.
    var metadata: Logger.Metadata {
        ["connection": "\(id)", "node": "\(nodeID)", "peer": "\(peer)"]
    }
}
