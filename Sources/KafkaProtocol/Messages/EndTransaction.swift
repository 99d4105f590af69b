// SPDX-License-Identifier: Apache-2.0

// EndTxn: commits or aborts a transaction (KIP-98).
//
//  1  the broker answers before it throttles (KIP-219)
//  2  PRODUCER_FENCED may be answered (KIP-588)
//  3  flexible
//  4  TRANSACTION_ABORTABLE may be answered (KIP-890)
//  5  each transaction has an epoch of its own: the response tells the next one (KIP-890)

/// Commits or aborts a transaction.
public struct EndTransactionRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = EndTransactionResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.endTransaction
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...5

    /// The transactional id.
    public var transactionalID: String
    /// The producer's id.
    public var producerID: Int64
    /// The producer's epoch.
    public var producerEpoch: Int16
    /// Whether to commit; else the transaction is aborted.
    public var committed: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(
        transactionalID: String = "",
        producerID: Int64 = 0,
        producerEpoch: Int16 = 0,
        committed: Bool = false
    ) {
        self.transactionalID = transactionalID
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.committed = committed
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
        try coder.field("committed", &committed)
    }
}

/// Tells whether the end of a transaction is decided.
public struct EndTransactionResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = EndTransactionRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// The producer id of the next transaction, or -1, from version 5 on.
    public var producerID: Int64
    /// The epoch of the next transaction, or -1, from version 5 on.
    public var producerEpoch: Int16

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        producerID: Int64 = -1,
        producerEpoch: Int16 = -1
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.producerID = producerID
        self.producerEpoch = producerEpoch
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
        try coder.field("producerId", &producerID, since: 5)
        try coder.field("producerEpoch", &producerEpoch, since: 5)
    }
}
