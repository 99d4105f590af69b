// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Does what groups decide: writes down what must be kept, gives answers to requests that waited, and looks at the clock.
final class GroupCoordinator {
    let cluster: Cluster
    private let eventLoop: any EventLoop
    /// The requests that wait, by their tickets.
    private var waiting: [Int: (answer: DeferredAnswer, context: RequestContext)] = [:]
    private var lastTicket = 0
    /// The next look at each group, and when it is.
    private var looks: [String: (task: Scheduled<Void>, deadline: Int64)] = [:]
    /// The node id of the coordinator that each group was last asked from.
    private var homes: [String: Int32] = [:]
    private var check: Scheduled<Void>?

    /// How long is waited before what could not be written is tried again.
    private static let storageBackoff: Int64 = 1000

    init(cluster: Cluster, eventLoop: any EventLoop) {
        self.cluster = cluster
        self.eventLoop = eventLoop
        cluster.coordinatorsMoved = { [weak self] in self?.followCoordinators() }
    }

    private var state: CoordinationState { cluster.coordination }
    private var settings: EmbeddedBroker.Transactions { cluster.configuration.transactions }

    /// Waits for the members that there were before a restart, and looks at the clock from now on.
    func start() {
        for name in state.groups.keys {
            homes[name] = cluster.coordinator(of: CoordinatorKey(kind: .group, name: name))?.id
            lookAgain(name)
        }
        scheduleCheck()
    }

    /// Looks at the clock no more.
    func stop() {
        check?.cancel()
        for look in looks.values { look.task.cancel() }
        looks = [:]
    }

    // MARK: Members

    /// Somebody wants to be a member; the answer waits for the others.
    func join(_ wanted: GroupJoin, of name: String, _ context: RequestContext) throws(GroupRefusal) -> Answer {
        guard wanted.memberID.isEmpty || state.groups[name] != nil else { throw GroupRefusal(.unknownMemberID) }
        return try wait(context) { ticket throws(GroupRefusal) in
            try change(name) { group throws(GroupRefusal) in try group.join(wanted, ticket: ticket, now: state.uptime) }
        }
    }

    /// A member asks what it is to do; the answer waits for the leader.
    func sync(_ request: SyncGroupRequest, _ context: RequestContext) throws(GroupRefusal) -> Answer {
        try wait(context) { ticket throws(GroupRefusal) in
            try changeKnown(request.groupID) { group throws(GroupRefusal) in
                try group.sync(request, ticket: ticket, now: state.uptime)
            }
        }
    }

    /// A member is alive.
    func heartbeat(_ request: HeartbeatRequest) throws(GroupRefusal) {
        try changeKnown(request.groupID) { group throws(GroupRefusal) in
            try group.heartbeat(request, now: state.uptime)
        }
    }

    /// A member goes, or is taken out.
    func leave(_ member: LeaveGroupRequest.Member, of name: String) throws(GroupRefusal) {
        try changeKnown(name) { group throws(GroupRefusal) in try group.leave(member, now: state.uptime) }
    }

    /// Forgets a group that has no members, with its offsets.
    func forget(_ name: String) throws(StorageError) {
        try state.forget(group: name)
        homes[name] = nil
        looks.removeValue(forKey: name)?.task.cancel()
    }

    private func changeKnown(
        _ name: String,
        _ body: (inout ClassicGroup) throws(GroupRefusal) -> Void
    ) throws(GroupRefusal) {
        guard state.groups[name] != nil else { throw GroupRefusal(.unknownMemberID) }
        try change(name, body)
    }

    /// Lets a group decide, and does what follows from it. Also who is refused can change a group: it is alive.
    private func change(
        _ name: String,
        _ body: (inout ClassicGroup) throws(GroupRefusal) -> Void
    ) throws(GroupRefusal) {
        var group = state.groups[name] ?? ClassicGroup()
        let former = group
        var refusal: GroupRefusal?
        do throws(GroupRefusal) { try body(&group) } catch { refusal = error }
        let answers = group.takeAnswers()
        do throws(StorageError) {
            try state.set(group, for: name)
        } catch {
            cluster.logger.error("a group was not written", metadata: ["group": "\(name)", "error": "\(error)"])
            cluster.storageFailed(error)
            throw GroupRefusal(.coordinatorNotAvailable)
        }
        if group.generation != former.generation || group.phase != former.phase { log(name, group) }
        homes[name] = cluster.coordinator(of: CoordinatorKey(kind: .group, name: name))?.id
        lookAgain(name)
        give(answers)
        if let refusal { throw refusal }
    }

    private func log(_ name: String, _ group: ClassicGroup) {
        cluster.logger.debug(
            "group changed",
            metadata: [
                "group": "\(name)", "state": "\(group.phase.rawValue)", "generation": "\(group.generation)",
                "members": "\(group.members.count)",
            ]
        )
    }

    // MARK: Answers

    /// Makes a ticket for an answer that comes later, unless the request is refused at once.
    private func wait(
        _ context: RequestContext,
        _ body: (Int) throws(GroupRefusal) -> Void
    ) throws(GroupRefusal) -> Answer {
        lastTicket += 1
        let ticket = lastTicket
        let answer = DeferredAnswer { [weak self] in self?.waiting[ticket] = nil }
        waiting[ticket] = (answer, context)
        do throws(GroupRefusal) {
            try body(ticket)
        } catch {
            waiting[ticket] = nil
            throw error
        }
        return .later(answer)
    }

    private func give(_ answers: [GroupAnswer]) {
        for each in answers {
            guard let (answer, context) = waiting.removeValue(forKey: each.ticket) else { continue }
            switch each.response {
            case .join(let response): answer.complete(context.answer(response))
            case .sync(let response): answer.complete(context.answer(response))
            }
        }
    }

    // MARK: Time

    /// Sees to it that the group is looked at when something is due. A look that comes too early finds nothing, and goes on.
    private func lookAgain(_ name: String, after atLeast: Int64 = 1) {
        guard let deadline = state.groups[name]?.nextDeadline else {
            looks.removeValue(forKey: name)?.task.cancel()
            return
        }
        if let next = looks[name], next.deadline <= deadline { return }
        looks[name]?.task.cancel()
        let delay = TimeAmount.milliseconds(max(atLeast, deadline - state.uptime))
        let task = eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, !cluster.isClosed else { return }
            look(name)
        }
        looks[name] = (task, deadline)
    }

    private func look(_ name: String) {
        looks.removeValue(forKey: name)?.task.cancel()
        guard state.groups[name] != nil else { return }
        do throws(GroupRefusal) {
            try change(name) { group in group.timePassed(now: state.uptime) }
        } catch {
            // It was said why.
            lookAgain(name, after: Self.storageBackoff)
        }
    }

    private func scheduleCheck() {
        let interval = TimeAmount(settings.timeoutCheckInterval)
        check = eventLoop.assumeIsolated().scheduleTask(in: interval) { [weak self] in
            guard let self, !cluster.isClosed else { return }
            forgetWhatIsOld()
            scheduleCheck()
        }
    }

    /// Looks at all groups, and forgets what is old.
    func doWhatIsDue() {
        for name in state.groups.keys { look(name) }
        forgetWhatIsOld()
    }

    private func forgetWhatIsOld() {
        do throws(StorageError) {
            try state.expireOffsets(after: settings.offsetsRetention)
        } catch {
            cluster.logger.error("old offsets were not forgotten", metadata: ["error": "\(error)"])
            cluster.storageFailed(error)
        }
        for name in homes.keys where state.groups[name] == nil { homes[name] = nil }
    }

    // MARK: Moves

    /// Groups whose coordinator is another one now go on from what was written down, and who waited is sent there.
    private func followCoordinators() {
        for (name, home) in homes {
            let next = cluster.coordinator(of: CoordinatorKey(kind: .group, name: name))?.id
            guard next != home, var group = state.groups[name] else { continue }
            homes[name] = next
            for member in group.members.values { group.refuse(member, .notCoordinator) }
            let answers = group.takeAnswers()
            state.reload(name)
            looks.removeValue(forKey: name)?.task.cancel()
            lookAgain(name)
            give(answers)
        }
    }
}
