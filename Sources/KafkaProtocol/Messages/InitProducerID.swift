// SPDX-License-Identifier: Apache-2.0

// InitProducerId: a producer id and epoch, for idempotence and transactions.
//
//  1  the broker answers before it throttles (KIP-219)
//  2  flexible
//  3  producerID and producerEpoch in the request, to go on after an error (KIP-360)
//  4  PRODUCER_FENCED may be answered (KIP-588)
//  5  TRANSACTION_ABORTABLE may be answered (KIP-890)
//  6  two-phase commit (KIP-939)

/// Asks for a producer id, or for the next epoch of one.
public struct InitProducerIDRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = InitProducerIDResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.initProducerID
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...6

    /// The transactional id, or null for idempotence only.
    public var transactionalID: String?
    /// Milliseconds after which an idle transaction is aborted.
    public var transactionTimeoutMs: Int32
    /// The id that the producer has already, or -1.
    public var producerID: Int64
    /// The epoch that the producer has already, or -1.
    public var producerEpoch: Int16
    /// Whether the transactions take part in a two-phase commit.
    public var enable2Pc: Bool
    /// Whether a prepared transaction is kept instead of aborted.
    public var keepPreparedTxn: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(
        transactionalID: String? = "",
        transactionTimeoutMs: Int32 = 0,
        producerID: Int64 = -1,
        producerEpoch: Int16 = -1,
        enable2Pc: Bool = false,
        keepPreparedTxn: Bool = false
    ) {
        self.transactionalID = transactionalID
        self.transactionTimeoutMs = transactionTimeoutMs
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.enable2Pc = enable2Pc
        self.keepPreparedTxn = keepPreparedTxn
    }

    /// Nothing but defaults.
    public init() {
        self.init(transactionalID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("transactionalId", &transactionalID)
        try coder.field("transactionTimeoutMs", &transactionTimeoutMs)
        try coder.field("producerId", &producerID, since: 3, default: -1)
        try coder.field("producerEpoch", &producerEpoch, since: 3, default: -1)
        try coder.field("enable2Pc", &enable2Pc, since: 6, default: false)
        try coder.field("keepPreparedTxn", &keepPreparedTxn, since: 6, default: false)
    }
}

/// Hands out a producer id and epoch.
public struct InitProducerIDResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = InitProducerIDRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// The producer id, or -1.
    public var producerID: Int64
    /// The epoch.
    public var producerEpoch: Int16
    /// The producer id of the prepared transaction that was kept, or -1.
    public var ongoingTxnProducerID: Int64
    /// The epoch of that transaction, or -1.
    public var ongoingTxnProducerEpoch: Int16

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        producerID: Int64 = -1,
        producerEpoch: Int16 = 0,
        ongoingTxnProducerID: Int64 = -1,
        ongoingTxnProducerEpoch: Int16 = -1
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.ongoingTxnProducerID = ongoingTxnProducerID
        self.ongoingTxnProducerEpoch = ongoingTxnProducerEpoch
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
        try coder.field("producerId", &producerID)
        try coder.field("producerEpoch", &producerEpoch)
        try coder.field("ongoingTxnProducerId", &ongoingTxnProducerID, since: 6, default: -1)
        try coder.field("ongoingTxnProducerEpoch", &ongoingTxnProducerEpoch, since: 6, default: -1)
    }
}
