// SPDX-License-Identifier: Apache-2.0

// IncrementalAlterConfigs: changes settings of topics and brokers, one by one (KIP-339).
//
//  1  flexible

/// Changes settings of topics and brokers.
public struct IncrementalAlterConfigsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = IncrementalAlterConfigsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.incrementalAlterConfigs
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...1

    /// The topics and brokers.
    public var resources: [Resource]
    /// Whether to check the request only.
    public var validateOnly: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(resources: [Resource] = [], validateOnly: Bool = false) {
        self.resources = resources
        self.validateOnly = validateOnly
    }

    /// Nothing but defaults.
    public init() {
        self.init(resources: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("resources", &resources)
        try coder.field("validateOnly", &validateOnly)
    }
}

extension IncrementalAlterConfigsRequest {
    /// A topic or broker.
    public struct Resource: FieldStructure {
        /// What it is: 2 a topic, 4 a broker.
        public var resourceType: Int8
        /// Its name or id.
        public var resourceName: String
        /// The settings.
        public var configs: [Config]

        /// A resource with Kafka's defaults for what is not given.
        public init(resourceType: Int8 = 0, resourceName: String = "", configs: [Config] = []) {
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.configs = configs
        }

        /// Nothing but defaults.
        public init() {
            self.init(resourceType: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("resourceType", &resourceType)
            try coder.field("resourceName", &resourceName)
            try coder.field("configs", &configs)
        }
    }

    /// A setting.
    public struct Config: FieldStructure {
        /// Its name.
        public var name: String
        /// What to do: 0 set it, 1 remove it, 2 append to its list, 3 take out of its list.
        public var configOperation: Int8
        /// The value, or null.
        public var value: String?

        /// A setting with Kafka's defaults for what is not given.
        public init(name: String = "", configOperation: Int8 = 0, value: String? = "") {
            self.name = name
            self.configOperation = configOperation
            self.value = value
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("configOperation", &configOperation)
            try coder.field("value", &value)
        }
    }
}

/// Tells which settings are changed.
public struct IncrementalAlterConfigsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = IncrementalAlterConfigsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How it went for each topic and broker.
    public var responses: [Result]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, responses: [Result] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.responses = responses
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("responses", &responses)
    }
}

extension IncrementalAlterConfigsResponse {
    /// How it went for one topic or broker.
    public struct Result: FieldStructure {
        /// Why it is not changed.
        public var errorCode: ErrorCode
        /// The broker's words on the error, or null.
        public var errorMessage: String?
        /// What it is: 2 a topic, 4 a broker.
        public var resourceType: Int8
        /// Its name or id.
        public var resourceName: String

        /// A result with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            errorMessage: String? = "",
            resourceType: Int8 = 0,
            resourceName: String = ""
        ) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.resourceType = resourceType
            self.resourceName = resourceName
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
            try coder.field("resourceType", &resourceType)
            try coder.field("resourceName", &resourceName)
        }
    }
}
