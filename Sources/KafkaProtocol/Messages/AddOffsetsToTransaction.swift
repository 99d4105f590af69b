// SPDX-License-Identifier: Apache-2.0

// AddOffsetsToTxn: adds a group's offsets to a transaction before they are committed in it (KIP-98).
//
//  1  the broker answers before it throttles (KIP-219)
//  2  PRODUCER_FENCED may be answered (KIP-588)
//  3  flexible
//  4  TRANSACTION_ABORTABLE may be answered (KIP-890)

/// Adds a group's offsets to a transaction.
public struct AddOffsetsToTransactionRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = AddOffsetsToTransactionResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.addOffsetsToTransaction
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...4

    /// The transactional id.
    public var transactionalID: String
    /// The producer's id.
    public var producerID: Int64
    /// The producer's epoch.
    public var producerEpoch: Int16
    /// The group's name.
    public var groupID: String

    /// A request with Kafka's defaults for what is not given.
    public init(transactionalID: String = "", producerID: Int64 = 0, producerEpoch: Int16 = 0, groupID: String = "") {
        self.transactionalID = transactionalID
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.groupID = groupID
    }

    /// Nothing but defaults.
    public init() {
        self.init(transactionalID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("transactionalId", &transactionalID)
        try coder.field("producerId", &producerID)
        try coder.field("producerEpoch", &producerEpoch)
        try coder.field("groupId", &groupID)
    }
}

/// Tells whether a group's offsets were added.
public struct AddOffsetsToTransactionResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = AddOffsetsToTransactionRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .none) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
    }
}
