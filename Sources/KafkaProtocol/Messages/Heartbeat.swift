// SPDX-License-Identifier: Apache-2.0

// Heartbeat: keeps a member in its group.
//
//  1  throttleTimeMs
//  2  the broker answers before it throttles (KIP-219)
//  3  groupInstanceID (KIP-345)
//  4  flexible

/// Says that a member is there.
public struct HeartbeatRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = HeartbeatResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.heartbeat
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...4

    /// The group's name.
    public var groupID: String
    /// The group's generation that the member knows.
    public var generationID: Int32
    /// The member's id.
    public var memberID: String
    /// The name of a static member, or null (KIP-345).
    public var groupInstanceID: String?

    /// A request with Kafka's defaults for what is not given.
    public init(
        groupID: String = "",
        generationID: Int32 = 0,
        memberID: String = "",
        groupInstanceID: String? = nil
    ) {
        self.groupID = groupID
        self.generationID = generationID
        self.memberID = memberID
        self.groupInstanceID = groupInstanceID
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
    }
}

/// Tells a member whether it must join again.
public struct HeartbeatResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = HeartbeatRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .none) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("errorCode", &errorCode)
    }
}
