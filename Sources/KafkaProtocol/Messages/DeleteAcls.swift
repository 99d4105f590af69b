// SPDX-License-Identifier: Apache-2.0

// DeleteAcls: takes back who may do what.
//
//  1  patternType (KIP-290); the oldest version of Kafka 4
//  2  flexible
//  3  users as resources

/// Takes back who may do what.
public struct DeleteAclsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DeleteAclsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.deleteAcls
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...3

    /// What is to go.
    public var filters: [Filter]

    /// A request with Kafka's defaults for what is not given.
    public init(filters: [Filter] = []) {
        self.filters = filters
    }

    /// Nothing but defaults.
    public init() {
        self.init(filters: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("filters", &filters)
    }
}

extension DeleteAclsRequest {
    /// What is to go.
    public typealias Filter = AclFilter
}

/// Tells what is gone.
public struct DeleteAclsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DeleteAclsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// What is gone by each filter.
    public var filterResults: [FilterResult]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, filterResults: [FilterResult] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.filterResults = filterResults
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("filterResults", &filterResults)
    }
}

extension DeleteAclsResponse {
    /// What is gone by one filter.
    public struct FilterResult: FieldStructure {
        /// Why it was not done.
        public var errorCode: ErrorCode
        /// Why, in words, or null.
        public var errorMessage: String?
        /// What is gone.
        public var matchingAcls: [Match]

        /// Values with Kafka's defaults for what is not given.
        public init(errorCode: ErrorCode = .none, errorMessage: String? = nil, matchingAcls: [Match] = []) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.matchingAcls = matchingAcls
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
            try coder.field("matchingAcls", &matchingAcls)
        }
    }

    /// What is gone.
    public struct Match: FieldStructure {
        /// Why it was not done.
        public var errorCode: ErrorCode
        /// Why, in words, or null.
        public var errorMessage: String?
        /// The type of the resource.
        public var resourceType: Int8
        /// Its name.
        public var resourceName: String
        /// How the name is meant: 3 literally, 4 as the beginning of names.
        public var patternType: Int8
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
            errorCode: ErrorCode = .none,
            errorMessage: String? = nil,
            resourceType: Int8 = 0,
            resourceName: String = "",
            patternType: Int8 = 3,
            principal: String = "",
            host: String = "",
            operation: Int8 = 0,
            permissionType: Int8 = 0
        ) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.patternType = patternType
            self.principal = principal
            self.host = host
            self.operation = operation
            self.permissionType = permissionType
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
            try coder.field("patternType", &patternType, since: 1)
            try coder.field("principal", &principal)
            try coder.field("host", &host)
            try coder.field("operation", &operation)
            try coder.field("permissionType", &permissionType)
        }
    }
}
