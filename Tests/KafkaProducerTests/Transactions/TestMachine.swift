// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

/// A machine with a clock, to which a test plays the coordinators.
final class TestMachine {
    private var machine: TransactionMachine
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    let partition = TransactionPartition(topic: "t", partition: 0)

    /// A machine that has an id and epoch: 7 and 0.
    init(_ transactionProtocol: TransactionProtocol, isReady: Bool = true) throws {
        machine = TransactionMachine(
            TransactionMachine.Settings(
                transactionalID: "x",
                timeout: .seconds(60),
                retryBackoff: .milliseconds(100)
            )
        )
        machine.announced(level: transactionProtocol == .implicit ? 2 : 1, epoch: 1)
        guard isReady else { return }
        try machine.initialize()
        try find()
        try answer(.initProducerID(after: nil), identity: ProducerIDAndEpoch(id: 7, epoch: 0))
        #expect(machine.phase == .ready)
        #expect(machine.takeEnded() == [.initialization(nil)])
    }

    /// Lets the next request go out.
    func send() -> TransactionRequest? {
        if let next = machine.nextTime { now = max(now, next) }
        let request = machine.nextRequest(now: now)
        if let request { machine.sent(request, now: now) }
        return request
    }

    /// The coordinator of the transactional id is found.
    func find() throws {
        #expect(send() == .findCoordinator(.transaction))
        var answer = TransactionAnswer(.none)
        answer.coordinator = CoordinatorAddress(node: 1, host: "h", port: 9092)
        machine.received(answer, now: now)
    }

    /// The next request is this one, and is answered so.
    func answer(
        _ request: TransactionRequest,
        _ error: ErrorCode = .none,
        identity: ProducerIDAndEpoch? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let sent = send()
        #expect(sent == request, sourceLocation: sourceLocation)
        var answer = TransactionAnswer(error)
        answer.identity = identity
        machine.received(answer, now: now)
    }

    /// A transaction is open, and known to its coordinator.
    func open() throws {
        try machine.begin()
        if !machine.want(partition) { try answer(.addPartitions([partition])) }
        machine.produces(now: now)
    }

    /// The transaction has lasted longer than its timeout.
    func passTimeout() { now = now + .seconds(61) }

    // MARK: the machine's own: what is not copyable cannot stand in an expectation

    var phase: TransactionMachine.Phase { machine.phase }
    var identity: ProducerIDAndEpoch? { machine.identity }
    var transactionProtocol: TransactionProtocol { machine.transactionProtocol }
    var membership: TransactionMachine.Membership { machine.membership }
    var nextTime: NIODeadline? { machine.nextTime }
    var fault: ProducerError? { machine.fault }
    var isDead: Bool { machine.isDead }
    var canAskForNextEpoch: Bool {
        get { machine.canAskForNextEpoch }
        set { machine.canAskForNextEpoch = newValue }
    }

    func produces() { machine.produces(now: now) }

    func initialize() throws { try machine.initialize() }

    func begin() throws { try machine.begin() }

    func commit() throws -> Bool { try machine.commit() }

    func abort() throws -> Bool { try machine.abort() }

    func commit(_ list: [CommittedOffset], of member: ConsumerGroupMember) throws -> Int {
        try machine.commit(list, of: member)
    }

    func want(_ partition: TransactionPartition) -> Bool { machine.want(partition) }

    func drained() { machine.drained() }

    func takeAdded() -> [TransactionPartition] { machine.takeAdded() }

    func takeEnded() -> [TransactionMachine.Ended] { machine.takeEnded() }

    func announced(level: Int16, epoch: Int64) { machine.announced(level: level, epoch: epoch) }

    func received(_ answer: TransactionAnswer, now: NIODeadline) { machine.received(answer, now: now) }

    func wentUnanswered(_ reason: String, isCoordinatorLost: Bool, now: NIODeadline) {
        machine.wentUnanswered(reason, isCoordinatorLost: isCoordinatorLost, now: now)
    }

    func batchFailed(_ error: ProducerError, hasNumber: Bool, now: NIODeadline) {
        machine.batchFailed(error, hasNumber: hasNumber, now: now)
    }

    func lateness(of call: String, _ limit: Duration) -> ProducerError { machine.lateness(of: call, limit) }
}
