// SPDX-License-Identifier: Apache-2.0

/// A hint in an error response: where the partition's leader is now (KIP-951).
public struct LeaderAndEpoch: FieldStructure {
    /// The leader's node id, or -1.
    public var leaderID: Int32
    /// The leader's epoch, or -1.
    public var leaderEpoch: Int32

    /// A hint with Kafka's defaults for what is not given.
    public init(leaderID: Int32 = -1, leaderEpoch: Int32 = -1) {
        self.leaderID = leaderID
        self.leaderEpoch = leaderEpoch
    }

    /// Nothing but defaults.
    public init() {
        self.init(leaderID: -1)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("leaderId", &leaderID)
        try coder.field("leaderEpoch", &leaderEpoch)
    }
}
