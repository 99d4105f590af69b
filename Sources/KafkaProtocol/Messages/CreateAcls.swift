// SPDX-License-Identifier: Apache-2.0

// CreateAcls: says who may do what.
//
//  1  patternType (KIP-290); the oldest version of Kafka 4
//  2  flexible
//  3  users as resources

/// Says who may do what.
public struct CreateAclsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = CreateAclsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.createAcls
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...3

    /// What is to hold.
    public var creations: [Creation]

    /// A request with Kafka's defaults for what is not given.
    public init(creations: [Creation] = []) {
        self.creations = creations
    }

    /// Nothing but defaults.
    public init() {
        self.init(creations: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("creations", &creations)
    }
}

extension CreateAclsRequest {
    /// What somebody may do, or not.
    public struct Creation: FieldStructure {
        /// The type of the resource.
        public var resourceType: Int8
        /// Its name.
        public var resourceName: String
        /// How the name is meant: 3 literally, 4 as the beginning of names.
        public var resourcePatternType: Int8
        /// Who.
        public var principal: String
        /// From which host, or *.
        public var host: String
        /// The number of the operation.
        public var operation: Int8
        /// 2 for denied, 3 for allowed.
        public var permissionType: Int8

        /// Values with Kafka's defaults for what is not given.
        public init(
            resourceType: Int8 = 0,
            resourceName: String = "",
            resourcePatternType: Int8 = 3,
            principal: String = "",
            host: String = "",
            operation: Int8 = 0,
            permissionType: Int8 = 0
        ) {
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.resourcePatternType = resourcePatternType
            self.principal = principal
            self.host = host
            self.operation = operation
            self.permissionType = permissionType
        }

        /// Nothing but defaults.
        public init() {
            self.init(resourceType: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("resourceType", &resourceType)
            try coder.field("resourceName", &resourceName)
            try coder.field("resourcePatternType", &resourcePatternType, since: 1)
            try coder.field("principal", &principal)
            try coder.field("host", &host)
            try coder.field("operation", &operation)
            try coder.field("permissionType", &permissionType)
        }
    }
}

/// Tells what holds now.
public struct CreateAclsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = CreateAclsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How it went for each.
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

extension CreateAclsResponse {
    /// How it went for one.
    public struct Result: FieldStructure {
        /// Why it was not done.
        public var errorCode: ErrorCode
        /// Why, in words, or null.
        public var errorMessage: String?

        /// Values with Kafka's defaults for what is not given.
        public init(errorCode: ErrorCode = .none, errorMessage: String? = nil) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
        }
    }
}
