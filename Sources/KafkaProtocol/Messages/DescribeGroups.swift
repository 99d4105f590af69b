// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// DescribeGroups: tells the members of groups.
//
//  1  throttleTimeMs
//  2  the broker answers before it throttles (KIP-219)
//  3  authorized operations (KIP-430)
//  4  groupInstanceID (KIP-345)
//  5  flexible
//  6  errorMessage, GROUP_ID_NOT_FOUND (KIP-1043)

/// Asks for the members of groups.
public struct DescribeGroupsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeGroupsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeGroups
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...6

    /// The names of the groups.
    public var groups: [String]
    /// Whether to tell what the client may do to them.
    public var includeAuthorizedOperations: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(groups: [String] = [], includeAuthorizedOperations: Bool = false) {
        self.groups = groups
        self.includeAuthorizedOperations = includeAuthorizedOperations
    }

    /// Nothing but defaults.
    public init() {
        self.init(groups: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groups", &groups)
        try coder.field("includeAuthorizedOperations", &includeAuthorizedOperations, since: 3, default: false)
    }
}

/// Tells the members of groups.
public struct DescribeGroupsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeGroupsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// An answer for each group.
    public var groups: [Group]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, groups: [Group] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.groups = groups
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("groups", &groups)
    }
}

extension DescribeGroupsResponse {
    /// How one group stands.
    public struct Group: FieldStructure {
        /// Why nothing is told of it.
        public var errorCode: ErrorCode
        /// The broker's words on the error, or null.
        public var errorMessage: String?
        /// The group's name.
        public var groupID: String
        /// The state, such as `Stable`.
        public var groupState: String
        /// The kind of the group, such as `consumer`.
        public var protocolType: String
        /// The way of assigning partitions that it has agreed on.
        public var protocolData: String
        /// Its members.
        public var members: [Member]
        /// A bit for each operation that the client may do, or the smallest number.
        public var authorizedOperations: Int32

        /// A group with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            errorMessage: String? = nil,
            groupID: String = "",
            groupState: String = "",
            protocolType: String = "",
            protocolData: String = "",
            members: [Member] = [],
            authorizedOperations: Int32 = .min
        ) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.groupID = groupID
            self.groupState = groupState
            self.protocolType = protocolType
            self.protocolData = protocolData
            self.members = members
            self.authorizedOperations = authorizedOperations
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage, since: 6)
            try coder.field("groupId", &groupID)
            try coder.field("groupState", &groupState)
            try coder.field("protocolType", &protocolType)
            try coder.field("protocolData", &protocolData)
            try coder.field("members", &members)
            try coder.field("authorizedOperations", &authorizedOperations, since: 3, default: .min)
        }
    }

    /// A member of a group.
    public struct Member: FieldStructure {
        /// The member's id.
        public var memberID: String
        /// The name of a static member, or null (KIP-345).
        public var groupInstanceID: String?
        /// Its client's name.
        public var clientID: String
        /// Its client's host.
        public var clientHost: String
        /// What it says to the leader.
        public var memberMetadata: ByteBuffer
        /// What it is to do.
        public var memberAssignment: ByteBuffer

        /// A member with Kafka's defaults for what is not given.
        public init(
            memberID: String = "",
            groupInstanceID: String? = nil,
            clientID: String = "",
            clientHost: String = "",
            memberMetadata: ByteBuffer = ByteBuffer(),
            memberAssignment: ByteBuffer = ByteBuffer()
        ) {
            self.memberID = memberID
            self.groupInstanceID = groupInstanceID
            self.clientID = clientID
            self.clientHost = clientHost
            self.memberMetadata = memberMetadata
            self.memberAssignment = memberAssignment
        }

        /// Nothing but defaults.
        public init() {
            self.init(memberID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("memberId", &memberID)
            try coder.field("groupInstanceId", &groupInstanceID, since: 4)
            try coder.field("clientId", &clientID)
            try coder.field("clientHost", &clientHost)
            try coder.field("memberMetadata", &memberMetadata)
            try coder.field("memberAssignment", &memberAssignment)
        }
    }
}
