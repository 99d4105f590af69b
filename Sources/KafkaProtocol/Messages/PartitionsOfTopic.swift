// SPDX-License-Identifier: Apache-2.0

/// Some partitions of a topic by their numbers, under the names of fields that other messages have for them.
public struct PartitionsOfTopic: FieldStructure {
    /// The topic's name.
    public var topic: String
    /// The partitions.
    public var partitions: [Int32]

    /// A topic with Kafka's defaults for what is not given.
    public init(topic: String = "", partitions: [Int32] = []) {
        self.topic = topic
        self.partitions = partitions
    }

    /// Nothing but defaults.
    public init() {
        self.init(topic: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("topic", &topic)
        try coder.field("partitions", &partitions)
    }
}
