// SPDX-License-Identifier: Apache-2.0

// DescribeConfigs: the settings of topics and brokers. Version 0 is not served by Kafka 4.
//
//  1  synonyms, and where each value comes from (KIP-226)
//  2  the broker answers before it throttles (KIP-219)
//  3  types and documentation (KIP-569)
//  4  flexible

/// Asks for the settings of topics and brokers.
public struct DescribeConfigsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeConfigsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeConfigs
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...4

    /// The ``Resource/resourceType`` of a topic.
    public static let topicResource: Int8 = 2
    /// The ``Resource/resourceType`` of a broker.
    public static let brokerResource: Int8 = 4

    /// Whose settings are wanted.
    public var resources: [Resource]
    /// Whether to tell where else each setting is set.
    public var includeSynonyms: Bool
    /// Whether to tell what each setting means.
    public var includeDocumentation: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(resources: [Resource] = [], includeSynonyms: Bool = false, includeDocumentation: Bool = false) {
        self.resources = resources
        self.includeSynonyms = includeSynonyms
        self.includeDocumentation = includeDocumentation
    }

    /// Nothing but defaults.
    public init() {
        self.init(resources: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("resources", &resources)
        try coder.field("includeSynonyms", &includeSynonyms, since: 1, default: false)
        try coder.field("includeDocumentation", &includeDocumentation, since: 3, default: false)
    }
}

extension DescribeConfigsRequest {
    /// A topic or a broker.
    public struct Resource: FieldStructure {
        /// What it is: 2 a topic, 4 a broker.
        public var resourceType: Int8
        /// The topic's name, or the broker's node id as text.
        public var resourceName: String
        /// The settings wanted; null for all.
        public var configurationKeys: [String]?

        /// A resource with Kafka's defaults for what is not given.
        public init(resourceType: Int8 = 0, resourceName: String = "", configurationKeys: [String]? = []) {
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.configurationKeys = configurationKeys
        }

        /// Nothing but defaults.
        public init() {
            self.init(resourceType: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("resourceType", &resourceType)
            try coder.field("resourceName", &resourceName)
            try coder.field("configurationKeys", &configurationKeys)
        }
    }
}
