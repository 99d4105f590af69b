// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import DequeModule
import KafkaClient
import KafkaProtocol
import KafkaRecords
import NIOCore
import NIOEmbedded
import Synchronization

@testable import KafkaProducer

/// The sender's decisions for one partition, against a broker that checks sequences, with everything between them that
/// goes wrong by chance, the same for the same seed.
///
/// No sockets and no time: requests and answers wait in lists until chance takes them on. A connection that breaks may
/// leave one request behind that the broker still carries out later.
struct SequenceModel {
    /// What may happen.
    struct Dangers: Sendable {
        var retries = Int.max
        var breaksConnections = true
        var leavesRequestsBehind = true
        var changesConnections = true
        var expires = true
        var refuses = true
        var divides = true
        /// How many batches may be unanswered.
        var inFlight = 5
        /// Epoch and first sequence to begin with.
        var epoch: Int16 = 0
        var sequence: Int32 = 0
    }

    private struct Request {
        let batch: ProducerBatch
        let sequence: BatchSequence
        let values: [String]
    }

    /// What is acked and what has failed, in the order of the reports.
    private final class Ends: ProducerObserver {
        private let values = Mutex<(acked: [String], failed: [String])>(([], []))

        func delivered(_ report: borrowing DeliveryReport) {
            let ended = (try? report.batch.values()) ?? []
            values.withLock { values in
                if case .delivered = report.outcome { values.acked += ended } else { values.failed += ended }
            }
        }

        func occurred(_ event: ProducerEvent) {}

        var acked: [String] { values.withLock { $0.acked } }
        var failed: [String] { values.withLock { $0.failed } }
    }

    private let dangers: Dangers
    private var random: SplitMix64
    private var isQuiet = false
    private var now = NIODeadline.uptimeNanoseconds(0)

    // The client: the sender's own table, outcomes and expiry.
    private let queue = PartitionQueue.test()
    private let parts: SenderParts
    private let outcomes: BatchOutcomes
    private let expiry: BatchExpiry
    private let ends = Ends()
    private var identity = ProducerIdentity(isEnabled: true)
    private var nextID: Int64 = 1000
    private var connections: [ObjectIdentifier: Int] = [:]
    private var created: UInt64 = 0
    private(set) var appended: [String] = []
    private(set) var bumps = 0

    // The way.
    private var connection = 0
    private var requests: [Int: [Request]] = [:]
    private var answers: [Int: [(batch: ProducerBatch, answer: BatchAnswer)]] = [:]
    private var leftBehind: [Request] = []

    // The broker.
    private let broker = BrokerAddress(nodeID: 1, host: "model", port: 9092)
    private var checker = SequenceChecker()
    private(set) var log: [String] = []

    init(seed: UInt64, dangers: Dangers) {
        self.dangers = dangers
        random = SplitMix64(seed: seed)
        let eventLoop = EmbeddedEventLoop()
        var configuration = ProducerConfiguration.test(ports: [9092])
        configuration.retries = dangers.retries
        configuration.retryBackoff = .zero
        configuration.retryBackoffMax = .zero
        configuration.deliveryTimeout = .seconds(1_000_000)
        configuration.batchSize = 1
        var plan = SenderPlan(
            configuration: configuration,
            observer: ends,
            counters: ProducerCounters(),
            logger: .silent
        )
        plan.initialSequences = PartitionSequences(
            producerID: 999,
            producerEpoch: dangers.epoch,
            next: dangers.sequence,
            lastAcked: dangers.sequence == 0 ? nil : dangers.sequence - 1
        )
        let accumulator = RecordAccumulator(
            limits: RecordAccumulator.Limits(configuration),
            bufferMemory: 1 << 30,
            workers: 1,
            signal: SenderSignal(eventLoop: eventLoop)
        )
        parts = SenderParts(plan, eventLoop: eventLoop, accumulator: accumulator)
        outcomes = BatchOutcomes(parts)
        expiry = BatchExpiry(parts, outcomes: outcomes)
        parts.table.adopt(queue)
        identity.requestSent()
        identity.received(id: 999, epoch: dangers.epoch)
        guard dangers.sequence > 0 else { return }
        let last = BatchSequence(producerID: 999, producerEpoch: dangers.epoch, baseSequence: dangers.sequence - 1)
        _ = checker.check(last, count: 1, end: 0)
    }

    var acked: [String] { ends.acked }
    var failed: [String] { ends.failed }

    /// Ends the workers of the accumulator.
    func close() { parts.accumulator.sealer.close() }

    private var partition: PartitionSending { parts.table[queue] }

    /// Lets so many things happen, then nothing bad any more until all batches have ended.
    ///
    /// - Returns: whether they did end.
    mutating func run(events: Int) throws -> Bool {
        for _ in 0..<events { try happen() }
        isQuiet = true
        // To ask costs more than an event does.
        for _ in 0..<5000 where !isOver { for _ in 0..<20 { try happen() } }
        return isOver
    }

    /// What does not come to an end.
    var unended: String {
        let waiting = queue.state.withLock { state in state.closed.map { "\($0.id) \($0.lastError as Any)" } }
        return "in flight \(partition.inFlight.map(\.id)), waiting \(waiting), \(partition.sequences)"
    }

    private var isOver: Bool { partition.inFlight.isEmpty && queue.state.withLock { $0.closed.isEmpty } }

    private mutating func chance(_ percent: Int) -> Bool {
        !isQuiet && Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func happen() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<15 where !isQuiet: appendSome()
        case 15..<40: try drain()
        case 40..<62: try deliverRequest()
        case 62..<84 where !areAnswersLate: deliverAnswer()
        case 84..<90 where dangers.breaksConnections && !isQuiet: breakConnection()
        case 90..<94 where dangers.changesConnections && !isQuiet: connection += 1
        case 94..<97 where !leftBehind.isEmpty: _ = judge(leftBehind.removeFirst())
        case 97..<100 where dangers.expires && !isQuiet: expire()
        default: break
        }
        settle()
    }

    /// Whether an answer takes its time, so that many are under way when a connection breaks.
    private var areAnswersLate: Bool {
        mutating get { dangers.inFlight > 5 && !isQuiet && Int.random(in: 0..<4, using: &random) > 0 }
    }

    // MARK: the client

    /// As many at a time that there is something to send for all that may be unanswered.
    private mutating func appendSome() {
        append()
        guard dangers.inFlight > 5 else { return }
        for _ in 0..<Int.random(in: 0...4, using: &random) { append() }
    }

    private mutating func append() {
        created += 1
        now = now + .seconds(1)
        let count = Int.random(in: 1...3, using: &random)
        let values = (0..<count).map { "\(created).\($0)" }
        appended += values
        let batch = queue.batch(of: values, id: created, createdAt: now)
        queue.state.withLock { $0.closed.append(batch) }
    }

    private mutating func drain() throws {
        guard partition.inFlight.count < dangers.inFlight else { return }
        let (partition, identity) = (partition, identity.state)
        let next = queue.state.withLock { state -> ProducerBatch? in
            guard let turn = partition.turn(in: state.closed, as: identity), state.closed[turn].isSealed else {
                return nil
            }
            return state.closed.remove(at: turn)
        }
        guard let batch = next else { return }
        parts.table.enterFlight(batch, as: identity, isAlone: false)
        connections[ObjectIdentifier(batch)] = connection
        guard let sequence = batch.ticket.flatMap({ self.partition.sequences.sequence(of: $0) }) else { return }
        requests[connection, default: []].append(
            Request(batch: batch, sequence: sequence, values: try batch.values())
        )
    }

    private func complete(_ batch: ProducerBatch, _ answer: BatchAnswer) {
        outcomes.complete(batch, answer, from: broker, now: now)
    }

    private mutating func settle() {
        guard parts.table.resolveSequences() else { return }
        bumps += 1
        identity.bumpEpoch()
        if identity.state == .needed {
            identity.requestSent()
            identity.received(id: nextID, epoch: 0)
            nextID += 1
        }
        guard case .assigned(let id, let epoch) = identity.state else { return }
        parts.table.restartSequences(id: id, epoch: epoch)
    }

    /// The oldest batches are given up, wherever they are.
    private mutating func expire() {
        guard let next = expiry.nextExpiry() else { return }
        // The clock of the model goes on by appending alone; what is left is as young as before.
        expiry.pass(now: next + .seconds(Int64.random(in: 0...1, using: &random)))
    }

    // MARK: the way

    private mutating func breakConnection() {
        let broken = connection
        connection += 1
        if dangers.leavesRequestsBehind, let first = requests[broken]?.first, chance(50) { leftBehind.append(first) }
        requests[broken] = nil
        answers[broken] = nil
        let batches = partition.inFlight.filter { connections[ObjectIdentifier($0)] == broken }
        let answer = BatchAnswer(error: .networkException)
        for batch in batches where !outcomes.mayRetry(batch, now: now) { complete(batch, answer) }
        for batch in batches.reversed() { complete(batch, answer) }
    }

    private mutating func deliverRequest() throws {
        guard let number = requests.filter({ !$0.value.isEmpty }).keys.sorted().randomElement(using: &random),
            let request = requests[number]?.removeFirst()
        else { return }
        let answer = judge(request)
        answers[number, default: []].append((request.batch, answer))
    }

    private mutating func deliverAnswer() {
        guard let number = answers.filter({ !$0.value.isEmpty }).keys.sorted().randomElement(using: &random),
            let (batch, answer) = answers[number]?.removeFirst()
        else { return }
        complete(batch, answer)
    }

    // MARK: the broker

    private mutating func judge(_ request: Request) -> BatchAnswer {
        if chance(8) { return BatchAnswer(error: .notEnoughReplicas) }
        let isStored = log.contains(request.values[0])
        // What is too large is so at every attempt.
        if dangers.divides, request.values.count > 1, (Int(request.values[0].prefix { $0 != "." }) ?? 0) % 6 == 5 {
            return BatchAnswer(error: .messageTooLarge)
        }
        if !isStored, dangers.refuses, chance(5) { return BatchAnswer(error: .invalidRecord) }
        let end = Int64(log.count)
        switch checker.check(request.sequence, count: Int32(request.values.count), end: end) {
        case .refuse(let error): return BatchAnswer(error: error)
        case .duplicate(let offset): return BatchAnswer(error: .none, baseOffset: offset)
        case .append: log += request.values
        }
        if chance(5) { return BatchAnswer(error: .notEnoughReplicasAfterAppend) }
        if dangers.refuses, chance(3) { return BatchAnswer(error: .unknownServerError) }
        return BatchAnswer(error: .none, baseOffset: end)
    }
}
