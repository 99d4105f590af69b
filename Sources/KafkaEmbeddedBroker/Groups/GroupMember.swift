// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A member of a group, as its coordinator knows it.
struct GroupMember: Equatable {
    let id: String
    /// The name of a static member (KIP-345); nil for a dynamic one.
    var instance: String?
    var clientID: String
    var clientHost: String
    /// Milliseconds that it may take to join again.
    var rebalanceTimeout: Int64
    /// Milliseconds without a word after which it is left out.
    var sessionTimeout: Int64
    /// The ways of assigning partitions that it knows, the best first.
    var protocols: [JoinGroupRequest.GroupProtocol]
    /// What the leader wants it to do.
    var assignment = ByteBuffer()

    /// Rises with each member that joins.
    var order = 0
    /// Whether it waits for the end of its first rebalance.
    var isNew = true
    /// When it is left out if nothing more is heard of it.
    var deadline: Int64 = 0
    /// The JoinGroup that waits for an answer.
    var joinTicket: Int?
    /// The SyncGroup that waits for an answer.
    var syncTicket: Int?
    /// Whether its SyncGroup has still to come in this generation.
    var owesSync = false

    /// Whether it is to be left out. Who waits for a rebalance is there, unless it was never more than that: its client may
    /// have gone long ago.
    func isOverdue(now: Int64) -> Bool {
        deadline <= now && (isNew || joinTicket == nil && syncTicket == nil)
    }

    /// What it says to the leader, in the way that the group has agreed on.
    func metadata(for protocolName: String?) -> ByteBuffer {
        protocols.first { $0.name == protocolName }?.metadata ?? ByteBuffer()
    }
}

/// Who wants to be a member of a group.
struct GroupJoin {
    /// Its id, empty for a new member.
    var memberID: String
    /// The name of a static member; nil for a dynamic one.
    var instance: String?
    var clientID: String
    var clientHost: String
    /// Milliseconds.
    var sessionTimeout: Int64
    /// Milliseconds.
    var rebalanceTimeout: Int64
    var protocolType: String
    var protocols: [JoinGroupRequest.GroupProtocol]
    /// The id that a new member gets.
    var newID: String
    /// Whether a new member must come back with its id before it is one (KIP-394).
    var mustReturn: Bool
    /// Whether it knows that a leader may be told not to assign anything (KIP-814).
    var knowsSkipping: Bool

    init(_ request: JoinGroupRequest, version: Int16, clientID: String, clientHost: String, newID: String) {
        memberID = request.memberID
        instance = request.groupInstanceID
        self.clientID = clientID
        self.clientHost = clientHost
        sessionTimeout = Int64(request.sessionTimeoutMs)
        rebalanceTimeout = Int64(version == 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs)
        protocolType = request.protocolType
        protocols = request.protocols
        self.newID = newID
        mustReturn = version >= 4 && request.groupInstanceID == nil
        knowsSkipping = version >= 9
    }
}

/// What a request that waited is answered.
struct GroupAnswer: Equatable {
    enum Response: Equatable {
        case join(JoinGroupResponse)
        case sync(SyncGroupResponse)
    }

    /// The request's.
    let ticket: Int
    let response: Response
}
