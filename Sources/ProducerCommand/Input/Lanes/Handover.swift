// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// What the lanes of a load share: where records go, which one comes next, and what becomes of those that cannot be sent.
struct Handover {
    /// That of the topic of all records; nil when records may name their topics.
    let appender: RecordAppender?
    let settings: RecordSettings
    /// The headers that all records get, and no other.
    let fixedHeaders: EncodedHeaders
    private let log: DeliveryLog
    private var unsent: UnsentRecords
    private var target: LoadTarget
    private let wakeUp: WakeUp
    private let checkpoint: CheckpointKeeper?

    /// The number of the record that comes next, from 0 over all inputs: how many were dealt with.
    var ordinal: UInt64 = 0
    /// Whether a record was refused and no other may follow.
    private(set) var isAborted = false
    /// Has records wait for their time, if they go by that.
    var pacing: Pacing?
    /// Whether the last record that was parsed is not taken, since reading ends before its time.
    private(set) var isNotTaken = false
    /// Whether the wait for memory was ended, so that what is left of the chunk cannot be sent.
    var isInterrupted = false

    /// Why no broker could be reached when the first topic was asked for.
    private(set) var refusal: ProducerError?

    init(
        to target: LoadTarget,
        _ settings: RecordSettings,
        _ log: DeliveryLog,
        _ wakeUp: WakeUp,
        _ checkpoint: CheckpointKeeper?
    ) {
        self.target = target
        appender = target.appender
        self.settings = settings
        self.log = log
        self.wakeUp = wakeUp
        self.checkpoint = checkpoint
        fixedHeaders = EncodedHeaders(settings.headers)
        unsent = UnsentRecords(settings: settings, log: log)
    }

    /// What is known of the input that is read.
    var context: InputContext {
        get { unsent.context }
        set { unsent.context = newValue }
    }

    /// The appender for a record of this topic, if it names one, and this partition. Waits until these are known.
    @available(*, noasync)
    @inline(__always)
    mutating func appender(for topic: Span<UInt8>?, partition: Int32?) throws(RecordFault) -> RecordAppender {
        if let appender { return appender }
        return try appenderOfTopic(topic, partition)
    }

    @available(*, noasync)
    private mutating func appenderOfTopic(
        _ topic: Span<UInt8>?,
        _ partition: Int32?
    ) throws(RecordFault) -> RecordAppender {
        do throws(ProducerError) {
            let name = topic == nil ? Array(settings.topic.utf8) : []
            let found =
                if let topic { try target.appender(for: topic, partition: partition) } else if name.isEmpty {
                    RecordAppender?.none
                } else { try target.appender(for: name.span, partition: partition) }
            if let found { return found }
        } catch {
            guard !log.news.hasConnected || error.code == .closed || error.code == .interrupted else {
                throw .notSent(error.kind, Summary.explanation(of: error))
            }
            // No other topic will become known either.
            isInterrupted = true
            if error.code != .interrupted { refusal = error }
            wakeUp.wake()
            throw .notSent(error.kind, Summary.explanation(of: error))
        }
        throw .malformed("the record names no topic, and there is no --topic")
    }

    /// Waits until a record of this timestamp may go; false when reading is to end before that.
    @available(*, noasync)
    mutating func waitForTurn(of timestamp: Int64?) -> Bool {
        isNotTaken = pacing?.wait(for: timestamp) == false
        return !isNotTaken
    }

    /// Ends the load: no record can be made of what follows.
    mutating func abort() { isAborted = true }

    /// Whether no other record may be handed over.
    var isOver: Bool { isAborted || isInterrupted }

    /// Notes that everything before this byte is handed over or refused. The more such places, the fewer records does a run
    /// that goes on after another send twice.
    func mark(_ offset: UInt64) {
        checkpoint?.read(to: CheckpointTracker.Mark(record: ordinal, offset: offset))
    }

    /// Waits while the receipts of what is under way would take too much memory.
    @available(*, noasync)
    func waitForReceipts() {
        log.waitForRoom(read: ordinal, isStopped: { wakeUp.isWoken }, flush: { target.flush() })
    }

    /// Waits until everything is delivered or has failed; false when reading is to end.
    @available(*, noasync)
    func flush() -> Bool {
        target.flush()
        return !wakeUp.isWoken
    }

    /// Waits for memory; false when the wait was ended.
    @available(*, noasync)
    mutating func waitForRoom() -> Bool {
        isInterrupted = appender?.waitForRoom() == .interrupted
        return !isInterrupted
    }

    /// Leaves the next record out.
    mutating func pass(_ record: Range<Int>, in chunk: Chunk) {
        log.skipped(1)
        checkpoint?.passed(CheckpointTracker.Mark(record: ordinal, offset: chunk.offset(of: record)))
        ordinal &+= 1
    }

    /// Counts the next record as failed.
    mutating func refuse(_ record: Range<Int>, in chunk: Chunk, _ fault: RecordFault) {
        refuse(record, at: chunk.offset(of: record), in: chunk, fault)
    }

    /// Counts the next record as failed, which begins at `offset`; `record` is nil when it was too large to be held.
    mutating func refuse(_ record: Range<Int>?, at offset: UInt64, in chunk: Chunk, _ fault: RecordFault) {
        unsent.refuse(record, in: chunk, fault, ordinal: ordinal, offset: offset)
        ordinal &+= 1
        switch settings.errorHandling {
        case .continue: break
        case .abort: isAborted = true
        case .stopPartition: stopPartition(fault, record, chunk)
        }
    }

    /// Counts what is left of a chunk as failed: it was taken from the input and will not be read again.
    mutating func refuseRest(of chunk: Chunk, _ splitter: inout RecordSplitter) {
        let cause = refusal.map { RecordFault.notSent($0.kind, Summary.explanation(of: $0)) }
        refuseAll(of: chunk, &splitter, cause ?? .outOfTime)
    }

    /// Counts all records of a chunk as failed.
    mutating func refuseAll(of chunk: Chunk, _ splitter: inout RecordSplitter, _ fault: RecordFault) {
        ordinal = unsent.refuseAll(in: chunk, &splitter, from: ordinal, fault)
    }

    /// Lets nothing of the refused record's partition overtake it, as far as its partition is known.
    private func stopPartition(_ fault: RecordFault, _ record: Range<Int>?, _ chunk: Chunk) {
        if case .partitionStopped = fault { return }
        let refused = RefusedRecord(settings: settings, context: context)
        guard let failed = refused.record(record, in: chunk, fault) else {
            appender?.recordFailed(key: nil)
            return
        }
        let appender = appender ?? target.known(failed.topic)
        if let key = failed.key {
            appender?.recordFailed(key: key.span, partition: failed.partition)
        } else {
            appender?.recordFailed(key: nil, partition: failed.partition)
        }
    }
}

extension RecordFault {
    /// A signal came, or the cluster is away, and memory for the record did not become free in time.
    static let outOfTime = RecordFault.interrupted(
        "a signal or an outage ended the load, and buffer.memory stayed full for delivery.timeout.ms"
    )
}

extension RecordRun {
    /// What is wrong with the record that `outcome` is about; nil when it only has to wait for another run.
    func fault(after outcome: Outcome) -> RecordFault? {
        guard outcome == .tooLarge, let refusal else { return nil }
        return .tooLarge(size: refusal.size, limit: refusal.limit, setting: refusal.setting)
    }
}
