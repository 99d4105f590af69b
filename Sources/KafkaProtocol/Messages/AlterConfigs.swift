// SPDX-License-Identifier: Apache-2.0

// AlterConfigs: gives topics and brokers other settings in place of all that they have.
//
//  1  the broker answers before it throttles (KIP-219)
//  2  flexible

/// Gives resources other settings, in place of all that they have.
public struct AlterConfigsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = AlterConfigsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.alterConfigs
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...2

    /// What is to be changed.
    public var resources: [Resource]
    /// Whether it is only looked at.
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

extension AlterConfigsRequest {
    /// A topic or a broker.
    public struct Resource: FieldStructure {
        /// Its type: 2 for a topic, 4 for a broker.
        public var resourceType: Int8
        /// Its name.
        public var resourceName: String
        /// All settings that it is to have.
        public var configs: [Config]

        /// Values with Kafka's defaults for what is not given.
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
        /// The name of the setting.
        public var name: String
        /// Its value, or null.
        public var value: String?

        /// Values with Kafka's defaults for what is not given.
        public init(name: String = "", value: String? = nil) {
            self.name = name
            self.value = value
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("value", &value)
        }
    }
}

/// Tells which settings were changed.
public struct AlterConfigsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = AlterConfigsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How it went for each resource.
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

extension AlterConfigsResponse {
    /// How it went for one resource.
    public typealias Result = IncrementalAlterConfigsResponse.Result
}
