// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// Tells a member who leads the group, and the leader who its members are.
public struct JoinGroupResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = JoinGroupRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 3

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// The group's generation.
    public var generationID: Int32
    /// The kind of the group, such as `consumer`, or null.
    public var protocolType: String?
    /// The way that the group has agreed on, or null.
    public var protocolName: String?
    /// The id of the member that assigns the partitions.
    public var leader: String
    /// Whether the leader need not assign them.
    public var skipAssignment: Bool
    /// The member's id.
    public var memberID: String
    /// The members, for the leader alone.
    public var members: [Member]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        generationID: Int32 = -1,
        protocolType: String? = nil,
        protocolName: String? = "",
        leader: String = "",
        skipAssignment: Bool = false,
        memberID: String = "",
        members: [Member] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.generationID = generationID
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.leader = leader
        self.skipAssignment = skipAssignment
        self.memberID = memberID
        self.members = members
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 2)
        try coder.field("errorCode", &errorCode)
        try coder.field("generationId", &generationID)
        try coder.field("protocolType", &protocolType, since: 7)
        try coder.field("protocolName", &protocolName, nullableSince: 7)
        try coder.field("leader", &leader)
        try coder.field("skipAssignment", &skipAssignment, since: 9, default: false)
        try coder.field("memberId", &memberID)
        try coder.field("members", &members)
    }
}

extension JoinGroupResponse {
    /// A member of the group.
    public struct Member: FieldStructure {
        /// The member's id.
        public var memberID: String
        /// The name of a static member, or null (KIP-345).
        public var groupInstanceID: String?
        /// What the member says to the leader.
        public var metadata: ByteBuffer

        /// A member with Kafka's defaults for what is not given.
        public init(memberID: String = "", groupInstanceID: String? = nil, metadata: ByteBuffer = ByteBuffer()) {
            self.memberID = memberID
            self.groupInstanceID = groupInstanceID
            self.metadata = metadata
        }

        /// Nothing but defaults.
        public init() {
            self.init(memberID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("memberId", &memberID)
            try coder.field("groupInstanceId", &groupInstanceID, since: 5)
            try coder.field("metadata", &metadata)
        }
    }
}
