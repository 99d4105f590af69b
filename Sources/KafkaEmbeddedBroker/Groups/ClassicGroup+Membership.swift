// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What members do once they have joined.
extension ClassicGroup {
    /// A member asks what it is to do, and the leader says it.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - ticket: What the answer will name.
    ///   - now: The time, in milliseconds.
    /// - Throws: When it is no member of this generation, or another generation is on its way.
    mutating func sync(_ request: SyncGroupRequest, ticket: Int, now: Int64) throws(GroupRefusal) {
        let member = try member(request.memberID, request.groupInstanceID)
        guard request.generationID == generation else { throw GroupRefusal(.illegalGeneration) }
        if let type = request.protocolType, type != protocolType { throw GroupRefusal(.inconsistentGroupProtocol) }
        if let name = request.protocolName, name != protocolName { throw GroupRefusal(.inconsistentGroupProtocol) }
        switch phase {
        case .empty: throw GroupRefusal(.unknownMemberID)
        case .dead: throw GroupRefusal(.coordinatorNotAvailable)
        case .preparingRebalance: throw GroupRefusal(.rebalanceInProgress)
        case .stable:
            members[member.id]?.owesSync = false
            members[member.id]?.deadline = now + member.sessionTimeout
            answer(ticket, .sync(synced(member.assignment)))
        case .completingRebalance:
            if let former = member.syncTicket {
                answer(former, .sync(SyncGroupResponse(errorCode: .rebalanceInProgress)))
            }
            members[member.id]?.owesSync = false
            members[member.id]?.syncTicket = ticket
            guard member.id == leader else { return }
            assign(request.assignments, now: now)
        }
    }

    /// The leader has said who does what: all who wait for it are told.
    private mutating func assign(_ assignments: [SyncGroupRequest.Assignment], now: Int64) {
        let wanted = Dictionary(assignments.map { ($0.memberID, $0.assignment) }) { $1 }
        phase = .stable
        revision += 1
        for member in membersInOrder {
            let assignment = wanted[member.id] ?? ByteBuffer()
            members[member.id]?.assignment = assignment
            guard let ticket = member.syncTicket else { continue }
            members[member.id]?.syncTicket = nil
            members[member.id]?.deadline = now + member.sessionTimeout
            answer(ticket, .sync(synced(assignment)))
        }
    }

    private func synced(_ assignment: ByteBuffer) -> SyncGroupResponse {
        SyncGroupResponse(protocolType: protocolType, protocolName: protocolName, assignment: assignment)
    }

    /// A member is alive.
    ///
    /// - Throws: When it is no member of this generation, or is to join again (REBALANCE_IN_PROGRESS).
    mutating func heartbeat(_ request: HeartbeatRequest, now: Int64) throws(GroupRefusal) {
        let member = try member(request.memberID, request.groupInstanceID)
        guard request.generationID == generation else { throw GroupRefusal(.illegalGeneration) }
        switch phase {
        case .empty: throw GroupRefusal(.unknownMemberID)
        case .dead: throw GroupRefusal(.coordinatorNotAvailable)
        case .completingRebalance, .stable: members[member.id]?.deadline = now + member.sessionTimeout
        case .preparingRebalance:
            members[member.id]?.deadline = now + member.sessionTimeout
            throw GroupRefusal(.rebalanceInProgress)
        }
    }

    /// A member goes, or is taken out: one of an id, or the static one of a name, whatever its id is.
    ///
    /// - Throws: When there is no such member.
    mutating func leave(_ leaving: LeaveGroupRequest.Member, now: Int64) throws(GroupRefusal) {
        if announced.removeValue(forKey: leaving.memberID) != nil {
            return completeJoin(now: now)
        }
        if leaving.memberID.isEmpty, let instance = leaving.groupInstanceID, let id = instances[instance] {
            return leave(try member(id, nil), now: now)
        }
        leave(try member(leaving.memberID, leaving.groupInstanceID), now: now)
    }

    /// Who commits offsets, as far as the client says it.
    struct Committer {
        var memberID: String
        var instance: String?
        /// -1 for none.
        var generation: Int32
        /// Whether it does so in a transaction.
        var isTransactional: Bool
    }

    /// Whether offsets may be committed. A member that may is alive.
    ///
    /// - Throws: When it is no member of this generation. Somebody who is none, such as an administrator, may commit as long as
    ///   there are no members; in a transaction always, as clients did that knew of no members there.
    mutating func commit(_ committer: Committer, now: Int64) throws(GroupRefusal) {
        if committer.generation < 0, phase == .empty { return }
        guard committer.generation >= 0 || !committer.memberID.isEmpty || committer.instance != nil else {
            guard committer.isTransactional else { throw GroupRefusal(.unknownMemberID) }
            return
        }
        let member = try member(committer.memberID, committer.instance)
        guard committer.generation == generation else { throw GroupRefusal(.illegalGeneration) }
        // What it committed now could have been assigned to another one already.
        if phase == .completingRebalance, !committer.isTransactional { throw GroupRefusal(.rebalanceInProgress) }
        members[member.id]?.deadline = now + member.sessionTimeout
    }

    /// The topics that members of a `consumer` group read; nil when the group is of another kind.
    var subscribedTopics: Set<String>? {
        guard protocolType == ConsumerSubscription.protocolType else { return nil }
        return members.values.reduce(into: []) { topics, member in
            for known in member.protocols { topics.formUnion(ConsumerSubscription.topics(in: known.metadata)) }
        }
    }
}
