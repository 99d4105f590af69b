// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// What the lanes of a load share: where records go, which one comes next, and what becomes of those that cannot be sent.
struct Handover {
    let appender: RecordAppender
    let settings: RecordSettings
    /// The headers that all records get, and no other.
    let fixedHeaders: EncodedHeaders
    private let log: DeliveryLog
    private let unsent: UnsentRecords
    private let wakeUp: WakeUp
    private let checkpoint: CheckpointKeeper?

    /// The number of the record that comes next, from 0 over all inputs: how many were dealt with.
    var ordinal: UInt64 = 0
    /// Whether a record was refused and no other may follow.
    private(set) var isAborted = false
    /// Whether the wait for memory was ended, so that what is left of the chunk cannot be sent.
    var isInterrupted = false

    init(
        to appender: RecordAppender,
        _ settings: RecordSettings,
        _ log: DeliveryLog,
        _ wakeUp: WakeUp,
        _ checkpoint: CheckpointKeeper?
    ) {
        self.appender = appender
        self.settings = settings
        self.log = log
        self.wakeUp = wakeUp
        self.checkpoint = checkpoint
        fixedHeaders = EncodedHeaders(settings.headers)
        unsent = UnsentRecords(settings: settings, log: log)
    }

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
        log.waitForRoom(read: ordinal, isStopped: { wakeUp.isWoken }, flush: { appender.flushAndWait() })
    }

    /// Waits until everything is delivered or has failed; false when reading is to end.
    @available(*, noasync)
    func flush() -> Bool {
        appender.flushAndWait()
        return !wakeUp.isWoken
    }

    /// Waits for memory; false when the wait was ended.
    @available(*, noasync)
    mutating func waitForRoom() -> Bool {
        isInterrupted = appender.waitForRoom() == .interrupted
        return !isInterrupted
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
        refuseAll(of: chunk, &splitter, .outOfTime)
    }

    /// Counts all records of a chunk as failed.
    mutating func refuseAll(of chunk: Chunk, _ splitter: inout RecordSplitter, _ fault: RecordFault) {
        ordinal = unsent.refuseAll(in: chunk, &splitter, from: ordinal, fault)
    }

    /// Lets nothing of the refused record's partition overtake it, as far as its partition is known.
    private func stopPartition(_ fault: RecordFault, _ record: Range<Int>?, _ chunk: Chunk) {
        if case .partitionStopped = fault { return }
        let content = RefusedRecord(settings: settings).content(of: record, in: chunk, fault)
        if case .record(let key?, _, _) = content {
            appender.recordFailed(key: key.span)
        } else {
            appender.recordFailed(key: nil)
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
