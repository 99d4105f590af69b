// SPDX-License-Identifier: Apache-2.0

/// Tells the settings of topics and brokers.
public struct DescribeConfigsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeConfigsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// What became of each resource asked for.
    public var results: [Result]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, results: [Result] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.results = results
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("results", &results)
    }
}

extension DescribeConfigsResponse {
    /// The settings of a topic or a broker.
    public struct Result: FieldStructure {
        /// How it went.
        public var errorCode: ErrorCode
        /// The broker's words about the error, or null.
        public var errorMessage: String?
        /// What it is: 2 a topic, 4 a broker.
        public var resourceType: Int8
        /// The topic's name, or the broker's node id as text.
        public var resourceName: String
        /// The settings.
        public var configs: [Config]

        /// A result with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            errorMessage: String? = "",
            resourceType: Int8 = 0,
            resourceName: String = "",
            configs: [Config] = []
        ) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.configs = configs
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
            try coder.field("configs", &configs)
        }
    }

    /// A setting.
    public struct Config: FieldStructure {
        /// The setting's name.
        public var name: String
        /// Its value; null when it is secret or not set.
        public var value: String?
        /// Whether it cannot be changed while the broker runs.
        public var readOnly: Bool
        /// Where the value comes from: 1 topic, 2 to 4 broker, 5 default.
        public var configSource: Int8
        /// Whether the value is kept secret.
        public var isSensitive: Bool
        /// Where else it is set.
        public var synonyms: [Synonym]
        /// The type of the value: 1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password.
        public var configType: Int8
        /// What it means, or null.
        public var documentation: String?

        /// A setting with Kafka's defaults for what is not given.
        public init(
            name: String = "",
            value: String? = "",
            readOnly: Bool = false,
            configSource: Int8 = -1,
            isSensitive: Bool = false,
            synonyms: [Synonym] = [],
            configType: Int8 = 0,
            documentation: String? = nil
        ) {
            self.name = name
            self.value = value
            self.readOnly = readOnly
            self.configSource = configSource
            self.isSensitive = isSensitive
            self.synonyms = synonyms
            self.configType = configType
            self.documentation = documentation
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("value", &value)
            try coder.field("readOnly", &readOnly)
            try coder.field("configSource", &configSource, since: 1)
            try coder.field("isSensitive", &isSensitive)
            try coder.field("synonyms", &synonyms, since: 1)
            try coder.field("configType", &configType, since: 3)
            try coder.field("documentation", &documentation, since: 3)
        }
    }

    /// Another place where a setting is set.
    public struct Synonym: FieldStructure {
        /// The setting's name there.
        public var name: String
        /// Its value there, or null.
        public var value: String?
        /// Where it is, as in ``Config/configSource``.
        public var source: Int8

        /// A synonym with Kafka's defaults for what is not given.
        public init(name: String = "", value: String? = "", source: Int8 = 0) {
            self.name = name
            self.value = value
            self.source = source
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("value", &value)
            try coder.field("source", &source)
        }
    }
}
