// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaReader

@Suite("Reading a partition, step by step")
struct PartitionReadMachineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let leader = PartitionLeader(node: 1, epoch: 5, topicID: .zero, incarnation: 0)

    private func machine(
        from start: ReadStart = .offset(0),
        to end: ReadEnd = .never,
        isolation: IsolationLevel = .readUncommitted
    ) -> PartitionReadMachine {
        var machine = PartitionReadMachine(.test(from: start, to: end, isolation: isolation))
        machine.wanted(from: nil)
        return machine
    }

    /// What the machine asks of the leader; it is asked.
    private func question(_ machine: inout PartitionReadMachine, now: NIODeadline? = nil) -> String {
        switch machine.proceed(.open(leader), now: now ?? start) {
        case .ask(let question, leader):
            machine.asked()
            return "\(question)"
        case let other: return "\(other)"
        }
    }

    private func records(_ values: [String], at offset: Int64) throws -> FetchResponse.PartitionData {
        FetchResponse.PartitionData(records: try LogBatch.make(values, at: offset))
    }

    // MARK: offsets

    @Test(
        "where reading begins and ends is asked for, one offset after the other, before records are",
        arguments: [
            (ReadStart.earliest, ReadEnd.never, [(Int64(-2), Int64(3))], "records(from: 3)"),
            (.latest, .never, [(-1, 8)], "records(from: 8)"),
            (.offset(4), .never, [], "records(from: 4)"),
            (.offset(4), .offset(6), [], "records(from: 4)"),
            (.offset(6), .offset(6), [], "end"),
            (.offset(4), .latestAtStart, [(-1, 8)], "records(from: 4)"),
            (.offset(8), .latestAtStart, [(-1, 8)], "end"),
            (.earliest, .latestAtStart, [(-1, 8), (-2, 3)], "records(from: 3)"),
            (.earliest, .latestAtStart, [(-1, 0), (-2, 0)], "end"),
            (.latest, .latestAtStart, [(-1, 8), (-1, 9)], "end"),
            (.timestamp(500), .never, [(500, 6)], "records(from: 6)"),
            (.timestamp(500), .never, [(500, -1), (-1, 8)], "records(from: 8)"),
            (.timestamp(500), .latestAtStart, [(-1, 8), (500, -1), (-1, 8)], "end"),
            (.last(3), .never, [(-1, 8), (-2, 2)], "records(from: 5)"),
            (.last(3), .latestAtStart, [(-1, 8), (-1, 8), (-2, 6)], "records(from: 6)"),
            (.last(9), .never, [(-1, 8), (-2, 0)], "records(from: 0)"),
            (.last(0), .latestAtStart, [(-1, 8), (-1, 8), (-2, 0)], "end"),
            (.earliest, .timestamp(500), [(500, 6), (-2, 3)], "records(from: 3)"),
            (.earliest, .timestamp(500), [(500, 3), (-2, 3)], "end"),
            (.offset(7), .timestamp(500), [(500, 6)], "end"),
            (.earliest, .timestamp(500), [(500, -1), (-1, 8), (-2, 3)], "records(from: 3)"),
        ] as [(ReadStart, ReadEnd, [(Int64, Int64)], String)]
    )
    func resolves(from: ReadStart, to: ReadEnd, answers: [(Int64, Int64)], last: String) {
        var machine = machine(from: from, to: to, isolation: .readCommitted)
        for (timestamp, offset) in answers {
            let asked = question(&machine)
            #expect(asked.contains("timestamp: \(timestamp),") && asked.hasSuffix("readCommitted)"), "\(asked)")
            #expect(machine.state == .resolving)
            machine.offsetAnswered(offset, now: start)
        }
        #expect(question(&machine) == last)
    }

    @Test("while one question is on its way, nothing else is asked")
    func oneAtATime() {
        var machine = machine(from: .earliest)
        #expect(question(&machine).hasPrefix("offset"))
        #expect(machine.state == .resolving)
        machine.wanted(from: 77)
        #expect(machine.position == nil)
    }

    // MARK: records

    @Test("records are delivered, and the next ones asked for when they were taken")
    func delivers() throws {
        var machine = machine(from: .offset(5), to: .offset(8))
        #expect(question(&machine) == "records(from: 5)")
        #expect(machine.state == .fetching)
        var batches = try #require(machine.recordsAnswered(try records(["a", "b"], at: 5)))
        #expect(machine.state == .delivering)
        #expect(try batches.next()?.values == ["a", "b"])
        machine.wanted(from: batches.nextOffset)
        #expect(question(&machine) == "records(from: 7)")
        batches = try #require(machine.recordsAnswered(try records(["c", "d"], at: 7)))
        #expect(try batches.next()?.values == ["c"])
        #expect(try batches.next() == nil)
        machine.wanted(from: batches.nextOffset)
        #expect(question(&machine) == "end")
        #expect(machine.state == .ended)
        machine.wanted(from: nil)
        #expect(question(&machine) == "end")
    }

    @Test("where there are no records yet, they are asked for again at once: the broker has waited")
    func waitsForRecords() {
        var machine = machine()
        for _ in 0..<3 {
            #expect(question(&machine) == "records(from: 0)")
            #expect(machine.recordsAnswered(FetchResponse.PartitionData(records: nil)) == nil)
        }
        #expect(machine.state == .locating)
    }

    // MARK: leaders

    @Test(
        "after an error that passes, the same is asked again of the leader that there is by then",
        arguments: [
            .notLeaderOrFollower, .fencedLeaderEpoch, .unknownLeaderEpoch, .leaderNotAvailable, .offsetNotAvailable,
            .kafkaStorageError, .replicaNotAvailable,
        ] as [ErrorCode]
    )
    func leaderMoves(error: ErrorCode) {
        var machine = machine(from: .offset(3))
        _ = question(&machine)
        machine.failed(.refused(error, namesLeader: false), now: start)
        guard case .wait(let until) = machine.proceed(.open(leader), now: start) else {
            Issue.record("there is no wait after \(error)")
            return
        }
        #expect((80...120).contains((until - start).nanoseconds / 1_000_000))
        let next = PartitionLeader(node: 2, epoch: 6, topicID: .zero, incarnation: 0)
        #expect(machine.proceed(.open(next), now: until) == .ask(.records(from: 3), next))
    }

    @Test("when the answer names the leader, it is asked at once (KIP-951)")
    func leaderNamed() {
        var machine = machine(from: .offset(3))
        _ = question(&machine)
        machine.failed(.refused(.notLeaderOrFollower, namesLeader: true), now: start)
        #expect(question(&machine) == "records(from: 3)")
    }

    @Test(
        "after a lost connection, a late or unreadable answer, or one without the partition, the same is asked again",
        arguments: [
            .unanswered(RequestFailure(.disconnected, "gone")), .unanswered(RequestFailure(.timedOut, "late")),
            .unanswered(RequestFailure(.undecodable, "odd")), .unanswered(RequestFailure(.notReady, "down")), .missing,
        ] as [PartitionReadMachine.Failure]
    )
    func unanswered(failure: PartitionReadMachine.Failure) {
        for (from, asked) in [(ReadStart.offset(3), "records(from: 3)"), (.latest, "offset(timestamp: -1, ")] {
            var machine = machine(from: from)
            _ = question(&machine)
            machine.failed(failure, now: start)
            #expect(question(&machine).hasPrefix("wait"))
            #expect(question(&machine, now: start + .milliseconds(120)).hasPrefix(asked))
        }
    }

    @Test("without a leader it waits; a pause that the broker asked for is kept")
    func noLeader() {
        var machine = machine()
        #expect(machine.proceed(.closed(.noLeader), now: start) == .wait(until: start + .seconds(60)))
        let pause = start + .seconds(3)
        #expect(machine.proceed(.paused(until: pause), now: start) == .wait(until: pause))
        #expect(question(&machine) == "records(from: 0)")
    }

    @Test("failures without end are an error that says what happened; the next try begins at the same offset")
    func gaveUp() {
        var machine = machine(from: .offset(3))
        var now = start
        for _ in 0..<1000 {
            switch machine.proceed(.open(leader), now: now) {
            case .ask:
                machine.asked()
                machine.failed(.unanswered(RequestFailure(.disconnected, "gone")), now: now)
            case .wait(let until): now = until
            case let other:
                #expect(other == .fail(.timedOut(.seconds(60), reason: "gone")))
                #expect(now >= start + .seconds(60))
                #expect(machine.state == .delivering)
                machine.wanted(from: nil)
                #expect(question(&machine, now: now) == "records(from: 3)")
                return
            }
        }
        Issue.record("it never gave up")
    }

    @Test(
        "an error that stays is passed on at once",
        arguments: [.topicAuthorizationFailed, .unsupportedCompressionType, .invalidRequest] as [ErrorCode]
    )
    func refused(error: ErrorCode) {
        var machine = machine()
        _ = question(&machine)
        machine.failed(.refused(error, namesLeader: false), now: start)
        #expect(machine.proceed(.open(leader), now: start) == .fail(.refused(error)))
    }

    @Test("a broker that is too old is passed on at once")
    func unsupported() {
        var machine = machine()
        _ = question(&machine)
        machine.failed(.unanswered(RequestFailure(.unsupportedVersion, "no Fetch")), now: start)
        #expect(machine.proceed(.open(leader), now: start) == .fail(.unsupported("no Fetch")))
    }

    @Test(
        "a topic that vanishes is an error when it stays away",
        arguments: [ErrorCode.unknownTopicID, .unknownTopicOrPartition]
    )
    func vanished(error: ErrorCode) {
        var machine = machine()
        var now = start
        while now < start + .seconds(30) {
            switch machine.proceed(.open(leader), now: now) {
            case .ask:
                machine.asked()
                machine.failed(.refused(error, namesLeader: false), now: now)
            case .wait(let until): now = until
            case let other:
                #expect(other == .fail(.unknownTopic))
                #expect(now == start + .seconds(5))
                return
            }
        }
        Issue.record("it never gave up")
    }

    @Test("another topic of the same name is not read on from the offset of the former one")
    func replaced() {
        var machine = machine()
        _ = question(&machine)
        _ = machine.recordsAnswered(FetchResponse.PartitionData(records: nil))
        let other = PartitionLeader(node: 1, epoch: 0, topicID: .zero, incarnation: 1)
        #expect(machine.proceed(.open(other), now: start) == .fail(.topicReplaced))
    }

    // MARK: out of range

    @Test("an offset that the partition does not hold is an error that names what it holds", arguments: [Int64(2), 99])
    func outOfRange(offset: Int64) {
        var machine = machine(from: .offset(offset), isolation: .readCommitted)
        _ = question(&machine)
        machine.failed(.refused(.offsetOutOfRange, namesLeader: false), now: start)
        #expect(question(&machine) == "offset(timestamp: -2, KafkaReader.IsolationLevel.readUncommitted)")
        machine.offsetAnswered(10, now: start)
        #expect(question(&machine) == "offset(timestamp: -1, KafkaReader.IsolationLevel.readUncommitted)")
        machine.offsetAnswered(20, now: start)
        #expect(machine.proceed(.open(leader), now: start) == .fail(.outOfRange(offset, oldest: 10, next: 20)))
        let fault = ReadFault.outOfRange(offset, oldest: 10, next: 20)
        let text = ReaderError(fault, topic: "t", partition: 0, broker: nil).description
        #expect(text.hasPrefix("t-0: offset \(offset) is out of range: the oldest record has offset 10"))
    }

    @Test("an offset behind the newest record is out of range too when reading is to end at that")
    func behindTheEnd() {
        var machine = machine(from: .offset(30), to: .latestAtStart)
        _ = question(&machine)
        machine.offsetAnswered(20, now: start)
        for offset: Int64 in [10, 20] {
            #expect(question(&machine).hasPrefix("offset"))
            machine.offsetAnswered(offset, now: start)
        }
        #expect(machine.proceed(.open(leader), now: start) == .fail(.outOfRange(30, oldest: 10, next: 20)))
    }

    @Test("when the oldest record is deleted before it is read, the oldest one is looked up again")
    func deletedMeanwhile() {
        var machine = machine(from: .earliest)
        _ = question(&machine)
        machine.offsetAnswered(3, now: start)
        #expect(question(&machine) == "records(from: 3)")
        machine.failed(.refused(.offsetOutOfRange, namesLeader: false), now: start)
        for offset: Int64 in [5, 20] {
            _ = question(&machine)
            machine.offsetAnswered(offset, now: start)
        }
        let later = start + .seconds(1)
        #expect(question(&machine, now: later).hasPrefix("offset(timestamp: -2"))
        machine.offsetAnswered(5, now: later)
        #expect(question(&machine, now: later) == "records(from: 5)")
    }

    // MARK: whoever reads

    @Test("an answer that comes when nobody waits any more changes nothing")
    func abandoned() throws {
        var machine = machine(from: .offset(3))
        _ = question(&machine)
        machine.abandoned()
        #expect(machine.recordsAnswered(try records(["a"], at: 3)) == nil)
        machine.failed(.missing, now: start)
        machine.wanted(from: nil)
        #expect(question(&machine) == "records(from: 3)")
    }
}
