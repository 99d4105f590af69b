// SPDX-License-Identifier: Apache-2.0

/// How far a group has read a partition, to be committed in a transaction.
public struct CommittedOffset: Sendable, Hashable {
    /// The topic that was read.
    public var topic: String
    /// The partition that was read.
    public var partition: Int32
    /// The offset of the next record to read.
    public var offset: Int64
    /// The leader epoch of the last record that was read, or -1.
    public var leaderEpoch: Int32
    /// What is to be kept with it, at most 4,096 characters by the broker's default, or nil.
    public var metadata: String?

    /// An offset of a partition.
    public init(topic: String, partition: Int32, offset: Int64, leaderEpoch: Int32 = -1, metadata: String? = nil) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.leaderEpoch = leaderEpoch
        self.metadata = metadata
    }
}
