// SPDX-License-Identifier: Apache-2.0

/// Some partitions of a topic by their numbers: the shape of a list in many requests.
public struct TopicPartitionIndexes: FieldStructure {
    /// The topic's name.
    public var name: String
    /// The partitions.
    public var partitionIndexes: [Int32]

    /// A topic with Kafka's defaults for what is not given.
    public init(name: String = "", partitionIndexes: [Int32] = []) {
        self.name = name
        self.partitionIndexes = partitionIndexes
    }

    /// Nothing but defaults.
    public init() {
        self.init(name: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("name", &name)
        try coder.field("partitionIndexes", &partitionIndexes)
    }
}
