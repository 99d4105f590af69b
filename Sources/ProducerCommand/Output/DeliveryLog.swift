// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Keeps the account of a run while the reading thread and the producer's event loop write into it.
final class DeliveryLog: ProducerObserver {
    private struct State {
        var ledger = Ledger()
        var positions = InputPositions()
        /// The input that is read now, unless it is one that others write to and rename.
        var source: InputSource?
        /// The first record of the inputs that has failed.
        var firstFailed: RecordTag?
        /// What there was at the last commit, for a load whose transactions are repeated when they fail.
        var committed: (ledger: Ledger, positions: InputPositions)?
        /// Records of the open transaction that brokers have refused for good, by where they begin over all inputs.
        var refused: [UInt64: ProducerError] = [:]
        /// Whether records were read and could not be handed over in time.
        var isCutShort = false
        /// Where the open transaction begins.
        var transactionStart = RecordTag(number: 0, offset: 0)

        mutating func failed(_ position: RecordTag?) {
            guard let position, position.number < firstFailed?.number ?? .max else { return }
            firstFailed = position
        }
    }

    /// What is reported to a person while the run goes on.
    let news: RunNews
    private let outputs: RecordOutputs
    private let checkpoint: CheckpointKeeper?
    private let isStopped: @Sendable () -> Bool
    private let onFailure: @Sendable () -> Void
    private let isTransactional: Bool
    private let onBatchFailure: (@Sendable () -> Void)?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - news: What is reported to a person.
    ///   - outputs: What is written about single records.
    ///   - checkpoint: Notes what is settled.
    ///   - isStopped: Whether reading is to end, so that it waits for nothing any more.
    ///   - isTransactional: Whether what is delivered counts only once it is committed.
    ///   - onBatchFailure: Set for a load whose transactions are repeated when they fail: called, on any thread, when a batch
    ///     has failed, and with it its transaction.
    ///   - onFailure: Called, on any thread, when records have failed.
    init(
        news: RunNews,
        outputs: RecordOutputs,
        checkpoint: CheckpointKeeper?,
        isStopped: @escaping @Sendable () -> Bool,
        isTransactional: Bool = false,
        onBatchFailure: (@Sendable () -> Void)? = nil,
        onFailure: @escaping @Sendable () -> Void
    ) {
        self.news = news
        self.outputs = outputs
        self.checkpoint = checkpoint
        self.isStopped = isStopped
        self.onFailure = onFailure
        self.isTransactional = isTransactional
        self.onBatchFailure = onBatchFailure
        if onBatchFailure != nil { state.withLock { $0.committed = (Ledger(), InputPositions()) } }
        if isTransactional { outputs.receipts?.holdUntilCommit() }
    }

    private var console: Console { news.console }

    /// The account so far; `read` is for the caller to fill in.
    var ledger: Ledger { state.withLock { $0.ledger } }

    /// The next input begins.
    func began(_ source: InputSource, firstRecord: UInt64, firstOffset: UInt64) {
        state.withLock { state in
            state.positions.began(source.name, firstRecord: firstRecord, firstOffset: firstOffset)
            state.source = source
        }
    }

    /// What is read of the input that has begun is not what is stored there.
    func inputIsChanged() { state.withLock { $0.source = nil } }

    /// An input that was left goes on, as `InputPositions.resumed` has it.
    func resumed(_ name: String, firstRecord: UInt64, origin: CheckpointTracker.Mark) {
        state.withLock { state in
            state.positions.resumed(name, firstRecord: firstRecord, origin: origin)
            state.source = nil
        }
    }

    /// So many records of the input that begins were delivered by an earlier run.
    func skipped(_ records: UInt64) { state.withLock { $0.ledger.skip(records: records) } }

    /// Where the record of this number over all inputs would be; nil before the first input begins.
    func place(ofRecord record: UInt64, offset: UInt64 = 0) -> InputPlace? {
        state.withLock { $0.positions.place(ofRecord: record, offset: offset) }
    }

    /// Where the first record of the inputs that has failed is; nil when none has.
    var firstFailed: InputPlace? {
        state.withLock { state in
            state.firstFailed.flatMap { state.positions.place(ofRecord: $0.number, offset: $0.offset) }
        }
    }

    /// Says what a person should know of an input.
    var inputNotices: InputNotices {
        InputNotices(report: { [console] in console.notice($0) }, warn: { [console] in console.warning($0) })
    }

    /// Whether the content of refused records is wanted.
    var keepsRefusedRecords: Bool { outputs.deadLetters != nil }

    /// Counts a record that was never handed to the producer, and writes `letter`, without its place and cause. Blocks the
    /// reading thread while far too many letters wait to be written.
    @available(*, noasync)
    func refuse(_ fault: RecordFault, record: UInt64, offset: UInt64, letter: DeadLetter?) {
        // It is as if it was not read: another run reads it.
        if onBatchFailure != nil, fault.kind == .producer(.interrupted) {
            return state.withLock { $0.isCutShort = true }
        }
        let place = state.withLock { state in
            let place = state.positions.place(ofRecord: record, offset: offset)
            state.ledger.fail(fault, record: record, place: place)
            state.failed(RecordTag(number: record, offset: offset))
            return place
        }
        console.detail("\(place?.description ?? "a record"): \(fault.kind.name): \(fault)")
        defer {
            checkpoint?.refused(CheckpointTracker.Mark(record: record, offset: offset))
            onFailure()
        }
        guard var letter, let deadLetters = outputs.deadLetters else { return }
        if let place { letter.place = place }
        if case .lost(let size?) = letter.content, let place, let content = elsewhere(place, size: size, letter.form) {
            letter.content = content
        }
        (letter.error, letter.message) = (fault.kind.name, fault.description)
        deadLetters.write(letter)
        deadLetters.waitForRoom(isStopped: isStopped)
    }

    /// Where a record that is too long to be kept can be read again, if its form says how and its input stays.
    private func elsewhere(_ place: InputPlace, size: Int, _ form: DeadLetter.Form?) -> DeadLetter.Content? {
        guard let form, case .file(let path)? = state.withLock({ $0.source }), path == place.input else { return nil }
        let source = RecordSource(of: path, offset: place.offset, size: size, keySeparator: form.keySeparator)
        return source.map { .elsewhere($0, key: form.key, headers: form.headers) }
    }

    func delivered(_ report: borrowing DeliveryReport) {
        defer { checkpoint?.settled(report) }
        switch report.outcome {
        case .delivered(let baseOffset, let logAppendTime):
            let (records, bytes) = (UInt64(report.recordCount), UInt64(report.byteCount))
            outputs.sent?.delivered(report, baseOffset: baseOffset, logAppendTime: logAppendTime)
            // Before the ledger has it: what is counted as delivered is no longer expected to need room.
            outputs.receipts?.delivered(
                report,
                baseOffset: baseOffset,
                logAppendTime: logAppendTime,
                positions: positions
            )
            state.withLock { state in
                if isTransactional {
                    state.ledger.written(records: records, bytes: bytes)
                } else {
                    state.ledger.delivered(records: records, bytes: bytes)
                }
            }
        case .failed(let error) where onBatchFailure != nil:
            console.detail("\(report.recordCount) records of one batch failed: \(error.name): \(error)")
            noteRefusals(report)
            onBatchFailure?()
        case .failed(let batchError):
            state.withLock { state in
                state.failed(report.tag(ofRecord: 0))
                for index in 0..<report.recordCount {
                    let error = report.error(ofRecord: index) ?? batchError
                    let position = report.tag(ofRecord: index)
                    state.ledger.fail(
                        error,
                        record: position?.number ?? .max,
                        place: position.flatMap { state.positions.place(ofRecord: $0.number, offset: $0.offset) }
                    )
                }
            }
            console.detail("\(report.recordCount) records of one batch failed: \(batchError.name): \(batchError)")
            // All records of a failed transaction are to be sent again together: a part of them would be sent twice.
            if !isTransactional { outputs.deadLetters?.failed(report, places: .inputs(positions)) }
            onFailure()
        }
    }

    /// Blocks the reading thread, which has read so many records, while receipts would take too much memory.
    @available(*, noasync)
    func waitForRoom(read: UInt64, isStopped: () -> Bool, flush: () -> Void) {
        outputs.waitForRoom(
            outstanding: { state.withLock { read - min(read, $0.ledger.settled + $0.ledger.uncommitted) } },
            isStopped: isStopped,
            flush: flush
        )
    }

    private var positions: InputPositions { state.withLock { $0.positions } }

    func occurred(_ event: ProducerEvent) {
        switch event {
        case .transactionCommitted: transactionEnded(isCommitted: true)
        case .transactionAborted: transactionEnded(isCommitted: false)
        default: break
        }
        news.occurred(event)
    }

    // MARK: transactions

    /// Whether records were read and could not be handed over in time, so that the transaction has a gap.
    var isCutShort: Bool { state.withLock { $0.isCutShort } }

    /// Records that brokers have refused for good since this was last asked, by where they begin over all inputs.
    func takeRefusals() -> [UInt64: ProducerError] {
        state.withLock { state in
            defer { state.refused = [:] }
            return state.refused
        }
    }

    /// A transaction was not committed, whether or not it could be aborted: all is as it was at the last commit.
    func goBack() {
        state.withLock { state in
            if let committed = state.committed { (state.ledger, state.positions) = committed }
        }
    }

    /// What is not committed when a load ends counts as that.
    func leaveRest(read: UInt64) { state.withLock { $0.ledger.leaveRest(read: read) } }

    private func noteRefusals(_ report: borrowing DeliveryReport) {
        var own: [Int] = []
        for index in 0..<report.recordCount where report.hasOwnError(index) { own.append(index) }
        // Without errors of single records, it is about all of the batch.
        let indexes = own.isEmpty ? Array(0..<report.recordCount) : own
        state.withLock { state in
            for index in indexes {
                guard let error = report.error(ofRecord: index), RepeatMachine.isAboutRecord(error),
                    let position = report.tag(ofRecord: index)
                else { continue }
                state.refused[position.offset] = error
            }
        }
    }

    /// The next transaction begins with this record.
    func transactionBegins(at start: CheckpointTracker.Mark) {
        state.withLock { $0.transactionStart = RecordTag(number: start.record, offset: start.offset) }
    }

    /// What has become of records that were written in a transaction which is aborted.
    static let takenBack = ProducerError(
        .transactionAborted,
        message: "written, and taken back with its transaction, so that no reader of committed records sees it"
    )

    private func transactionEnded(isCommitted: Bool) {
        outputs.receipts?.transactionEnded(isCommitted: isCommitted)
        outputs.sent?.transactionEnded(isCommitted: isCommitted)
        state.withLock { state in
            if !isCommitted, let committed = state.committed {
                (state.ledger, state.positions) = committed
                return
            }
            guard !isCommitted else {
                state.ledger.commit()
                if state.committed != nil { state.committed = (state.ledger, state.positions) }
                return
            }
            let start = state.transactionStart
            state.ledger.takeBack(
                Self.takenBack,
                first: start.number,
                place: state.positions.place(ofRecord: start.number, offset: start.offset)
            )
        }
    }
}
