// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import DequeModule
import KafkaProtocol
import KafkaRecords
import NIOCore
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
        /// Epoch and first sequence to begin with.
        var epoch: Int16 = 0
        var sequence: Int32 = 0
    }

    private struct Request {
        let batch: ProducerBatch
        let sequence: BatchSequence
        let values: [String]
    }

    private let dangers: Dangers
    private var random: SplitMix64
    private var isQuiet = false

    // The client.
    private let queue = PartitionQueue.test()
    private var sequences: PartitionSequences
    private var identity = ProducerIdentity(isEnabled: true)
    private var nextID: Int64 = 1000
    private var needsEpochBump = false
    private var inFlight: [(batch: ProducerBatch, connection: Int)] = []
    private var created: UInt64 = 0
    private(set) var appended: [String] = []
    private(set) var acked: [String] = []
    private(set) var failed: [String] = []
    private(set) var bumps = 0

    // The way.
    private var connection = 0
    private var requests: [Int: [Request]] = [:]
    private var answers: [Int: [(batch: ProducerBatch, answer: BatchAnswer)]] = [:]
    private var leftBehind: [Request] = []

    // The broker.
    private var checker = SequenceChecker()
    private(set) var log: [String] = []

    init(seed: UInt64, dangers: Dangers) {
        self.dangers = dangers
        random = SplitMix64(seed: seed)
        sequences = PartitionSequences(
            producerID: 999,
            producerEpoch: dangers.epoch,
            next: dangers.sequence,
            lastAcked: dangers.sequence == 0 ? nil : dangers.sequence - 1
        )
        identity.requestSent()
        identity.received(id: 999, epoch: dangers.epoch)
        guard dangers.sequence > 0 else { return }
        let last = BatchSequence(producerID: 999, producerEpoch: dangers.epoch, baseSequence: dangers.sequence - 1)
        _ = checker.check(last, count: 1, end: 0)
    }

    /// Lets so many things happen, then nothing bad any more until all batches have ended.
    ///
    /// - Returns: whether they did end.
    mutating func run(events: Int) throws -> Bool {
        for _ in 0..<events { try happen() }
        isQuiet = true
        for _ in 0..<100_000 where !isOver { try happen() }
        return isOver
    }

    private var isOver: Bool { inFlight.isEmpty && queue.state.withLock { $0.closed.isEmpty } }

    private mutating func chance(_ percent: Int) -> Bool {
        !isQuiet && Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func happen() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<15 where !isQuiet: append()
        case 15..<40: try drain()
        case 40..<62: try deliverRequest()
        case 62..<84: deliverAnswer()
        case 84..<90 where dangers.breaksConnections && !isQuiet: breakConnection()
        case 90..<94 where dangers.changesConnections && !isQuiet: connection += 1
        case 94..<97 where !leftBehind.isEmpty: _ = judge(leftBehind.removeFirst())
        case 97..<100 where dangers.expires && !isQuiet: expire()
        default: break
        }
        settle()
    }

    // MARK: the client

    private mutating func append() {
        created += 1
        let count = Int.random(in: 1...3, using: &random)
        let values = (0..<count).map { "\(created).\($0)" }
        appended += values
        let batch = queue.batch(of: values, id: created)
        queue.state.withLock { $0.closed.append(batch) }
    }

    private mutating func drain() throws {
        guard case .assigned(let id, let epoch) = identity.state, inFlight.count < 5,
            let batch = queue.state.withLock({ $0.closed.first }),
            sequences.mayDrain(batch, id: id, epoch: epoch)
        else { return }
        queue.state.withLock { _ = $0.closed.removeFirst() }
        if batch.sequence == nil { batch.sequence = sequences.assign(to: batch, id: id, epoch: epoch) }
        batch.sentSequence = batch.sequence
        batch.attempts += 1
        inFlight.append((batch, connection))
        guard let sequence = batch.sequence else { return }
        requests[connection, default: []].append(
            Request(batch: batch, sequence: sequence, values: try batch.values())
        )
    }

    private mutating func complete(_ batch: ProducerBatch, _ answer: BatchAnswer) throws {
        guard let place = inFlight.firstIndex(where: { $0.batch === batch }) else { return }
        inFlight.remove(at: place)
        let mayRetry = batch.attempts <= dangers.retries
        switch BatchVerdict(on: answer, to: batch, sequences: sequences, mayRetry: mayRetry) {
        case .delivered:
            sequences.acked(batch)
            acked += try batch.values()
        case .divide:
            let limits = RecordAccumulator.Limits(batchSize: 0, maxRequestSize: 1 << 20, codec: nil, lingers: false)
            let parts = try batch.divided(limits: limits)
            for part in parts {
                if let contents = part.takeContents() { part.becameSealed(.success(contents.sealed())) }
            }
            sequences.replace(batch, by: parts)
            queue.state.withLock { $0.requeue(parts, order: sequences) }
        case .retryInNextEpoch:
            needsEpochBump = true
            fallthrough
        case .retry, .retryAtOnce:
            queue.state.withLock { $0.requeue([batch], order: sequences) }
        case .fail:
            giveUp(batch)
        }
    }

    private mutating func giveUp(_ batch: ProducerBatch) {
        sequences.gaveUp(batch)
        failed += (try? batch.values()) ?? []
    }

    private mutating func settle() {
        if sequences.resolve() == .needsEpochBump { needsEpochBump = true }
        guard needsEpochBump else { return }
        bumps += 1
        identity.bumpEpoch()
        if identity.state == .needed {
            identity.requestSent()
            identity.received(id: nextID, epoch: 0)
            nextID += 1
        }
        guard case .assigned(let id, let epoch) = identity.state else { return }
        needsEpochBump = false
        for (batch, sequence) in sequences.restart(id: id, epoch: epoch) { batch.sequence = sequence }
    }

    /// The oldest batches are given up, wherever they are.
    private mutating func expire() {
        let oldest = (inFlight.map(\.batch.id) + queue.state.withLock { $0.closed.map(\.id) }).min() ?? 0
        let limit = oldest + UInt64.random(in: 0...1, using: &random)
        for (batch, _) in inFlight where batch.id <= limit { giveUp(batch) }
        inFlight.removeAll { $0.batch.id <= limit }
        let queued = queue.state.withLock { state in
            let queued = state.closed.filter { $0.id <= limit }
            state.closed.removeAll { $0.id <= limit }
            return queued
        }
        for batch in queued { giveUp(batch) }
    }

    // MARK: the way

    private mutating func breakConnection() {
        let broken = connection
        connection += 1
        if dangers.leavesRequestsBehind, let first = requests[broken]?.first, chance(50) { leftBehind.append(first) }
        requests[broken] = nil
        answers[broken] = nil
        let batches = inFlight.filter { $0.connection == broken }.map(\.batch)
        let answer = BatchAnswer(error: .networkException)
        for batch in batches where batch.attempts > dangers.retries { try? complete(batch, answer) }
        for batch in batches.reversed() { try? complete(batch, answer) }
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
        try? complete(batch, answer)
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
