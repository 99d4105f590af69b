// SPDX-License-Identifier: Apache-2.0

/// The address of a node that a `LeaderAndEpoch` names (KIP-951).
public struct NodeEndpoint: FieldStructure {
    /// The node's id.
    public var nodeID: Int32
    /// The host to connect to.
    public var host: String
    /// The port to connect to.
    public var port: Int32
    /// The node's rack, or null.
    public var rack: String?

    /// A node with Kafka's defaults for what is not given.
    public init(nodeID: Int32 = 0, host: String = "", port: Int32 = 0, rack: String? = nil) {
        self.nodeID = nodeID
        self.host = host
        self.port = port
        self.rack = rack
    }

    /// Nothing but defaults.
    public init() {
        self.init(nodeID: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("nodeId", &nodeID)
        try coder.field("host", &host)
        try coder.field("port", &port)
        try coder.field("rack", &rack)
    }
}
