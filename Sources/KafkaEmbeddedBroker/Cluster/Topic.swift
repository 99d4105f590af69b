// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// A topic and its partitions.
final class Topic {
    let name: String
    let id: TopicID
    let partitions: [Partition]
    /// Bytes of the largest batch that is accepted. Kafka's `max.message.bytes`.
    var maxMessageBytes: Int

    init(name: String, id: TopicID, partitions: [Partition], maxMessageBytes: Int) {
        self.name = name
        self.id = id
        self.partitions = partitions
        self.maxMessageBytes = maxMessageBytes
    }

    /// The partition of this number, or nil when there is none.
    func partition(_ index: Int32) -> Partition? {
        partitions.indices.contains(Int(index)) ? partitions[Int(index)] : nil
    }
}
