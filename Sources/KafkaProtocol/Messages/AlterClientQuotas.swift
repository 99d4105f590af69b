// SPDX-License-Identifier: Apache-2.0

// AlterClientQuotas: says how much clients may do (KIP-546).
//
//  1  flexible

/// Says how much clients may do.
public struct AlterClientQuotasRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = AlterClientQuotasResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.alterClientQuotas
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...1

    /// What is to change.
    public var entries: [Entry]
    /// Whether it is only looked at.
    public var validateOnly: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(entries: [Entry] = [], validateOnly: Bool = false) {
        self.entries = entries
        self.validateOnly = validateOnly
    }

    /// Nothing but defaults.
    public init() {
        self.init(entries: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("entries", &entries)
        try coder.field("validateOnly", &validateOnly)
    }
}

extension AlterClientQuotasRequest {
    /// What is to change for one kind of clients.
    public struct Entry: FieldStructure {
        /// Of what.
        public var entity: [DescribeClientQuotasResponse.Entity]
        /// What is to change.
        public var ops: [Operation]

        /// Values with Kafka's defaults for what is not given.
        public init(entity: [DescribeClientQuotasResponse.Entity] = [], ops: [Operation] = []) {
            self.entity = entity
            self.ops = ops
        }

        /// Nothing but defaults.
        public init() {
            self.init(entity: [])
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("entity", &entity)
            try coder.field("ops", &ops)
        }
    }

    /// What is to change of a quota.
    public struct Operation: FieldStructure {
        /// What is counted.
        public var key: String
        /// How much.
        public var value: Double
        /// Whether the quota is to go.
        public var remove: Bool

        /// Values with Kafka's defaults for what is not given.
        public init(key: String = "", value: Double = 0, remove: Bool = false) {
            self.key = key
            self.value = value
            self.remove = remove
        }

        /// Nothing but defaults.
        public init() {
            self.init(key: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("key", &key)
            try coder.field("value", &value)
            try coder.field("remove", &remove)
        }
    }
}

/// Tells which quotas changed.
public struct AlterClientQuotasResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = AlterClientQuotasRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How it went for each.
    public var entries: [Entry]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, entries: [Entry] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.entries = entries
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("entries", &entries)
    }
}

extension AlterClientQuotasResponse {
    /// How it went for one kind of clients.
    public struct Entry: FieldStructure {
        /// Why it was not done.
        public var errorCode: ErrorCode
        /// Why, in words, or null.
        public var errorMessage: String?
        /// Of what.
        public var entity: [DescribeClientQuotasResponse.Entity]

        /// Values with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            errorMessage: String? = nil,
            entity: [DescribeClientQuotasResponse.Entity] = []
        ) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.entity = entity
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
            try coder.field("entity", &entity)
        }
    }
}
