// SPDX-License-Identifier: Apache-2.0

/// How it went for one partition: the shape of an entry in many answers.
public struct PartitionError: FieldStructure {
    /// The partition's number.
    public var partitionIndex: Int32
    /// Why it was not done.
    public var errorCode: ErrorCode

    /// A partition with Kafka's defaults for what is not given.
    public init(partitionIndex: Int32 = 0, errorCode: ErrorCode = .none) {
        self.partitionIndex = partitionIndex
        self.errorCode = errorCode
    }

    /// Nothing but defaults.
    public init() {
        self.init(partitionIndex: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("partitionIndex", &partitionIndex)
        try coder.field("errorCode", &errorCode)
    }
}
