// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// A group as a value, with a clock that stands until it is moved.
struct GroupBench {
    var group = ClassicGroup()
    var now: Int64 = 1000
    /// What was answered, by ticket.
    var answers: [Int: GroupAnswer.Response] = [:]
    private var lastTicket = 0
    private var lastID = 0

    /// The ticket of the last request.
    var ticket: Int { lastTicket }

    /// Somebody joins; the code is that of a refusal at once.
    @discardableResult
    mutating func join(
        _ memberID: String = "",
        instance: String? = nil,
        session: Int64 = 10_000,
        rebalance: Int64 = 30_000,
        type: String = "consumer",
        protocols: [String] = ["range"],
        version: Int16 = 9
    ) -> GroupRefusal? {
        lastTicket += 1
        lastID += 1
        let request = JoinGroupRequest(
            groupID: "g",
            sessionTimeoutMs: Int32(session),
            rebalanceTimeoutMs: Int32(rebalance),
            memberID: memberID,
            groupInstanceID: instance,
            protocolType: type,
            protocols: protocols.map { .init(name: $0, metadata: ByteBuffer(string: "\($0) of \(memberID)")) }
        )
        let ticket = lastTicket
        let wanted = GroupJoin(request, version: version, clientID: "c", clientHost: "h", newID: "m\(lastID)")
        return perform { group, now throws(GroupRefusal) in
            try group.join(wanted, ticket: ticket, now: now)
        }
    }

    /// A new member joins with the id that it is sent back for; its id.
    mutating func joinAnew(session: Int64 = 10_000, rebalance: Int64 = 30_000, protocols: [String] = ["range"])
        -> String
    {
        let id = join(session: session, rebalance: rebalance, protocols: protocols)?.memberID ?? "none"
        join(id, session: session, rebalance: rebalance, protocols: protocols)
        return id
    }

    @discardableResult
    mutating func sync(
        _ memberID: String,
        generation: Int32? = nil,
        instance: String? = nil,
        _ assignments: [String: String] = [:]
    ) -> ErrorCode? {
        lastTicket += 1
        let ticket = lastTicket
        let request = SyncGroupRequest(
            groupID: "g",
            generationID: generation ?? group.generation,
            memberID: memberID,
            groupInstanceID: instance,
            assignments: assignments.map { .init(memberID: $0.key, assignment: ByteBuffer(string: $0.value)) }
        )
        return perform { group, now throws(GroupRefusal) in
            try group.sync(request, ticket: ticket, now: now)
        }?.code
    }

    @discardableResult
    mutating func heartbeat(_ memberID: String, generation: Int32? = nil, instance: String? = nil) -> ErrorCode? {
        let request = HeartbeatRequest(
            groupID: "g",
            generationID: generation ?? group.generation,
            memberID: memberID,
            groupInstanceID: instance
        )
        return perform { group, now throws(GroupRefusal) in try group.heartbeat(request, now: now) }?.code
    }

    @discardableResult
    mutating func leave(_ memberID: String, instance: String? = nil) -> ErrorCode? {
        let leaving = LeaveGroupRequest.Member(memberID: memberID, groupInstanceID: instance)
        return perform { group, now throws(GroupRefusal) in try group.leave(leaving, now: now) }?.code
    }

    @discardableResult
    mutating func commit(
        _ memberID: String = "",
        generation: Int32 = -1,
        instance: String? = nil,
        isTransactional: Bool = false
    ) -> ErrorCode? {
        let committer = ClassicGroup.Committer(
            memberID: memberID,
            instance: instance,
            generation: generation,
            isTransactional: isTransactional
        )
        return perform { group, now throws(GroupRefusal) in try group.commit(committer, now: now) }?.code
    }

    /// Lets time pass.
    mutating func pass(_ milliseconds: Int64) {
        now += milliseconds
        perform { group, now in group.timePassed(now: now) }
    }

    /// What a JoinGroup was answered; nil while it waits.
    func joined(_ ticket: Int) -> JoinGroupResponse? {
        guard case .join(let response)? = answers[ticket] else { return nil }
        return response
    }

    /// What a SyncGroup was answered; nil while it waits.
    func synced(_ ticket: Int) -> SyncGroupResponse? {
        guard case .sync(let response)? = answers[ticket] else { return nil }
        return response
    }

    /// So many members that have joined and know what they are to do, the leader first.
    mutating func stable(_ count: Int, session: Int64 = 10_000) -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            ids.append(joinAnew(session: session))
            for id in ids.dropLast() { join(id, session: session) }
        }
        sync(ids[0], Dictionary(uniqueKeysWithValues: ids.map { ($0, "for \($0)") }))
        for id in ids.dropFirst() { sync(id) }
        return ids
    }

    @discardableResult
    private mutating func perform(
        _ body: (inout ClassicGroup, Int64) throws(GroupRefusal) -> Void
    ) -> GroupRefusal? {
        var refusal: GroupRefusal?
        do throws(GroupRefusal) { try body(&group, now) } catch { refusal = error }
        for answer in group.takeAnswers() {
            if answers[answer.ticket] != nil { Issue.record("ticket \(answer.ticket) was answered twice") }
            answers[answer.ticket] = answer.response
        }
        return refusal
    }
}
