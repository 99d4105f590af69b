// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// Where reading a partition stands, and what to ask next. A value: events in, actions out, time as an argument.
///
/// `delivering → locating → resolving → locating → fetching → delivering → … → ended`. While nobody waits for records it is
/// delivering. Then the leader is located and asked one question at a time: first for the offsets at which to end and to begin,
/// as far as these are not known, then for records. A question that comes to nothing is asked again, of the leader that there
/// is by then, until patience ends.
struct PartitionReadMachine: Sendable {
    enum State: Equatable {
        /// What was fetched last is in the hands of the caller, or nothing was wanted yet.
        case delivering
        /// The caller waits for records, and the next question is to be asked.
        case locating
        /// The leader was asked for an offset.
        case resolving
        /// The leader was asked for records.
        case fetching
        /// There is nothing more to read.
        case ended
    }

    /// What to ask of the leader.
    enum Question: Equatable {
        /// Which offset belongs to this timestamp, or special value.
        case offset(timestamp: Int64, IsolationLevel)
        /// Which records there are from this offset on.
        case records(from: Int64)
    }

    /// What to do for the caller.
    enum Action: Equatable {
        case ask(Question, PartitionLeader)
        /// Nothing, before something happens or this time comes.
        case wait(until: NIODeadline)
        /// Say that the end is reached.
        case end
        /// Say what went wrong.
        case fail(ReadFault)
    }

    /// How a question came to nothing.
    enum Failure {
        /// There was no answer.
        case unanswered(RequestFailure)
        /// The broker answered with an error, and may have said who the leader is.
        case refused(ErrorCode, namesLeader: Bool)
        /// The answer says nothing about the partition.
        case missing
    }

    private enum End {
        case never
        /// What to ask for to learn where to end.
        case unresolved(timestamp: Int64)
        case before(Int64)
    }

    /// What the partition holds, looked up after the broker said that it does not hold what was asked for.
    private struct Survey {
        var oldest: Int64?
    }

    let plan: ReadPlan
    private(set) var state = State.delivering
    /// The offset to read next; nil until it is known.
    private(set) var position: Int64?
    private var end: End
    /// What to ask for to learn where to begin.
    private var startTimestamp: Int64
    /// Where the newest record ends, for a start that is counted from there.
    private var newest: Int64?
    private var survey: Survey?
    private var patience: Patience
    private var incarnation: Int?
    private var fault: ReadFault?
    /// Whether any records came.
    private var hasRead = false

    init(_ plan: ReadPlan) {
        self.plan = plan
        patience = Patience(plan.limits)
        switch plan.start {
        case .offset(let offset): (position, startTimestamp) = (offset, ListOffsetsRequest.earliestTimestamp)
        case .earliest: startTimestamp = ListOffsetsRequest.earliestTimestamp
        case .latest, .last: startTimestamp = ListOffsetsRequest.latestTimestamp
        case .timestamp(let time): startTimestamp = time
        }
        end =
            switch plan.end {
            case .never: .never
            case .latestAtStart: .unresolved(timestamp: ListOffsetsRequest.latestTimestamp)
            case .timestamp(let time): .unresolved(timestamp: time)
            case .offset(let offset): .before(offset)
            }
    }

    // MARK: the caller

    /// The caller waits for records from here on; nil when nothing was taken since the last time.
    mutating func wanted(from offset: Int64?) {
        guard state == .delivering else { return }
        if let offset { position = offset }
        state = .locating
    }

    /// The caller waits no more. What is on its way is not taken.
    mutating func abandoned() {
        guard state != .ended else { return }
        state = .delivering
        survey = nil
        patience.rewarded()
    }

    // MARK: the next step

    /// What to do now, while the caller waits. A question that is asked is followed by ``asked()``.
    mutating func proceed(_ access: LeaderAccess, now: NIODeadline) -> Action {
        if let fault { return fail(fault) }
        if hasReachedEnd || state == .ended {
            state = .ended
            return .end
        }
        switch access {
        case .closed(let obstacle):
            switch patience.met(obstacle, now: now) {
            case .wait(let until): return .wait(until: until)
            case .fail(let fault): return fail(fault)
            }
        case .paused(let until):
            return .wait(until: until)
        case .open(let leader):
            if let incarnation, incarnation != leader.incarnation { return fail(.topicReplaced) }
            incarnation = leader.incarnation
            if let retryAt = patience.retryAt, retryAt > now { return .wait(until: retryAt) }
            return .ask(question, leader)
        }
    }

    private mutating func fail(_ fault: ReadFault) -> Action {
        abandoned()
        self.fault = nil
        return .fail(fault)
    }

    private var hasReachedEnd: Bool {
        guard survey == nil, case .before(let end) = end, let position else { return false }
        return position >= end
    }

    private var question: Question {
        if let survey {
            let oldest = ListOffsetsRequest.earliestTimestamp
            return .offset(
                timestamp: survey.oldest == nil ? oldest : ListOffsetsRequest.latestTimestamp,
                .readUncommitted
            )
        }
        if case .unresolved(let timestamp) = end { return .offset(timestamp: timestamp, plan.isolation) }
        guard let position else { return .offset(timestamp: startTimestamp, plan.isolation) }
        return .records(from: position)
    }

    // MARK: questions and answers

    /// The question that ``proceed(_:now:)`` named is on its way.
    mutating func asked() {
        guard state == .locating else { return }
        switch question {
        case .offset: state = .resolving
        case .records: state = .fetching
        }
    }

    /// The leader named an offset; -1 when there is none for the timestamp.
    mutating func offsetAnswered(_ offset: Int64, now: NIODeadline) {
        guard state == .resolving else { return }
        state = .locating
        if survey != nil { return surveyed(offset, now: now) }
        if case .unresolved(let timestamp) = end {
            guard endAnswered(offset, to: timestamp) else {
                return comeToNothing("it names no newest record", now: now)
            }
        } else if offset >= 0 {
            startAnswered(offset)
        } else if startTimestamp >= 0 {
            // No record is so new: the ones to come are.
            startTimestamp = ListOffsetsRequest.latestTimestamp
        } else {
            return comeToNothing("it names no record to begin with", now: now)
        }
        patience.rewarded()
    }

    /// The leader named the offset to end at; returns false when it had to and named none.
    private mutating func endAnswered(_ offset: Int64, to timestamp: Int64) -> Bool {
        guard offset >= 0 else {
            // No record is so new: all that are there are older.
            end = .unresolved(timestamp: ListOffsetsRequest.latestTimestamp)
            return timestamp >= 0
        }
        end = .before(offset)
        // Nothing is there to be read. Was something meant to be?
        if let position, position > offset, timestamp < 0 { survey = Survey() }
        return true
    }

    /// The leader named the offset to begin at, or one that it is counted from.
    private mutating func startAnswered(_ offset: Int64) {
        guard case .last(let count) = plan.start else {
            position = offset
            return
        }
        guard let newest else {
            newest = offset
            startTimestamp = ListOffsetsRequest.earliestTimestamp
            return
        }
        position = max(offset, newest - min(count, newest))
    }

    /// The leader answered with records, or with none.
    ///
    /// - Returns: Them, nil when there are none yet.
    mutating func recordsAnswered(_ data: FetchResponse.PartitionData) -> FetchedBatches? {
        guard state == .fetching, let position else { return nil }
        state = .locating
        patience.rewarded()
        guard let records = data.records, records.readableBytes > 0 else { return nil }
        state = .delivering
        hasRead = true
        let end: Int64? = if case .before(let end) = end { end } else { nil }
        return FetchedBatches(data, from: position, to: end, plan)
    }

    /// The question came to nothing.
    mutating func failed(_ failure: Failure, now: NIODeadline) {
        guard state == .resolving || state == .fetching else { return }
        state = .locating
        switch failure {
        case .unanswered(let failure):
            switch failure.kind {
            case .unsupportedVersion, .unencodable: fault = .unsupported(failure.reason)
            case .notReady, .disconnected, .timedOut, .undecodable: comeToNothing(failure.reason, now: now)
            }
        case .missing:
            comeToNothing("the broker's answer says nothing about the partition", now: now)
        case .refused(.offsetOutOfRange, _) where survey == nil:
            // What the partition does hold decides.
            survey = Survey()
        case .refused(let error, let namesLeader) where error.isRetriable:
            let isUnknown = error == .unknownTopicOrPartition || error == .unknownTopicID
            fault = patience.failed(
                "\(error.name): \(error.explanation)",
                unknown: isUnknown ? .unknownTopic : nil,
                isHinted: namesLeader,
                now: now
            )
        case .refused(let error, _):
            fault = .refused(error)
        }
    }

    private mutating func comeToNothing(_ reason: String, now: NIODeadline) {
        fault = patience.failed(reason, unknown: nil, now: now)
    }

    private mutating func surveyed(_ offset: Int64, now: NIODeadline) {
        guard let oldest = survey?.oldest else {
            survey?.oldest = offset
            return
        }
        survey = nil
        guard let wanted = position else { return }
        if case .earliest = plan.start, !hasRead {
            // Records were deleted since the oldest one was asked for.
            position = nil
            comeToNothing("the oldest record is deleted before it can be read", now: now)
        } else if (oldest...max(oldest, offset)).contains(wanted) {
            comeToNothing("\(ErrorCode.offsetOutOfRange): the partition's records change", now: now)
        } else {
            fault = .outOfRange(wanted, oldest: oldest, next: offset)
        }
    }
}
