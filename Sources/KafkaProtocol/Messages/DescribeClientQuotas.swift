// SPDX-License-Identifier: Apache-2.0

// DescribeClientQuotas: tells how much clients may do (KIP-546).
//
//  1  flexible

/// Asks how much clients may do.
public struct DescribeClientQuotasRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeClientQuotasResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeClientQuotas
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...1

    /// What the quotas are to be of.
    public var components: [Component]
    /// Whether they are to be of nothing else.
    public var strict: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(components: [Component] = [], strict: Bool = false) {
        self.components = components
        self.strict = strict
    }

    /// Nothing but defaults.
    public init() {
        self.init(components: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("components", &components)
        try coder.field("strict", &strict)
    }
}

extension DescribeClientQuotasRequest {
    /// A part of what quotas are of.
    public struct Component: FieldStructure {
        /// `user`, `client-id` or `ip`.
        public var entityType: String
        /// 0 for this name, 1 for the default, 2 for any name.
        public var matchType: Int8
        /// The name, or null.
        public var match: String?

        /// Values with Kafka's defaults for what is not given.
        public init(entityType: String = "", matchType: Int8 = 0, match: String? = nil) {
            self.entityType = entityType
            self.matchType = matchType
            self.match = match
        }

        /// Nothing but defaults.
        public init() {
            self.init(entityType: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("entityType", &entityType)
            try coder.field("matchType", &matchType)
            try coder.field("match", &match)
        }
    }
}

/// Tells how much clients may do.
public struct DescribeClientQuotasResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeClientQuotasRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// Why it was not done.
    public var errorCode: ErrorCode
    /// Why, in words, or null.
    public var errorMessage: String?
    /// The quotas, or null.
    public var entries: [Entry]?

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        errorMessage: String? = nil,
        entries: [Entry]? = nil
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.entries = entries
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
        try coder.field("errorMessage", &errorMessage)
        try coder.field("entries", &entries)
    }
}

extension DescribeClientQuotasResponse {
    /// Quotas of one kind of clients.
    public struct Entry: FieldStructure {
        /// Of what.
        public var entity: [Entity]
        /// How much.
        public var values: [Value]

        /// Values with Kafka's defaults for what is not given.
        public init(entity: [Entity] = [], values: [Value] = []) {
            self.entity = entity
            self.values = values
        }

        /// Nothing but defaults.
        public init() {
            self.init(entity: [])
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("entity", &entity)
            try coder.field("values", &values)
        }
    }

    /// A part of what quotas are of.
    public struct Entity: FieldStructure {
        /// `user`, `client-id` or `ip`.
        public var entityType: String
        /// The name, or null for the default.
        public var entityName: String?

        /// Values with Kafka's defaults for what is not given.
        public init(entityType: String = "", entityName: String? = nil) {
            self.entityType = entityType
            self.entityName = entityName
        }

        /// Nothing but defaults.
        public init() {
            self.init(entityType: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("entityType", &entityType)
            try coder.field("entityName", &entityName)
        }
    }

    /// A quota.
    public struct Value: FieldStructure {
        /// What is counted.
        public var key: String
        /// How much.
        public var value: Double

        /// Values with Kafka's defaults for what is not given.
        public init(key: String = "", value: Double = 0) {
            self.key = key
            self.value = value
        }

        /// Nothing but defaults.
        public init() {
            self.init(key: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("key", &key)
            try coder.field("value", &value)
        }
    }
}
