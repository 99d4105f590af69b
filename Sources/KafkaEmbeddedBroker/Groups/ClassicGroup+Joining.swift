// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// JoinGroup.
extension ClassicGroup {
    /// Somebody wants to be a member, or to stay one.
    ///
    /// - Parameters:
    ///   - wanted: Who, and how it can work.
    ///   - ticket: What the answer will name.
    ///   - now: The time, in milliseconds.
    /// - Throws: When it cannot be one. A new member may be sent back for its id (MEMBER_ID_REQUIRED).
    mutating func join(_ wanted: GroupJoin, ticket: Int, now: Int64) throws(GroupRefusal) {
        guard supports(wanted) else { throw GroupRefusal(.inconsistentGroupProtocol) }
        guard !wanted.memberID.isEmpty else { return try joinAnew(wanted, ticket: ticket, now: now) }
        if announced.removeValue(forKey: wanted.memberID) != nil {
            return add(wanted, id: wanted.memberID, ticket: ticket, now: now)
        }
        let member = try member(wanted.memberID, wanted.instance)
        switch phase {
        case .preparingRebalance: rejoin(member, wanted, ticket: ticket, now: now)
        case .completingRebalance:
            // Who asks again as before has not got the answer.
            guard member.protocols == wanted.protocols else {
                return rejoin(member, wanted, ticket: ticket, now: now)
            }
            answerAgain(member, ticket: ticket, now: now)
        case .stable:
            // The leader joins again when it wants other assignments, and others when they can work in other ways.
            guard member.id != leader, member.protocols == wanted.protocols else {
                return rejoin(member, wanted, ticket: ticket, now: now)
            }
            answerAgain(member, ticket: ticket, now: now)
        case .empty, .dead: throw GroupRefusal(.unknownMemberID)
        }
    }

    /// The member of an id; throws when there is none, or another client has taken its place.
    func member(_ id: String, _ instance: String?) throws(GroupRefusal) -> GroupMember {
        if let instance {
            guard let current = instances[instance] else { throw GroupRefusal(.unknownMemberID) }
            guard current == id else { throw GroupRefusal(.fencedInstanceID) }
        }
        guard let member = members[id] else { throw GroupRefusal(.unknownMemberID) }
        return member
    }

    /// Whether a member could work together with those that there are.
    private func supports(_ wanted: GroupJoin) -> Bool {
        guard !members.isEmpty else { return !wanted.protocolType.isEmpty && !wanted.protocols.isEmpty }
        let common = commonProtocols
        return wanted.protocolType == protocolType && wanted.protocols.contains { common.contains($0.name) }
    }

    private mutating func joinAnew(_ wanted: GroupJoin, ticket: Int, now: Int64) throws(GroupRefusal) {
        if let instance = wanted.instance, let former = instances[instance].flatMap({ members[$0] }) {
            return replace(former, wanted, ticket: ticket, now: now)
        }
        guard wanted.mustReturn else { return add(wanted, id: wanted.newID, ticket: ticket, now: now) }
        announced[wanted.newID] = now + wanted.sessionTimeout
        throw GroupRefusal(.memberIDRequired, memberID: wanted.newID)
    }

    private mutating func add(_ wanted: GroupJoin, id: String, ticket: Int, now: Int64) {
        if members.isEmpty { protocolType = wanted.protocolType }
        var member = GroupMember(
            id: id,
            instance: wanted.instance,
            clientID: wanted.clientID,
            clientHost: wanted.clientHost,
            rebalanceTimeout: wanted.rebalanceTimeout,
            sessionTimeout: wanted.sessionTimeout,
            protocols: wanted.protocols
        )
        member.order = takeOrder()
        member.deadline = now + Self.newMemberTimeout
        member.joinTicket = ticket
        members[id] = member
        if let instance = wanted.instance { instances[instance] = id }
        if leader == nil { leader = id }
        prepareRebalance(now: now)
    }

    /// A member joins again.
    private mutating func rejoin(_ member: GroupMember, _ wanted: GroupJoin, ticket: Int, now: Int64) {
        var changed = member
        // A client that asks twice does not wait for its first answer any more.
        if let former = member.joinTicket {
            answer(former, .join(JoinGroupResponse(errorCode: .rebalanceInProgress, memberID: member.id)))
        }
        changed.protocols = wanted.protocols
        changed.rebalanceTimeout = wanted.rebalanceTimeout
        changed.sessionTimeout = wanted.sessionTimeout
        changed.joinTicket = ticket
        members[member.id] = changed
        prepareRebalance(now: now)
    }

    /// Tells a member of the generation that there is, without a rebalance.
    private mutating func answerAgain(_ member: GroupMember, ticket: Int, now: Int64) {
        members[member.id]?.deadline = now + member.sessionTimeout
        answer(ticket, .join(joined(member.id)))
    }

    /// A static member comes back under a new id, since its client was started anew, and the former one is fenced.
    private mutating func replace(_ former: GroupMember, _ wanted: GroupJoin, ticket: Int, now: Int64) {
        let isLeader = leader == former.id
        var next = GroupMember(
            id: wanted.newID,
            instance: wanted.instance,
            clientID: wanted.clientID,
            clientHost: wanted.clientHost,
            rebalanceTimeout: wanted.rebalanceTimeout,
            sessionTimeout: wanted.sessionTimeout,
            protocols: wanted.protocols,
            assignment: former.assignment
        )
        next.order = former.order
        next.isNew = former.isNew
        next.deadline = now + (former.isNew ? Self.newMemberTimeout : wanted.sessionTimeout)
        next.owesSync = former.owesSync
        remove(former, .fencedInstanceID)
        members[next.id] = next
        if let instance = next.instance { instances[instance] = next.id }
        if isLeader { leader = next.id }
        guard phase == .stable, chosenProtocol == protocolName else {
            members[next.id]?.joinTicket = ticket
            return prepareRebalance(now: now)
        }
        // Nothing changes but the id: no rebalance. Versions that cannot be told to skip the assignment are told of
        // another leader, so that they do not assign anything.
        revision += 1
        var response = joined(next.id, skipsAssignment: true)
        if isLeader, !wanted.knowsSkipping {
            response.leader = former.id
            response.members = []
            response.skipAssignment = false
        }
        answer(ticket, .join(response))
    }
}
