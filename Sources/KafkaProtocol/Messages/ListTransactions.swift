// SPDX-License-Identifier: Apache-2.0

// ListTransactions: lists the transactional ids that a broker coordinates (KIP-664).
//
//  0  flexible
//  1  durationFilter (KIP-994)
//  2  transactionalIDPattern (KIP-1152)

/// Asks for the transactional ids that a broker coordinates.
public struct ListTransactionsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = ListTransactionsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.listTransactions
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...2

    /// The states to list; none for all.
    public var stateFilters: [String]
    /// The producer ids to list; none for all.
    public var producerIDFilters: [Int64]
    /// Only transactions that are open for longer than so many milliseconds; -1 for all.
    public var durationFilter: Int64
    /// A regular expression that transactional ids must match, or null.
    public var transactionalIDPattern: String?

    /// A request with Kafka's defaults for what is not given.
    public init(
        stateFilters: [String] = [],
        producerIDFilters: [Int64] = [],
        durationFilter: Int64 = -1,
        transactionalIDPattern: String? = nil
    ) {
        self.stateFilters = stateFilters
        self.producerIDFilters = producerIDFilters
        self.durationFilter = durationFilter
        self.transactionalIDPattern = transactionalIDPattern
    }

    /// Nothing but defaults.
    public init() {
        self.init(stateFilters: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("stateFilters", &stateFilters)
        try coder.field("producerIdFilters", &producerIDFilters)
        try coder.field("durationFilter", &durationFilter, since: 1, default: -1)
        try coder.field("transactionalIdPattern", &transactionalIDPattern, since: 2, default: nil)
    }
}

/// Lists transactional ids.
public struct ListTransactionsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = ListTransactionsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// States asked for that there are not.
    public var unknownStateFilters: [String]
    /// The transactional ids.
    public var transactionStates: [TransactionState]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        unknownStateFilters: [String] = [],
        transactionStates: [TransactionState] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.unknownStateFilters = unknownStateFilters
        self.transactionStates = transactionStates
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
        try coder.field("unknownStateFilters", &unknownStateFilters)
        try coder.field("transactionStates", &transactionStates)
    }
}

extension ListTransactionsResponse {
    /// One transactional id.
    public struct TransactionState: FieldStructure {
        /// The transactional id.
        public var transactionalID: String
        /// The producer's id.
        public var producerID: Int64
        /// The state, such as `Ongoing`.
        public var transactionState: String

        /// A state with Kafka's defaults for what is not given.
        public init(transactionalID: String = "", producerID: Int64 = 0, transactionState: String = "") {
            self.transactionalID = transactionalID
            self.producerID = producerID
            self.transactionState = transactionState
        }

        /// Nothing but defaults.
        public init() {
            self.init(transactionalID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("transactionalId", &transactionalID)
            try coder.field("producerId", &producerID)
            try coder.field("transactionState", &transactionState)
        }
    }
}
