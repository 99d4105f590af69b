// SPDX-License-Identifier: Apache-2.0

extension RecordAppender {
    /// The partition of records whose keys have one hash, which holds as long as the topic has so many partitions.
    public struct KeyedPartition: Sendable, Equatable {
        /// The partition's number.
        public let partition: Int32
        /// How many partitions the topic had when it was chosen.
        public let partitionCount: Int32

        /// The partition of this number among so many.
        public init(_ partition: Int32, of partitionCount: Int32) {
            self.partition = partition
            self.partitionCount = partitionCount
        }

        /// The partition of a key among so many.
        public init(forKey key: Span<UInt8>, of partitionCount: Int32) {
            self.init(Murmur2.partition(forKey: key, count: partitionCount), of: partitionCount)
        }
    }
}
