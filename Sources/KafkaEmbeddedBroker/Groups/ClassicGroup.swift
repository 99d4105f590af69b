// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A consumer group of the classic protocol: a value without I/O that decides, and to which the time is told in milliseconds.
///
/// Its life is a circle: somebody joins or leaves, all others join again (`preparingRebalance`), the leader gets to know
/// all members and says who reads what (`completingRebalance`), and each of them reads (`stable`). Each turn is a
/// generation. Requests that must wait for others have tickets, and are answered in ``takeAnswers()``.
struct ClassicGroup: Equatable {
    /// The states by Kafka's names.
    enum Phase: String, CaseIterable {
        case empty = "Empty"
        case preparingRebalance = "PreparingRebalance"
        case completingRebalance = "CompletingRebalance"
        case stable = "Stable"
        case dead = "Dead"
    }

    /// How long a new member may wait for its first rebalance, in milliseconds, though its client says nothing meanwhile.
    static let newMemberTimeout: Int64 = 5 * 60 * 1000

    var phase = Phase.empty
    /// Rises with each rebalance that is completed.
    var generation: Int32 = 0
    /// The kind of the group, such as `consumer`; nil as long as nobody has joined.
    var protocolType: String?
    /// How partitions are assigned.
    var protocolName: String?
    /// The id of the member that assigns them.
    var leader: String?
    var members: [String: GroupMember] = [:]
    /// The ids of static members, by their names.
    var instances: [String: String] = [:]
    /// New members that were told their ids and have not come back yet, and until when they are waited for.
    var announced: [String: Int64] = [:]
    /// When a rebalance goes on without those who have not joined.
    var rebalanceDeadline: Int64?
    /// When those are left out who have not asked for what they are to do.
    var syncDeadline: Int64?
    /// Rises with each change that must be there after a restart.
    var revision = 0
    private var answers: [GroupAnswer] = []
    private var lastOrder = 0

    /// A group that has no members yet.
    init() {}

    /// The members in the order in which they joined.
    var membersInOrder: [GroupMember] { members.values.sorted { $0.order < $1.order } }

    /// When ``timePassed(now:)`` has something to do at the earliest; nil for never.
    var nextDeadline: Int64? {
        let deadlines = [rebalanceDeadline, syncDeadline, announced.values.min()].compactMap { $0 }
        let sessions = members.values.lazy.filter { $0.isNew || $0.joinTicket == nil && $0.syncTicket == nil }
        return (deadlines + [sessions.map(\.deadline).min()].compactMap { $0 }).min()
    }

    /// Whether nothing more is to be known of the group.
    var isForgettable: Bool { phase == .empty && announced.isEmpty }

    /// The answers that can be given now.
    mutating func takeAnswers() -> [GroupAnswer] {
        defer { answers = [] }
        return answers
    }

    /// Does what is due: leaves out those who are not heard of any more.
    mutating func timePassed(now: Int64) {
        announced = announced.filter { $0.value > now }
        for member in membersInOrder where member.isOverdue(now: now) { leave(member, now: now) }
        if let syncDeadline, syncDeadline <= now {
            self.syncDeadline = nil
            for member in membersInOrder where member.owesSync { leave(member, now: now) }
        }
        completeJoin(now: now)
    }

    /// Takes a member out, and lets the others share what it had.
    mutating func leave(_ member: GroupMember, now: Int64) {
        guard members[member.id] != nil else { return }
        remove(member, .unknownMemberID)
        switch phase {
        case .stable, .completingRebalance: prepareRebalance(now: now)
        case .preparingRebalance: completeJoin(now: now)
        case .empty, .dead: break
        }
    }

    /// Forgets a member, and answers what it waits for with an error.
    mutating func remove(_ member: GroupMember, _ code: ErrorCode) {
        guard let gone = members.removeValue(forKey: member.id) else { return }
        if let instance = gone.instance, instances[instance] == gone.id { instances[instance] = nil }
        refuse(gone, code)
        guard leader == gone.id else { return }
        leader = (membersInOrder.first { $0.joinTicket != nil } ?? membersInOrder.first)?.id
    }

    /// Answers what a member waits for with an error.
    mutating func refuse(_ member: GroupMember, _ code: ErrorCode) {
        if let ticket = member.joinTicket {
            answer(ticket, .join(JoinGroupResponse(errorCode: code, memberID: member.id)))
        }
        if let ticket = member.syncTicket { answer(ticket, .sync(SyncGroupResponse(errorCode: code))) }
    }

    mutating func answer(_ ticket: Int, _ response: GroupAnswer.Response) {
        answers.append(GroupAnswer(ticket: ticket, response: response))
    }

    /// The number of a member that joins.
    mutating func takeOrder() -> Int {
        lastOrder += 1
        return lastOrder
    }

    // MARK: Rebalance

    /// Lets all members join again.
    mutating func prepareRebalance(now: Int64) {
        guard phase != .preparingRebalance else { return completeJoin(now: now) }
        for member in members.values {
            guard let ticket = member.syncTicket else { continue }
            answer(ticket, .sync(SyncGroupResponse(errorCode: .rebalanceInProgress)))
            members[member.id]?.syncTicket = nil
            members[member.id]?.assignment = ByteBuffer()
            members[member.id]?.deadline = now + member.sessionTimeout
        }
        phase = .preparingRebalance
        syncDeadline = nil
        rebalanceDeadline = now + longestRebalanceTimeout
        completeJoin(now: now)
    }

    private var longestRebalanceTimeout: Int64 { members.values.map(\.rebalanceTimeout).max() ?? 0 }

    /// Begins a generation once all have joined, or long enough was waited for the others.
    mutating func completeJoin(now: Int64) {
        guard phase == .preparingRebalance else { return }
        let areAllThere = members.values.allSatisfy { $0.joinTicket != nil } && announced.isEmpty
        guard areAllThere || members.isEmpty || (rebalanceDeadline ?? now) <= now else { return }
        for member in membersInOrder where member.joinTicket == nil && member.instance == nil {
            remove(member, .unknownMemberID)
        }
        guard electLeader() else {
            // Only static members are left, of whom none has come: their sessions decide.
            rebalanceDeadline = now + longestRebalanceTimeout
            return
        }
        rebalanceDeadline = nil
        generation = generation == .max ? 0 : generation + 1
        guard !members.isEmpty else {
            phase = .empty
            protocolName = nil
            leader = nil
            revision += 1
            return
        }
        protocolName = chosenProtocol
        phase = .completingRebalance
        syncDeadline = now + longestRebalanceTimeout
        for member in membersInOrder { completeJoin(of: member, now: now) }
    }

    /// Makes sure that a member leads that has joined; false when none has.
    private mutating func electLeader() -> Bool {
        guard !members.isEmpty else { return true }
        if let leader, members[leader]?.joinTicket != nil { return true }
        guard let next = membersInOrder.first(where: { $0.joinTicket != nil }) else { return false }
        leader = next.id
        return true
    }

    private mutating func completeJoin(of member: GroupMember, now: Int64) {
        members[member.id]?.joinTicket = nil
        members[member.id]?.isNew = false
        members[member.id]?.owesSync = true
        members[member.id]?.deadline = now + member.sessionTimeout
        if let ticket = member.joinTicket { answer(ticket, .join(joined(member.id))) }
    }

    /// What a member is told that is one.
    func joined(_ id: String, skipsAssignment: Bool = false) -> JoinGroupResponse {
        let isLeader = leader == id
        return JoinGroupResponse(
            generationID: generation,
            protocolType: protocolType,
            protocolName: protocolName,
            leader: leader ?? "",
            skipAssignment: isLeader && skipsAssignment,
            memberID: id,
            members: !isLeader
                ? []
                : membersInOrder.map {
                    .init(memberID: $0.id, groupInstanceID: $0.instance, metadata: $0.metadata(for: protocolName))
                }
        )
    }

    /// Of the ways that all members know the one that most of them like best; of several the first that the leader has.
    var chosenProtocol: String? {
        let known = commonProtocols
        var votes: [String: Int] = [:]
        for member in members.values {
            if let best = member.protocols.first(where: { known.contains($0.name) }) {
                votes[best.name, default: 0] += 1
            }
        }
        let most = votes.values.max()
        let order = leader.flatMap { members[$0] }?.protocols ?? []
        return order.first { votes[$0.name] == most }?.name ?? votes.keys.sorted().first { votes[$0] == most }
    }

    /// The ways of assigning that all members know.
    var commonProtocols: Set<String> {
        var common: Set<String>?
        for member in members.values {
            let own = Set(member.protocols.map(\.name))
            common = common?.intersection(own) ?? own
        }
        return common ?? []
    }
}
