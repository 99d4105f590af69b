// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What the coordinator knows of one transactional id, and the rules by which that changes: a value without I/O. A call
/// that throws changes nothing. The rules are those of Kafka 4.3's coordinator.
struct TransactionEntry: Hashable {
    /// Who the producer is now; the epoch is -1 before the first one.
    private(set) var producer: ProducerIdentity
    /// The id before the present one, or -1.
    private(set) var previousID = ProducerIdentity.noID
    /// The id of the next transaction when the epochs of this one's are used up, or -1.
    private(set) var nextID = ProducerIdentity.noID
    /// The epoch before the present one, by which a repeated request is known; -1 when none may be repeated.
    private(set) var lastEpoch = ProducerIdentity.noEpoch
    /// Milliseconds after which an open transaction is aborted.
    private(set) var timeout: Int32
    private(set) var phase = TransactionPhase.empty
    private(set) var partitions: Set<TransactionPartition> = []
    /// When the transaction began, in milliseconds since 1970, or -1.
    private(set) var start: Int64 = -1
    /// When anything changed, in milliseconds since 1970.
    private(set) var update: Int64
    /// How the client handles the transaction, or handled the last one.
    private(set) var lastProtocol = TransactionProtocol.first

    /// Gives out an id that nobody had.
    typealias TakeID = () throws(TransactionRefusal) -> Int64

    /// A new one.
    init(producerID: Int64, timeout: Int32, now: Int64) {
        producer = ProducerIdentity(producerID, ProducerIdentity.noEpoch)
        self.timeout = timeout
        update = now
    }

    /// Lets a new one begin with another epoch than 0.
    mutating func skipEpochs(to first: Int16) {
        producer.epoch = first - 1
    }

    /// What InitProducerId makes of a transactional id.
    enum Initialization: Equatable {
        /// The producer may begin.
        case ready(ProducerIdentity)
        /// A transaction is open: it is to be aborted first, and the client is to ask again.
        case abortsFirst
    }

    /// What EndTxn makes of a transaction.
    enum End: Equatable {
        /// It is decided now: markers are to follow. The client goes on as this producer.
        case decided(next: ProducerIdentity)
        /// It was decided and done before.
        case repeated(next: ProducerIdentity)
    }
}

// MARK: - Beginning

extension TransactionEntry {
    /// A producer begins, or goes on after an error.
    ///
    /// - Parameters:
    ///   - expected: Who it says it is; nil when it does not.
    ///   - timeout: What it asks for, in milliseconds.
    ///   - level: The protocol that the cluster has.
    ///   - now: Milliseconds since 1970.
    ///   - takeID: Gives out an id.
    /// - Throws: Why it may not, or not now.
    /// - Returns: Who the producer is, or that its open transaction is aborted first.
    mutating func initialize(
        _ expected: ProducerIdentity?,
        timeout: Int32,
        level: TransactionProtocol,
        now: Int64,
        takeID: TakeID
    ) throws(TransactionRefusal) -> Initialization {
        guard !phase.isPrepared else { throw TransactionRefusal(.concurrentTransactions) }
        guard expected.map(isKnown) ?? true else { throw TransactionRefusal(.producerFenced) }
        guard phase != .ongoing else {
            try fence(level: level, now: now, takeID: takeID)
            return .abortsFirst
        }
        if producer.isUsedUp, expected.map({ $0.epoch == producer.epoch }) ?? true {
            let id = try takeID()
            previousID = producer.id
            lastEpoch = expected == nil ? ProducerIdentity.noEpoch : producer.epoch
            producer = ProducerIdentity(id, 0)
        } else {
            try bump(expected?.epoch)
        }
        phase = .empty
        partitions = []
        start = -1
        self.timeout = timeout
        update = now
        return .ready(producer)
    }

    /// Whether a producer is the present one, or asks again after its id was changed because its epochs were used up.
    private func isKnown(_ expected: ProducerIdentity) -> Bool {
        producer.epoch == ProducerIdentity.noEpoch || expected.id == producer.id
            || expected.id == previousID && expected.isUsedUp
    }

    private mutating func bump(_ expected: Int16?) throws(TransactionRefusal) {
        let isNew = producer.epoch == ProducerIdentity.noEpoch
        switch expected {
        case nil:
            lastEpoch = ProducerIdentity.noEpoch
            producer.epoch += 1
        case let expected? where isNew || expected == producer.epoch:
            lastEpoch = producer.epoch
            producer.epoch += 1
        case lastEpoch?: break  // The answer was lost: it is the same once more.
        default: throw TransactionRefusal(.producerFenced)
        }
    }
}

// MARK: - Adding

extension TransactionEntry {
    /// Partitions are added.
    ///
    /// - Throws: Why they are not.
    /// - Returns: Whether anything changed.
    @discardableResult
    mutating func add(
        _ added: Set<TransactionPartition>,
        by sender: ProducerIdentity,
        as clientProtocol: TransactionProtocol,
        now: Int64
    ) throws(TransactionRefusal) -> Bool {
        try check(sender)
        guard !phase.isPrepared else { throw TransactionRefusal(.concurrentTransactions) }
        guard phase != .ongoing || !added.isSubset(of: partitions) else { return false }
        if phase != .ongoing { start = now }
        phase = .ongoing
        partitions.formUnion(added)
        lastProtocol = clientProtocol
        update = now
        return true
    }

    /// Tells which of these partitions are not in the sender's transaction.
    func missing(
        of wanted: Set<TransactionPartition>,
        for sender: ProducerIdentity
    ) throws(TransactionRefusal) -> Set<TransactionPartition> {
        try check(sender)
        guard !phase.isPrepared else { throw TransactionRefusal(.concurrentTransactions) }
        return wanted.subtracting(partitions)
    }

    private func check(_ sender: ProducerIdentity) throws(TransactionRefusal) {
        guard sender.id == producer.id else { throw TransactionRefusal(.invalidProducerIDMapping) }
        guard sender.epoch == producer.epoch else { throw TransactionRefusal(.producerFenced) }
    }
}

// MARK: - Steps of ending

extension TransactionEntry {
    /// Who the producer of the next transaction is.
    var nextProducer: ProducerIdentity {
        nextID == ProducerIdentity.noID ? producer : ProducerIdentity(nextID, 0)
    }

    /// A transaction without partitions begins, to be aborted.
    mutating func begin(_ now: Int64) {
        partitions = []
        start = now
    }

    /// The markers get the next epoch, and partitions refuse the present one from then on.
    mutating func bumpForMarkers(_ next: Int64) {
        lastEpoch = producer.epoch
        if producer.epoch < .max { producer.epoch += 1 }
        nextID = next
    }

    /// No request of the former epoch is taken for a repeated one.
    mutating func forgetLastEpoch() {
        lastEpoch = ProducerIdentity.noEpoch
    }

    /// It is decided.
    mutating func decide(commits: Bool, as decider: TransactionProtocol, now: Int64) {
        phase = commits ? .prepareCommit : .prepareAbort
        lastProtocol = decider
        update = now
    }

    /// It is over.
    mutating func finish(_ now: Int64) {
        phase = phase == .prepareCommit ? .completeCommit : .completeAbort
        partitions = []
        start = -1
        update = now
        guard nextID != ProducerIdentity.noID else { return }
        previousID = producer.id
        producer = ProducerIdentity(nextID, 0)
        nextID = ProducerIdentity.noID
    }
}

// MARK: - Text

extension TransactionEntry {
    /// All of it in one line, numbers and words with spaces between.
    var text: String {
        let numbers = [
            "\(producer.id)", "\(producer.epoch)", "\(previousID)", "\(nextID)", "\(lastEpoch)", "\(timeout)",
            phase.rawValue, "\(start)", "\(update)", "\(lastProtocol.rawValue)",
        ]
        let places = partitions.sorted().map { "\($0.topic.escapedWord)/\($0.index)" }
        return (numbers + places).joined(separator: " ")
    }

    /// What a line says, or nil when it says nothing that can be used.
    init?(text: String) {
        let words = text.split(separator: " ")
        guard words.count >= 10, let id = Int64(words[0]), let epoch = Int16(words[1]),
            let previous = Int64(words[2]), let next = Int64(words[3]), let last = Int16(words[4]),
            let timeout = Int32(words[5]), let phase = TransactionPhase(rawValue: String(words[6])),
            let start = Int64(words[7]), let update = Int64(words[8]),
            let lastProtocol = Int16(words[9]).flatMap(TransactionProtocol.init(rawValue:))
        else { return nil }
        self.init(producerID: id, timeout: timeout, now: update)
        producer.epoch = epoch
        (previousID, nextID, lastEpoch) = (previous, next, last)
        (self.phase, self.start, self.lastProtocol) = (phase, start, lastProtocol)
        for word in words[10...] {
            let parts = word.split(separator: "/")
            guard parts.count == 2, let index = Int32(parts[1]) else { return nil }
            partitions.insert(TransactionPartition(parts[0].unescapedWord, index))
        }
    }

    /// The largest producer id in it.
    var largestID: Int64 { max(producer.id, previousID, nextID) }
}
