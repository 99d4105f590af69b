// SPDX-License-Identifier: Apache-2.0

/// A topic by its name, and something about each of its partitions: the shape of a list in many messages.
public struct TopicEntry<Partition: FieldValue & Equatable & Sendable>: FieldStructure {
    /// The topic's name.
    public var name: String
    /// The partitions.
    public var partitions: [Partition]

    /// A topic with Kafka's defaults for what is not given.
    public init(name: String = "", partitions: [Partition] = []) {
        self.name = name
        self.partitions = partitions
    }

    /// Nothing but defaults.
    public init() {
        self.init(name: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("name", &name)
        try coder.field("partitions", &partitions)
    }
}
