// SPDX-License-Identifier: Apache-2.0

/// What a consumer group has committed for a partition.
package struct GroupPosition: Sendable, Equatable {
    package var topic: String
    package var partition: Int32
    package var offset: Int64
    /// What was kept with the offset.
    package var metadata: String

    package init(topic: String, partition: Int32, offset: Int64, metadata: String) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.metadata = metadata
    }
}
