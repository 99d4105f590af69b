// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaEmbeddedBroker

@Suite("The state of a transactional id")
struct TransactionEntryTests {
    private static let place = TransactionPartition("orders", 0)
    private static let id: Int64 = 7
    private static let nextID: Int64 = 8

    /// An entry whose producer has epoch 5, in a phase that a transaction of the protocol led to.
    private static func entry(
        _ phase: TransactionPhase,
        _ version: TransactionProtocol = .first,
        epoch: Int16 = 5
    ) throws -> TransactionEntry {
        var entry = TransactionEntry(producerID: id, timeout: 1000, now: 0)
        entry.skipEpochs(to: epoch)
        _ = try entry.initialize(nil, timeout: 1000, level: version, now: 0, takeID: { 99 })
        guard phase != .empty else { return entry }
        try entry.add([place], by: ProducerIdentity(id, epoch), as: version, now: 10)
        guard phase != .ongoing else { return entry }
        let commits = phase == .prepareCommit || phase == .completeCommit
        _ = try entry.end(
            commits: commits,
            by: ProducerIdentity(id, epoch),
            as: version,
            now: 20,
            takeID: { nextID }
        )
        if phase.isIdle { entry.complete(now: 30) }
        return entry
    }

    private func end(
        _ entry: inout TransactionEntry,
        commits: Bool,
        epoch: Int16,
        _ version: TransactionProtocol
    ) -> String {
        do throws(TransactionRefusal) {
            let sender = ProducerIdentity(Self.id, epoch)
            let end = try entry.end(commits: commits, by: sender, as: version, now: 40, takeID: { Self.nextID })
            return switch end {
            case .decided(let next): "\(entry.phase.rawValue) \(next.epoch)"
            case .repeated(let next): "NONE \(next.epoch)"
            }
        } catch {
            return error.code.name
        }
    }

    /// Phase, commit, abort: the answers of the first protocol.
    @Test(
        "EndTxn of the first protocol is answered by the phase",
        arguments: [
            (.ongoing, "PrepareCommit 5", "PrepareAbort 5"),
            (.prepareCommit, "CONCURRENT_TRANSACTIONS", "INVALID_TXN_STATE"),
            (.prepareAbort, "INVALID_TXN_STATE", "CONCURRENT_TRANSACTIONS"),
            (.completeCommit, "NONE 5", "INVALID_TXN_STATE"),
            (.completeAbort, "INVALID_TXN_STATE", "NONE 5"),
            (.empty, "INVALID_TXN_STATE", "INVALID_TXN_STATE"),
        ] as [(TransactionPhase, String, String)]
    )
    func firstProtocol(phase: TransactionPhase, commit: String, abort: String) throws {
        var entry = try Self.entry(phase)
        #expect(end(&entry, commits: true, epoch: 5, .first) == commit)
        entry = try Self.entry(phase)
        #expect(end(&entry, commits: false, epoch: 5, .first) == abort)
        for epoch in [Int16(4), 6] {
            #expect(end(&entry, commits: true, epoch: epoch, .first) == "PRODUCER_FENCED")
        }
    }

    /// Phase, then: the same request once more (one epoch behind), and a new one (the present epoch).
    @Test(
        "EndTxn of the second protocol tells a repeated request from a new one by its epoch",
        arguments: [
            (.ongoing, "PRODUCER_FENCED", "PRODUCER_FENCED", "PrepareCommit 6", "PrepareAbort 6"),
            (
                .prepareCommit, "CONCURRENT_TRANSACTIONS", "INVALID_TXN_STATE", "PRODUCER_FENCED", "PRODUCER_FENCED"
            ),
            (
                .prepareAbort, "INVALID_TXN_STATE", "CONCURRENT_TRANSACTIONS", "PRODUCER_FENCED", "PRODUCER_FENCED"
            ),
            (.completeCommit, "NONE 6", "INVALID_TXN_STATE", "INVALID_TXN_STATE", "PrepareAbort 7"),
            (.completeAbort, "INVALID_TXN_STATE", "NONE 6", "INVALID_TXN_STATE", "PrepareAbort 7"),
            (.empty, "PRODUCER_FENCED", "PRODUCER_FENCED", "INVALID_TXN_STATE", "PrepareAbort 6"),
        ] as [(TransactionPhase, String, String, String, String)]
    )
    func secondProtocol(
        phase: TransactionPhase,
        repeatedCommit: String,
        repeatedAbort: String,
        commit: String,
        abort: String
    ) throws {
        let present = try Self.entry(phase, .second).producer.epoch
        for (commits, isRepeated, expected) in [
            (true, true, repeatedCommit), (false, true, repeatedAbort), (true, false, commit), (false, false, abort),
        ] {
            var entry = try Self.entry(phase, .second)
            let epoch = isRepeated ? present - 1 : present
            #expect(end(&entry, commits: commits, epoch: epoch, .second) == expected, "\(commits) \(isRepeated)")
        }
        var entry = try Self.entry(phase, .second)
        #expect(end(&entry, commits: true, epoch: present + 1, .second) == "PRODUCER_FENCED")
        #expect(end(&entry, commits: true, epoch: present - 2, .second) == "PRODUCER_FENCED")
    }

    @Test("another producer id is not mapped", arguments: TransactionProtocol.allCases)
    func unknownID(version: TransactionProtocol) throws {
        var entry = try Self.entry(.ongoing, version)
        let stranger = ProducerIdentity(1, 5)
        #expect(throws: TransactionRefusal(.invalidProducerIDMapping)) {
            _ = try entry.end(commits: true, by: stranger, as: version, now: 0, takeID: { 9 })
        }
        #expect(throws: TransactionRefusal(.invalidProducerIDMapping)) {
            try entry.add([Self.place], by: stranger, as: version, now: 0)
        }
    }

    @Test(
        "partitions are added by the phase",
        arguments: [
            (.empty, nil), (.ongoing, nil), (.completeCommit, nil), (.completeAbort, nil),
            (.prepareCommit, .concurrentTransactions), (.prepareAbort, .concurrentTransactions),
        ] as [(TransactionPhase, ErrorCode?)]
    )
    func adding(phase: TransactionPhase, expected: ErrorCode?) throws {
        var entry = try Self.entry(phase)
        let other = TransactionPartition("orders", 1)
        do throws(TransactionRefusal) {
            #expect(try entry.add([other], by: ProducerIdentity(Self.id, 5), as: .first, now: 50))
            #expect(expected == nil)
            #expect(entry.phase == .ongoing && entry.partitions.contains(other))
            #expect(entry.start == (phase == .ongoing ? 10 : 50), "the time counts from the first partition")
            #expect(try !entry.add([other], by: ProducerIdentity(Self.id, 5), as: .first, now: 60), "again")
        } catch {
            #expect(error.code == expected)
        }
        #expect(throws: TransactionRefusal(.producerFenced)) {
            try entry.add([other], by: ProducerIdentity(Self.id, 6), as: .first, now: 0)
        }
    }

    /// Expected producer epoch in the request (nil: none), and the answer.
    @Test(
        "InitProducerId is answered by the phase and the epoch that it names",
        arguments: [
            (.empty, nil, "6"), (.completeCommit, nil, "6"), (.completeAbort, nil, "6"), (.empty, 5, "6"),
            (.empty, 4, "PRODUCER_FENCED"), (.empty, 6, "PRODUCER_FENCED"),
            (.prepareCommit, nil, "CONCURRENT_TRANSACTIONS"), (.prepareAbort, 5, "CONCURRENT_TRANSACTIONS"),
            (.ongoing, nil, "aborts"), (.ongoing, 5, "aborts"),
        ] as [(TransactionPhase, Int16?, String)]
    )
    func initializing(phase: TransactionPhase, epoch: Int16?, expected: String) throws {
        var entry = try Self.entry(phase)
        #expect(initialize(&entry, epoch.map { ProducerIdentity(Self.id, $0) }) == expected)
    }

    private func initialize(
        _ entry: inout TransactionEntry,
        _ expected: ProducerIdentity?,
        level: TransactionProtocol = .first
    ) -> String {
        do throws(TransactionRefusal) {
            switch try entry.initialize(expected, timeout: 500, level: level, now: 70, takeID: { Self.nextID }) {
            case .ready(let producer): return producer.id == Self.id ? "\(producer.epoch)" : "new \(producer.epoch)"
            case .abortsFirst: return "aborts"
            }
        } catch {
            return error.code.name
        }
    }

    @Test("a bump whose answer was lost is answered alike, and one of another producer is fenced")
    func repeatedBump() throws {
        var entry = try Self.entry(.completeAbort)
        #expect(initialize(&entry, ProducerIdentity(Self.id, 5)) == "6")
        #expect(initialize(&entry, ProducerIdentity(Self.id, 5)) == "6")
        #expect(initialize(&entry, ProducerIdentity(3, 6)) == "PRODUCER_FENCED")
        #expect(initialize(&entry, nil) == "7")
        #expect(initialize(&entry, ProducerIdentity(Self.id, 6)) == "PRODUCER_FENCED")
    }

    @Test("an init in the middle aborts once; who asked may go on in the second protocol alone")
    func initInTheMiddle() throws {
        for (level, answer) in [(TransactionProtocol.first, "PRODUCER_FENCED"), (.second, "6")] {
            var entry = try Self.entry(.ongoing, level)
            let own = ProducerIdentity(Self.id, 5)
            #expect(initialize(&entry, own, level: level) == "aborts")
            #expect(entry.phase == .prepareAbort && entry.producer.epoch == 6)
            #expect(initialize(&entry, own, level: level) == "CONCURRENT_TRANSACTIONS")
            entry.complete(now: 80)
            #expect(initialize(&entry, own, level: level) == answer)
        }
    }

    @Test("a timeout fences; its producer learns of it by the protocol")
    func timeout() throws {
        for (level, commit, abort, later) in [
            (TransactionProtocol.first, "PRODUCER_FENCED", "PRODUCER_FENCED", "PRODUCER_FENCED"),
            (.second, "INVALID_TXN_STATE", "CONCURRENT_TRANSACTIONS", "NONE 6"),
        ] {
            var entry = try Self.entry(.ongoing, level)
            #expect(!entry.isTimedOut(now: 1010))
            #expect(entry.isTimedOut(now: 1011))
            try entry.fence(level: level, now: 1011, takeID: { 9 })
            #expect(entry.phase == .prepareAbort)
            #expect(end(&entry, commits: true, epoch: 5, level) == commit)
            #expect(end(&entry, commits: false, epoch: 5, level) == abort)
            entry.complete(now: 1012)
            #expect(end(&entry, commits: true, epoch: 5, level) == commit)
            #expect(end(&entry, commits: false, epoch: 5, level) == later)
        }
    }

    @Test("epochs that are used up give way to a new id, and a lost answer is given again")
    func usedUpEpochs() throws {
        var entry = try Self.entry(.ongoing, .second, epoch: 32_766)
        let own = ProducerIdentity(Self.id, 32_766)
        let first = try entry.end(commits: true, by: own, as: .second, now: 0, takeID: { Self.nextID })
        #expect(first == .decided(next: ProducerIdentity(Self.nextID, 0)))
        #expect(entry.marker(coordinatorEpoch: 0, now: 0).producerEpoch == 32_767)
        #expect(throws: TransactionRefusal(.concurrentTransactions)) {
            _ = try entry.end(commits: true, by: own, as: .second, now: 0, takeID: { 9 })
        }
        entry.complete(now: 0)
        #expect(entry.producer == ProducerIdentity(Self.nextID, 0))
        let again = try entry.end(commits: true, by: own, as: .second, now: 0, takeID: { 9 })
        #expect(again == .repeated(next: ProducerIdentity(Self.nextID, 0)))
    }

    @Test("in the first protocol the next init gets a new id", arguments: [nil, ProducerIdentity(7, 32_766)])
    func usedUpEpochsOfTheFirstProtocol(expected: ProducerIdentity?) throws {
        var entry = try Self.entry(.completeCommit, .first, epoch: 32_766)
        #expect(initialize(&entry, expected) == "new 0")
        #expect(initialize(&entry, ProducerIdentity(7, 32_766)) == (expected == nil ? "PRODUCER_FENCED" : "new 0"))
    }

    @Test("a fence at the last epoch leaves no producer with epoch 32767", arguments: TransactionProtocol.allCases)
    func fenceAtTheLastEpoch(level: TransactionProtocol) throws {
        var entry = try Self.entry(.ongoing, level, epoch: 32_766)
        #expect(initialize(&entry, nil, level: level) == "aborts")
        entry.complete(now: 0)
        #expect(initialize(&entry, nil, level: level) == (level == .first ? "new 0" : "new 1"))
    }

    @Test("every state is written and read back", arguments: TransactionPhase.allCases, TransactionProtocol.allCases)
    func text(phase: TransactionPhase, version: TransactionProtocol) throws {
        var entry = try Self.entry(phase, version)
        #expect(TransactionEntry(text: entry.text) == entry)
        if phase == .empty {
            let places: Set = [TransactionPartition("a.b-c_d", 12), TransactionPartition(offsetsOf: "g")]
            try entry.add(places, by: entry.producer, as: version, now: 3)
            #expect(TransactionEntry(text: entry.text) == entry)
        }
        #expect(TransactionEntry(text: String(entry.text.dropFirst(4))) == nil)
    }
}
