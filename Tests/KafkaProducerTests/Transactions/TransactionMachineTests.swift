// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

@Suite("Transaction machine")
struct TransactionMachineTests {
    private let both: [TransactionProtocol] = [.explicit, .implicit]

    @Test("with KIP-98 a partition is added first, and all transactions share an epoch")
    func explicit() throws {
        let test = try TestMachine(.explicit)
        for _ in 0..<2 {
            try test.open()
            #expect(test.takeAdded() == [test.partition])
            #expect(try test.commit())
            let beforeDrain = test.send()
            #expect(beforeDrain == nil)
            test.drained()
            try test.answer(.end(commits: true))
            #expect(test.phase == .ready)
            #expect(test.takeEnded() == [.commit(nil)])
            #expect(test.identity == ProducerIDAndEpoch(id: 7, epoch: 0))
        }
    }

    @Test("with KIP-890 nothing is added, and each transaction has an epoch of its own")
    func implicit() throws {
        let test = try TestMachine(.implicit)
        try test.open()
        let request = test.send()
        #expect(request == nil)
        #expect(try test.commit())
        test.drained()
        try test.answer(.end(commits: true), identity: ProducerIDAndEpoch(id: 7, epoch: 1))
        #expect(test.identity == ProducerIDAndEpoch(id: 7, epoch: 1))
        #expect(test.takeEnded() == [.commit(nil)])
    }

    @Test("a transaction without records ends without a request", arguments: [TransactionProtocol.explicit, .implicit])
    func empty(transactionProtocol: TransactionProtocol) throws {
        let test = try TestMachine(transactionProtocol)
        try test.begin()
        #expect(try test.commit())
        test.drained()
        #expect(test.takeEnded() == [.commit(nil)])
        try test.begin()
        #expect(try test.abort())
        test.drained()
        #expect(test.takeEnded() == [.abort(nil)])
        let request = test.send()
        #expect(request == nil)
    }

    @Test("offsets are committed at the group's coordinator, which KIP-98 adds first")
    func offsets() throws {
        for transactionProtocol in both {
            let test = try TestMachine(transactionProtocol)
            try test.begin()
            let offset = CommittedOffset(topic: "in", partition: 0, offset: 5)
            let ticket = try test.commit([offset], of: ConsumerGroupMember("g"))
            let pending = PendingOffsets(ticket: ticket, member: ConsumerGroupMember("g"), offsets: [offset])
            if transactionProtocol == .explicit { try test.answer(.addOffsets(group: "g")) }
            let request = test.send()
            #expect(request == .findCoordinator(.group("g")))
            var found = TransactionAnswer(.none)
            found.coordinator = CoordinatorAddress(node: 2, host: "h", port: 9093)
            test.received(found, now: test.now)
            try test.answer(.commitOffsets(pending), .notCoordinator)
            let again = test.send()
            #expect(again == .findCoordinator(.group("g")))
            test.received(found, now: test.now)
            try test.answer(.commitOffsets(pending))
            #expect(test.takeEnded() == [.offsets(ticket: ticket, nil)])
            #expect(test.membership == .known)
        }
    }

    /// A machine whose first request of a transaction commits offsets at a coordinator that was found.
    private func committingOffsets() throws -> (TestMachine, TransactionRequest) {
        let test = try TestMachine(.implicit)
        try test.begin()
        let offset = CommittedOffset(topic: "in", partition: 0, offset: 5)
        let ticket = try test.commit([offset], of: ConsumerGroupMember("g"))
        #expect(test.send() == .findCoordinator(.group("g")))
        var found = TransactionAnswer(.none)
        found.coordinator = CoordinatorAddress(node: 2, host: "h", port: 9093)
        test.received(found, now: test.now)
        let pending = PendingOffsets(ticket: ticket, member: ConsumerGroupMember("g"), offsets: [offset])
        return (test, .commitOffsets(pending))
    }

    @Test(
        "offsets that were refused may have opened the transaction (KIP-890): an abort asks, or the next one would join it",
        arguments: [ErrorCode.groupAuthorizationFailed, .illegalGeneration, .coordinatorNotAvailable]
    )
    func refusedOffsetsMayHaveOpened(error: ErrorCode) throws {
        let (test, request) = try committingOffsets()
        try test.answer(request, error)
        #expect(test.membership == .possible)
        #expect(try test.abort())
        test.drained()
        #expect(test.takeEnded().allSatisfy { if case .abort = $0 { false } else { true } }, "nobody was asked")
        try test.answer(.end(commits: false), identity: ProducerIDAndEpoch(id: 7, epoch: 1))
        #expect(test.takeEnded() == [.abort(nil)])
        #expect(test.identity?.epoch == 1)
    }

    @Test("offsets that were refused since the transaction before is not over have opened nothing")
    func concurrentOffsetsOpenNothing() throws {
        let (test, request) = try committingOffsets()
        try test.answer(request, .concurrentTransactions)
        #expect(test.membership == .none)
    }

    @Test("no other run is said to have taken over when a refusal came beside a batch, which may have opened it")
    func refusalBesideABatch() throws {
        let (test, request) = try committingOffsets()
        #expect(test.send() == request)
        test.produces()
        test.received(TransactionAnswer(.concurrentTransactions), now: test.now)
        #expect(test.membership == .possible)
        // The coordinator has given it up, counted from the batch.
        test.passTimeout()
        let refused = ProducerError(.broker(.invalidProducerEpoch), message: "")
        test.batchFailed(refused, hasNumber: true, now: test.now)
        #expect(test.fault?.code == .transactionTimedOut)
        #expect(!test.isDead)
    }

    @Test("an end that is not answered is asked for again, and is unknown until it is")
    func unansweredEnd() throws {
        for transactionProtocol in both {
            let test = try TestMachine(transactionProtocol)
            try test.open()
            #expect(try test.commit())
            #expect(test.lateness(of: "commit", .seconds(1)).code == .timedOut)
            test.drained()
            let request = test.send()
            #expect(request == .end(commits: true))
            test.wentUnanswered("gone", isCoordinatorLost: true, now: test.now)
            #expect(test.lateness(of: "commit", .seconds(1)).code == .commitUnknown)
            #expect(throws: ProducerError.self) { try test.abort() }
            #expect(try !test.commit())
            try test.find()
            try test.answer(.end(commits: true))
            #expect(test.takeEnded() == [.commit(nil)])
        }
    }

    @Test(
        "a fence ends the producer, and is never answered with another request",
        arguments: [ErrorCode.producerFenced, .invalidProducerEpoch]
    )
    func fence(error: ErrorCode) throws {
        for transactionProtocol in both {
            let test = try TestMachine(transactionProtocol)
            try test.open()
            #expect(try test.commit())
            test.drained()
            try test.answer(.end(commits: true), error)
            guard case .commit(let failure)? = test.takeEnded().first else { return }
            #expect(failure?.code == .fenced)
            let request = test.send()
            #expect(request == nil)
            #expect(throws: ProducerError.self) { try test.initialize() }
            #expect(throws: ProducerError.self) { try test.abort() }
            #expect(throws: ProducerError.self) { try test.begin() }
        }
    }

    @Test("with KIP-98 the clock tells a transaction that took too long from one that was taken over")
    func explicitTimeout() throws {
        let test = try TestMachine(.explicit)
        try test.open()
        test.passTimeout()
        #expect(try test.commit())
        test.drained()
        try test.answer(.end(commits: true), .producerFenced)
        guard case .commit(let failure)? = test.takeEnded().first else { return }
        #expect(failure?.code == .transactionTimedOut)
        #expect(test.isDead)
    }

    @Test("with KIP-890 an abort shows that the coordinator gave the transaction up, and the producer goes on")
    func implicitTimeout() throws {
        let test = try TestMachine(.implicit)
        try test.open()
        test.passTimeout()
        #expect(try test.commit())
        test.drained()
        try test.answer(.end(commits: true), .invalidTransactionState)
        guard case .commit(let failure)? = test.takeEnded().first else { return }
        #expect(failure?.code == .transactionTimedOut)
        #expect(try test.abort())
        test.drained()
        try test.answer(.end(commits: false), .concurrentTransactions)
        try test.answer(.end(commits: false), identity: ProducerIDAndEpoch(id: 7, epoch: 2))
        #expect(test.takeEnded() == [.abort(nil)])
        try test.open()
    }

    @Test("with KIP-890 another epoch within the timeout means that somebody has taken over: nothing is asked any more")
    func implicitFenceOfBatch() throws {
        let test = try TestMachine(.implicit)
        try test.open()
        let refusal = ProducerError(.broker(.invalidProducerEpoch), message: "")
        test.batchFailed(refusal, hasNumber: true, now: test.now)
        #expect(test.isDead)
        let late = try TestMachine(.implicit)
        try late.open()
        late.passTimeout()
        late.batchFailed(refusal, hasNumber: true, now: late.now)
        #expect(late.fault?.code == .transactionTimedOut)
        #expect(try late.abort())
    }

    @Test("after a lost batch, KIP-98 asks for the next epoch once the transaction is aborted, never before")
    func explicitBump() throws {
        let test = try TestMachine(.explicit)
        try test.open()
        test.batchFailed(ProducerError(.timedOut, message: "late"), hasNumber: true, now: test.now)
        #expect(test.fault?.code == .timedOut)
        let early = test.send()
        #expect(early == nil)
        #expect(try test.abort())
        test.drained()
        try test.answer(.end(commits: false))
        #expect(test.takeEnded() == [.abort(nil)])
        #expect(test.phase == .initializing)
        let old = ProducerIDAndEpoch(id: 7, epoch: 0)
        try test.answer(.initProducerID(after: old), identity: ProducerIDAndEpoch(id: 7, epoch: 1))
        #expect(test.phase == .ready)
        #expect(test.identity?.epoch == 1)
    }

    @Test("where the next epoch cannot be asked for, a lost batch ends the producer")
    func withoutBump() throws {
        let test = try TestMachine(.explicit)
        test.canAskForNextEpoch = false
        try test.open()
        test.batchFailed(ProducerError(.timedOut, message: "late"), hasNumber: true, now: test.now)
        #expect(test.isDead)
    }

    @Test("a failed batch makes the commit fail, and what was lost while aborting does not matter")
    func failedBatch() throws {
        for transactionProtocol in both {
            let test = try TestMachine(transactionProtocol)
            try test.open()
            #expect(try test.commit())
            let error = ProducerError(.recordTooLarge, message: "too large")
            test.batchFailed(error, hasNumber: false, now: test.now)
            #expect(test.takeEnded() == [.commit(error)])
            #expect(try test.abort())
            test.batchFailed(error, hasNumber: false, now: test.now)
            test.drained()
            try test.answer(.end(commits: false), identity: ProducerIDAndEpoch(id: 7, epoch: 1))
            #expect(test.takeEnded() == [.abort(nil)])
            #expect(test.phase == .ready)
        }
    }

    @Test("the protocol changes between transactions only, and comes with the next epoch")
    func upgrade() throws {
        let test = try TestMachine(.explicit)
        try test.open()
        test.announced(level: 2, epoch: 5)
        test.announced(level: 1, epoch: 4)
        #expect(test.transactionProtocol == .explicit)
        #expect(try test.commit())
        test.drained()
        try test.answer(.end(commits: true))
        #expect(test.transactionProtocol == .explicit)
        try test.answer(
            .initProducerID(after: ProducerIDAndEpoch(id: 7, epoch: 0)),
            identity: ProducerIDAndEpoch(id: 7, epoch: 1)
        )
        #expect(test.transactionProtocol == .implicit)
        try test.open()
        test.announced(level: 0, epoch: 6)
        #expect(try test.commit())
        test.drained()
        try test.answer(.end(commits: true), identity: ProducerIDAndEpoch(id: 7, epoch: 2))
        #expect(test.transactionProtocol == .explicit)
        #expect(test.phase == .ready)
    }

    @Test("the first request of a transaction is repeated after 20 ms while the one before completes")
    func firstBackoff() throws {
        let test = try TestMachine(.explicit)
        try test.begin()
        #expect(!test.want(test.partition))
        let start = test.now
        try test.answer(.addPartitions([test.partition]), .concurrentTransactions)
        #expect(test.nextTime == start + .milliseconds(20))
        try test.answer(.addPartitions([test.partition]))
        let other = TransactionPartition(topic: "t", partition: 1)
        #expect(!test.want(other))
        let later = test.now
        try test.answer(.addPartitions([other]), .concurrentTransactions)
        #expect(test.nextTime == later + .milliseconds(100))
        let offsets = try TestMachine(.implicit)
        try offsets.begin()
        _ = try offsets.commit([], of: ConsumerGroupMember("g"))
        _ = offsets.send()
        var found = TransactionAnswer(.none)
        found.coordinator = CoordinatorAddress(node: 1, host: "h", port: 1)
        offsets.received(found, now: offsets.now)
        _ = offsets.send()
        offsets.received(TransactionAnswer(.concurrentTransactions), now: offsets.now)
        #expect(offsets.nextTime == offsets.now + .milliseconds(20))
    }

    @Test(
        "a failed addition forgets its own partitions, not those added before; with none added there is nothing to end"
    )
    func failedAddition() throws {
        let first = try TestMachine(.explicit)
        try first.begin()
        #expect(!first.want(first.partition))
        try first.answer(.addPartitions([first.partition]), .topicAuthorizationFailed)
        #expect(try first.abort())
        first.drained()
        #expect(first.takeEnded() == [.abort(nil)])
        let second = try TestMachine(.explicit)
        try second.open()
        let other = TransactionPartition(topic: "u", partition: 0)
        #expect(!second.want(other))
        try second.answer(.addPartitions([other]), .topicAuthorizationFailed)
        #expect(try second.abort())
        second.drained()
        try second.answer(.end(commits: false))
        #expect(second.takeEnded() == [.abort(nil)])
    }

    @Test("an addition that was not answered may have opened the transaction: it is aborted, or was never there")
    func unansweredAddition() throws {
        for error in [ErrorCode.none, .invalidTransactionState] {
            let test = try TestMachine(.explicit)
            try test.begin()
            #expect(!test.want(test.partition))
            _ = test.send()
            test.wentUnanswered("gone", isCoordinatorLost: false, now: test.now)
            #expect(try test.abort())
            test.drained()
            try test.answer(.end(commits: false), error)
            #expect(test.takeEnded() == [.abort(nil)])
            #expect(test.phase == .ready)
        }
    }

    @Test("a right that is missing at the beginning leaves room for another try")
    func missingRight() throws {
        let test = try TestMachine(.explicit, isReady: false)
        try test.initialize()
        try test.find()
        try test.answer(.initProducerID(after: nil), .transactionalIDAuthorizationFailed)
        guard case .initialization(let error?)? = test.takeEnded().first else {
            Issue.record("the initialization did not fail")
            return
        }
        #expect(error.description.contains("transactional.id=x"))
        #expect(error.code == .broker(.transactionalIDAuthorizationFailed))
        try test.initialize()
        try test.answer(.initProducerID(after: nil), identity: ProducerIDAndEpoch(id: 8, epoch: 0))
        #expect(test.phase == .ready)
    }

    @Test("an earlier owner's transaction is waited for, however long that takes")
    func earlierOwner() throws {
        let test = try TestMachine(.implicit, isReady: false)
        try test.initialize()
        try test.find()
        for _ in 0..<50 { try test.answer(.initProducerID(after: nil), .concurrentTransactions) }
        #expect(test.lateness(of: "initializeTransactions()", .seconds(60)).message.contains("CONCURRENT"))
        try test.answer(.initProducerID(after: nil), identity: ProducerIDAndEpoch(id: 8, epoch: 0))
        #expect(test.phase == .ready)
    }

    @Test("calls out of turn throw and change nothing")
    func misuse() throws {
        let test = try TestMachine(.explicit)
        #expect(throws: ProducerError.self) { try test.commit() }
        #expect(throws: ProducerError.self) { try test.abort() }
        #expect(test.phase == .ready)
        try test.open()
        #expect(throws: ProducerError.self) { try test.begin() }
        #expect(throws: ProducerError.self) { try test.initialize() }
        #expect(test.phase == .open)
        #expect(try test.abort())
        #expect(throws: ProducerError.self) { try test.commit() }
        #expect(try !test.abort())
        #expect(test.phase == .aborting)
    }
}
