// SPDX-License-Identifier: Apache-2.0

// ListGroups: lists the groups that a broker coordinates.
//
//  1  throttleTimeMs
//  2  the broker answers before it throttles (KIP-219)
//  3  flexible
//  4  states (KIP-518)
//  5  types (KIP-848)

/// Asks for the groups that a broker coordinates.
public struct ListGroupsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = ListGroupsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.listGroups
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...5

    /// The states to list; none for all.
    public var statesFilter: [String]
    /// The types to list; none for all.
    public var typesFilter: [String]

    /// A request with Kafka's defaults for what is not given.
    public init(statesFilter: [String] = [], typesFilter: [String] = []) {
        self.statesFilter = statesFilter
        self.typesFilter = typesFilter
    }

    /// Nothing but defaults.
    public init() {
        self.init(statesFilter: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("statesFilter", &statesFilter, since: 4, default: [])
        try coder.field("typesFilter", &typesFilter, since: 5, default: [])
    }
}

/// Lists groups.
public struct ListGroupsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = ListGroupsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// The groups.
    public var groups: [Group]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .none, groups: [Group] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.groups = groups
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("errorCode", &errorCode)
        try coder.field("groups", &groups)
    }
}

extension ListGroupsResponse {
    /// One group.
    public struct Group: FieldStructure {
        /// The group's name.
        public var groupID: String
        /// The kind of the group, such as `consumer`.
        public var protocolType: String
        /// The state, such as `Stable`.
        public var groupState: String
        /// The type, such as `classic`.
        public var groupType: String

        /// A group with Kafka's defaults for what is not given.
        public init(
            groupID: String = "",
            protocolType: String = "",
            groupState: String = "",
            groupType: String = ""
        ) {
            self.groupID = groupID
            self.protocolType = protocolType
            self.groupState = groupState
            self.groupType = groupType
        }

        /// Nothing but defaults.
        public init() {
            self.init(groupID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("groupId", &groupID)
            try coder.field("protocolType", &protocolType)
            try coder.field("groupState", &groupState, since: 4)
            try coder.field("groupType", &groupType, since: 5)
        }
    }
}
