// SPDX-License-Identifier: Apache-2.0

// DeleteGroups: deletes groups without members, and their offsets (KIP-229).
//
//  1  the broker answers before it throttles (KIP-219)
//  2  flexible

/// Deletes groups without members, and their offsets.
public struct DeleteGroupsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DeleteGroupsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.deleteGroups
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...2

    /// The groups.
    public var groupsNames: [String]

    /// A request with Kafka's defaults for what is not given.
    public init(groupsNames: [String] = []) {
        self.groupsNames = groupsNames
    }

    /// Nothing but defaults.
    public init() {
        self.init(groupsNames: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groupsNames", &groupsNames)
    }
}

/// Tells which groups were deleted.
public struct DeleteGroupsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DeleteGroupsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How it went for each group.
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

extension DeleteGroupsResponse {
    /// How it went for one group.
    public struct Result: FieldStructure {
        /// The group's name.
        public var groupID: String
        /// Why it was not deleted.
        public var errorCode: ErrorCode

        /// A result with Kafka's defaults for what is not given.
        public init(groupID: String = "", errorCode: ErrorCode = .none) {
            self.groupID = groupID
            self.errorCode = errorCode
        }

        /// Nothing but defaults.
        public init() {
            self.init(groupID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("groupId", &groupID)
            try coder.field("errorCode", &errorCode)
        }
    }
}
