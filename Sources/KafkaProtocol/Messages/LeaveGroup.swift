// SPDX-License-Identifier: Apache-2.0

// LeaveGroup: takes members out of a group.
//
//  1  throttleTimeMs
//  2  the broker answers before it throttles (KIP-219)
//  3  several members in one request (KIP-345)
//  4  flexible
//  5  reason (KIP-800)

/// Takes members out of a group.
public struct LeaveGroupRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = LeaveGroupResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.leaveGroup
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...5

    /// The group's name.
    public var groupID: String
    /// The member's id, up to version 2.
    public var memberID: String
    /// The members, from version 3 on.
    public var members: [Member]

    /// A request with Kafka's defaults for what is not given.
    public init(groupID: String = "", memberID: String = "", members: [Member] = []) {
        self.groupID = groupID
        self.memberID = memberID
        self.members = members
    }

    /// Nothing but defaults.
    public init() {
        self.init(groupID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groupId", &groupID)
        try coder.field("memberId", &memberID, until: 2, default: "")
        try coder.field("members", &members, since: 3, default: [])
    }
}

extension LeaveGroupRequest {
    /// A member that leaves.
    public struct Member: FieldStructure {
        /// The member's id.
        public var memberID: String
        /// The name of a static member, or null (KIP-345).
        public var groupInstanceID: String?
        /// Why it leaves, or null.
        public var reason: String?

        /// A member with Kafka's defaults for what is not given.
        public init(memberID: String = "", groupInstanceID: String? = nil, reason: String? = nil) {
            self.memberID = memberID
            self.groupInstanceID = groupInstanceID
            self.reason = reason
        }

        /// Nothing but defaults.
        public init() {
            self.init(memberID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("memberId", &memberID)
            try coder.field("groupInstanceId", &groupInstanceID, since: 3)
            try coder.field("reason", &reason, since: 5)
        }
    }
}

/// Tells which members have left.
public struct LeaveGroupResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = LeaveGroupRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// How it went for each member, from version 3 on.
    public var members: [Member]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .none, members: [Member] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.members = members
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("errorCode", &errorCode)
        try coder.field("members", &members, since: 3, default: [])
    }
}

extension LeaveGroupResponse {
    /// How it went for one member.
    public struct Member: FieldStructure {
        /// The member's id.
        public var memberID: String
        /// The name of a static member, or null (KIP-345).
        public var groupInstanceID: String?
        /// Why it has not left.
        public var errorCode: ErrorCode

        /// A member with Kafka's defaults for what is not given.
        public init(memberID: String = "", groupInstanceID: String? = nil, errorCode: ErrorCode = .none) {
            self.memberID = memberID
            self.groupInstanceID = groupInstanceID
            self.errorCode = errorCode
        }

        /// Nothing but defaults.
        public init() {
            self.init(memberID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("memberId", &memberID)
            try coder.field("groupInstanceId", &groupInstanceID, since: 3)
            try coder.field("errorCode", &errorCode)
        }
    }
}
