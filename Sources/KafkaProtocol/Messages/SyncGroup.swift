// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// SyncGroup: hands the assignments of the leader of a group to its members.
//
//  1  throttleTimeMs
//  2  the broker answers before it throttles (KIP-219)
//  3  groupInstanceID (KIP-345)
//  4  flexible
//  5  protocolType and protocolName (KIP-559)

/// Asks for a member's assignment; the leader brings all of them.
public struct SyncGroupRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = SyncGroupResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.syncGroup
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...5

    /// The group's name.
    public var groupID: String
    /// The group's generation that the member knows.
    public var generationID: Int32
    /// The member's id.
    public var memberID: String
    /// The name of a static member, or null (KIP-345).
    public var groupInstanceID: String?
    /// The kind of the group, such as `consumer`, or null.
    public var protocolType: String?
    /// The way that the group has agreed on, or null.
    public var protocolName: String?
    /// The assignments, by the leader alone.
    public var assignments: [Assignment]

    /// A request with Kafka's defaults for what is not given.
    public init(
        groupID: String = "",
        generationID: Int32 = 0,
        memberID: String = "",
        groupInstanceID: String? = nil,
        protocolType: String? = nil,
        protocolName: String? = nil,
        assignments: [Assignment] = []
    ) {
        self.groupID = groupID
        self.generationID = generationID
        self.memberID = memberID
        self.groupInstanceID = groupInstanceID
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignments = assignments
    }

    /// Nothing but defaults.
    public init() {
        self.init(groupID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groupId", &groupID)
        try coder.field("generationId", &generationID)
        try coder.field("memberId", &memberID)
        try coder.field("groupInstanceId", &groupInstanceID, since: 3, default: nil)
        try coder.field("protocolType", &protocolType, since: 5)
        try coder.field("protocolName", &protocolName, since: 5)
        try coder.field("assignments", &assignments)
    }
}

extension SyncGroupRequest {
    /// What one member is to do.
    public struct Assignment: FieldStructure {
        /// The member's id.
        public var memberID: String
        /// The assignment, in the words of the members.
        public var assignment: ByteBuffer

        /// An assignment with Kafka's defaults for what is not given.
        public init(memberID: String = "", assignment: ByteBuffer = ByteBuffer()) {
            self.memberID = memberID
            self.assignment = assignment
        }

        /// Nothing but defaults.
        public init() {
            self.init(memberID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("memberId", &memberID)
            try coder.field("assignment", &assignment)
        }
    }
}

/// Tells a member's assignment.
public struct SyncGroupResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = SyncGroupRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// The kind of the group, such as `consumer`, or null.
    public var protocolType: String?
    /// The way that the group has agreed on, or null.
    public var protocolName: String?
    /// The assignment, in the words of the members.
    public var assignment: ByteBuffer

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        protocolType: String? = nil,
        protocolName: String? = nil,
        assignment: ByteBuffer = ByteBuffer()
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignment = assignment
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("errorCode", &errorCode)
        try coder.field("protocolType", &protocolType, since: 5)
        try coder.field("protocolName", &protocolName, since: 5)
        try coder.field("assignment", &assignment)
    }
}
