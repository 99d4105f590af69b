// SPDX-License-Identifier: Apache-2.0

// DescribeAcls: tells who may do what.
//
//  1  patternType (KIP-290); the oldest version of Kafka 4
//  2  flexible
//  3  users as resources

/// Asks who may do what.
public struct DescribeAclsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeAclsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeAcls
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...3

    /// Which rules are asked for. Its fields are the request's own.
    public var filter: AclFilter

    /// A request for these rules.
    public init(filter: AclFilter) {
        self.filter = filter
    }

    /// Nothing but defaults.
    public init() {
        self.init(filter: AclFilter())
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try filter.fields(&coder)
    }
}

/// Tells who may do what.
public struct DescribeAclsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeAclsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// Why it was not done.
    public var errorCode: ErrorCode
    /// Why, in words, or null.
    public var errorMessage: String?
    /// The resources.
    public var resources: [Resource]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        errorMessage: String? = nil,
        resources: [Resource] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.resources = resources
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
        try coder.field("resources", &resources)
    }
}

extension DescribeAclsResponse {
    /// A resource.
    public struct Resource: FieldStructure {
        /// Its type.
        public var resourceType: Int8
        /// Its name.
        public var resourceName: String
        /// How the name is meant: 3 literally, 4 as the beginning of names.
        public var patternType: Int8
        /// Who may do what with it.
        public var acls: [Entry]

        /// Values with Kafka's defaults for what is not given.
        public init(resourceType: Int8 = 0, resourceName: String = "", patternType: Int8 = 3, acls: [Entry] = []) {
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.patternType = patternType
            self.acls = acls
        }

        /// Nothing but defaults.
        public init() {
            self.init(resourceType: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("resourceType", &resourceType)
            try coder.field("resourceName", &resourceName)
            try coder.field("patternType", &patternType, since: 1)
            try coder.field("acls", &acls)
        }
    }

    /// What somebody may do, or not.
    public struct Entry: FieldStructure {
        /// Who.
        public var principal: String
        /// From which host, or *.
        public var host: String
        /// The number of the operation.
        public var operation: Int8
        /// 2 for denied, 3 for allowed.
        public var permissionType: Int8

        /// Values with Kafka's defaults for what is not given.
        public init(principal: String = "", host: String = "", operation: Int8 = 0, permissionType: Int8 = 0) {
            self.principal = principal
            self.host = host
            self.operation = operation
            self.permissionType = permissionType
        }

        /// Nothing but defaults.
        public init() {
            self.init(principal: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("principal", &principal)
            try coder.field("host", &host)
            try coder.field("operation", &operation)
            try coder.field("permissionType", &permissionType)
        }
    }
}
