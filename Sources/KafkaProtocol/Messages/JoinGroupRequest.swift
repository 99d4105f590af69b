// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// JoinGroup: makes a client a member of a group, and waits for the others.
//
//  1  rebalanceTimeoutMs (KIP-62)
//  2  throttleTimeMs
//  3  the broker answers before it throttles (KIP-219)
//  4  MEMBER_ID_REQUIRED is answered to a member without an id (KIP-394)
//  5  groupInstanceID (KIP-345)
//  6  flexible
//  7  protocolType; protocolName may be null (KIP-559)
//  8  reason (KIP-800)
//  9  skipAssignment (KIP-814)

/// Asks to be a member of a group.
public struct JoinGroupRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = JoinGroupResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.joinGroup
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...9

    /// The group's name.
    public var groupID: String
    /// Milliseconds without a heartbeat after which the member is left out.
    public var sessionTimeoutMs: Int32
    /// Milliseconds that the member may take to join again, or -1.
    public var rebalanceTimeoutMs: Int32
    /// The member's id, empty for a new one.
    public var memberID: String
    /// The name of a static member, or null (KIP-345).
    public var groupInstanceID: String?
    /// The kind of the group, such as `consumer`.
    public var protocolType: String
    /// The ways of assigning partitions that the member knows.
    public var protocols: [GroupProtocol]
    /// Why the member joins, or null.
    public var reason: String?

    /// A request with Kafka's defaults for what is not given.
    public init(
        groupID: String = "",
        sessionTimeoutMs: Int32 = 0,
        rebalanceTimeoutMs: Int32 = -1,
        memberID: String = "",
        groupInstanceID: String? = nil,
        protocolType: String = "",
        protocols: [GroupProtocol] = [],
        reason: String? = nil
    ) {
        self.groupID = groupID
        self.sessionTimeoutMs = sessionTimeoutMs
        self.rebalanceTimeoutMs = rebalanceTimeoutMs
        self.memberID = memberID
        self.groupInstanceID = groupInstanceID
        self.protocolType = protocolType
        self.protocols = protocols
        self.reason = reason
    }

    /// Nothing but defaults.
    public init() {
        self.init(groupID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groupId", &groupID)
        try coder.field("sessionTimeoutMs", &sessionTimeoutMs)
        try coder.field("rebalanceTimeoutMs", &rebalanceTimeoutMs, since: 1)
        try coder.field("memberId", &memberID)
        try coder.field("groupInstanceId", &groupInstanceID, since: 5, default: nil)
        try coder.field("protocolType", &protocolType)
        try coder.field("protocols", &protocols)
        try coder.field("reason", &reason, since: 8)
    }
}

extension JoinGroupRequest {
    /// A way of assigning partitions.
    public struct GroupProtocol: FieldStructure {
        /// Its name.
        public var name: String
        /// What the member says to the leader.
        public var metadata: ByteBuffer

        /// A protocol with Kafka's defaults for what is not given.
        public init(name: String = "", metadata: ByteBuffer = ByteBuffer()) {
            self.name = name
            self.metadata = metadata
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("metadata", &metadata)
        }
    }
}
