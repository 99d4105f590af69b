// SPDX-License-Identifier: Apache-2.0

/// Takes single brokers of the cluster down and up again.
protocol NodeControl: AnyObject {
    /// Closes a broker's connections and its listener.
    func takeDown(_ nodeID: Int32, _ ending: NodeEnding)
    /// Lets a broker answer nothing.
    func freeze(_ nodeID: Int32)
    /// Lets a broker answer again.
    func thaw(_ nodeID: Int32)
    /// Lets a broker that is down listen again.
    func bringUp(_ nodeID: Int32)
    /// Closes a broker's listener, and leaves its connections alone.
    func refuseConnections(_ nodeID: Int32)
    /// Lets a broker that refuses connections listen again.
    func acceptConnections(_ nodeID: Int32)
}
