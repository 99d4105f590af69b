// SPDX-License-Identifier: Apache-2.0
public import KafkaRecords
import Synchronization

/// Appends records of one topic straight into batches, for a thread that has many: the path of bulk loads.
///
/// Spans are copied into the batch; nothing is allocated for a record. When memory is used up, appending says `.full`
/// and the thread waits: the input is the buffer, nothing is dropped.
///
/// It is not `Sendable`: whoever asked for it may send it on to the thread that uses it, once, or that thread asks for it.
public final class RecordAppender {
    /// What became of one record.
    public enum Outcome: Sendable, Equatable {
        /// The record is in a batch.
        case appended
        /// There is no memory for it now: ``RecordAppender/waitForRoom()``, then append it again.
        case full
        /// The record can never be sent: it is larger than `setting` allows.
        case tooLarge(size: Int, limit: Int, setting: String)
        /// The topic does not have the partition that the partitioner chose, or has it no more.
        case noSuchPartition(Int32)
        /// An earlier record of the partition failed, see ``RecordAppender/recordFailed(key:partition:)``.
        case partitionStopped(Int32)
    }

    /// Whether a run may be followed by another one at once.
    public enum RunOutcome: Sendable, Equatable {
        /// Begin the next run, if there are more records.
        case goOn
        /// There is no memory for another batch now: ``RecordAppender/waitForRoom()`` first.
        case full
        /// An earlier record of the explicit partition failed, see ``RecordAppender/recordFailed(key:partition:)``.
        case partitionStopped(Int32)
        /// The topic does not have the explicit partition, or has it no more.
        case noSuchPartition(Int32)
        /// The topic has another number of partitions now than the one that the run's partition was chosen among: nothing
        /// was taken, choose anew.
        case partitionsChanged
    }

    /// How waiting for memory ended.
    public enum WaitOutcome: Sendable, Equatable {
        /// There is room; append again.
        case room
        /// Waiting was interrupted: ``KafkaProducer/interruptAppenders()``, or the producer was closed.
        case interrupted
    }

    private let topicQueues: TopicQueues
    private let accumulator: RecordAccumulator
    private let signal: SenderSignal
    private let chooser: PartitionChooser
    private let failurePolicy: FailurePolicy
    private let flush: @Sendable () -> Void
    private var view: TopicQueues.View
    private var viewVersion: Int
    private var sticky: StickyPartitioner
    /// Partitions that a failed record must not be overtaken in.
    private var stoppedPartitions: Set<Int32> = []
    /// Bytes that were granted to this appender when it waited.
    private var reservation = 0
    /// Bytes that it needs to go on, if that is more than what every thread waits for.
    private var needed = 0

    init(
        topic: TopicQueues,
        accumulator: RecordAccumulator,
        signal: SenderSignal,
        rule: PartitionRule,
        failurePolicy: FailurePolicy,
        flush: @escaping @Sendable () -> Void
    ) {
        self.failurePolicy = failurePolicy
        topicQueues = topic
        self.flush = flush
        self.accumulator = accumulator
        self.signal = signal
        chooser = PartitionChooser(rule)
        viewVersion = topic.version
        view = topic.view
        sticky = StickyPartitioner(stickyBatchSize: accumulator.limits.batchSize)
    }

    deinit {
        if reservation > 0 { accumulator.pool.release(reservation) }
    }

    /// The topic that records go to.
    public var topic: String { topicQueues.name }

    /// Whether records may be appended in runs: when it is not each record's key that chooses its partition.
    ///
    /// - Parameter keyed: whether the records have keys.
    /// - Returns: whether ``appendRun(to:timestamp:headers:_:)`` may be used for them.
    public func takesRuns(keyed: Bool) -> Bool { chooser.takesRuns(keyed: keyed) }

    /// Whether the hash of its key, and nothing else, chooses the partition of a record that has one. Then the records of
    /// one of the ``keyedPartitions`` may be appended in runs.
    public var hashesKeys: Bool { chooser.hashesKeys }

    /// The partitions that the hash of a key chooses among now.
    public var keyedPartitions: KeyedPartitions { KeyedPartitions(count: partitionCount) }

    /// The partitions that the topic has now.
    public var partitionCount: Int32 {
        refreshView()
        return view.partitions.partitionCount
    }

    /// Why the topic has no such partition, for a person.
    public func absence(ofPartition partition: Int32) -> String { view.absence(of: partition) }

    /// Appends one record.
    ///
    /// - Parameters:
    ///   - key: the serialized key, or `nil`.
    ///   - value: the serialized value, or `nil` for a null value.
    ///   - details: what belongs to the record beside that.
    /// - Returns: whether the record is in a batch, must wait, or can never be sent.
    public func append(key: Span<UInt8>?, value: Span<UInt8>?, details: borrowing RecordDetails) -> Outcome {
        while true {
            refreshView()
            let choice = choice(named: details.partition, key: key, value: value)
            let partition = choice.partition
            guard view.queues.indices.contains(Int(partition)) else { return .noSuchPartition(partition) }
            if !stoppedPartitions.isEmpty, stoppedPartitions.contains(partition) { return .partitionStopped(partition) }
            let result = accumulator.append(
                to: view.queues[Int(partition)],
                as: choice.origin,
                key: key,
                value: value,
                details: details,
                reservation: &reservation
            )
            switch result {
            case .appended(let bytes, let isBatchReady):
                if choice.origin == .sticky { sticky.appended(bytes: bytes, isLastBatchFull: isBatchReady) }
                return .appended
            case .batchClosed(let bytes):
                sticky.appended(bytes: bytes, isLastBatchFull: true)
            case .full(let needed):
                self.needed = needed
                return .full
            case .retired: continue
            case .tooLarge(let size, let limit, let setting):
                return .tooLarge(size: size, limit: limit, setting: setting)
            }
        }
    }

    /// Appends records of one partition under one lock.
    ///
    /// - Parameters:
    ///   - keyed: the partition of the records' keys; `nil` for the explicit one, or the one that the sticky partitioner is
    ///     at, if ``takesRuns(keyed:)`` says that this may be.
    ///   - timestamp: milliseconds since 1970, for all records of the run.
    ///   - headers: the headers of all records of the run. Default: none.
    ///   - body: appends to the run until that says ``RecordRun/Outcome/endOfRun``, or until its input ends. It is called
    ///     again, with more room, when that could be made.
    /// - Returns: whether the next run may follow at once.
    public func appendRun(
        to keyed: KeyedPartition? = nil,
        timestamp: Int64,
        headers: EncodedHeaders = .none,
        _ body: (inout RecordRun, inout OutputRawSpan) -> Void
    ) -> RunOutcome {
        refreshView()
        let choice: PartitionChoice
        if let keyed {
            guard keyed.partitionCount == view.partitions.partitionCount else { return .partitionsChanged }
            choice = PartitionChoice(partition: keyed.number, origin: .derived)
        } else {
            choice = chooser.choiceOfRun { stickyPartition() }
        }
        let chosen = choice.partition
        if !stoppedPartitions.isEmpty, stoppedPartitions.contains(chosen) { return .partitionStopped(chosen) }
        guard view.queues.indices.contains(Int(chosen)) else { return .noSuchPartition(chosen) }
        let queue = view.queues[Int(chosen)]
        let isNamed = choice.origin == .named
        let result = queue.appending.withLock { _ in
            appendRun(to: queue) { batch in
                let filling = fill(&batch, timestamp: timestamp, headers, body)
                batch.named.append(Int(batch.builder.recordCount) - batch.named.count, isNamed: isNamed)
                return filling
            }
        }
        // Nothing was taken: the next run finds the topic's new queues.
        guard !result.isRetired else { return .goOn }
        accumulator.settle(queue, closed: result.closed, result.news)
        if choice.origin == .sticky { sticky.appended(bytes: result.bytes, isLastBatchFull: result.isBatchReady) }
        return result.isFull ? .full : .goOn
    }

    /// Lets `fill` append to the open batch of a queue, opening one if there is none, and closes it when that says that it
    /// is full, or when the sender has asked for it meanwhile. The sender can pass over the queue while this goes on.
    private func appendRun(to queue: PartitionQueue, _ fill: (inout OpenBatch) -> Filling) -> RunResult {
        var result = RunResult()
        var borrowed: OpenBatch?
        var usualSize = 0
        queue.state.withLock { state in
            result.isRetired = state.isRetired
            usualSize = state.usualSize
            if !state.isRetired { borrowed = state.borrowOpenBatch() }
        }
        guard !result.isRetired else { return result }
        var isNew = false
        if borrowed == nil {
            borrowed = accumulator.openBatch(for: queue, usualSize: usualSize, reservation: &reservation)
            isNew = borrowed != nil
        }
        guard var batch = borrowed.take() else {
            result.isFull = true
            needed = 0
            return result
        }
        let createdAt = batch.createdAt
        if isNew {
            result.isRetired = queue.state.withLock { !$0.openedBatch(at: createdAt) }
            guard !result.isRetired else {
                accumulator.discard(batch)
                return result
            }
        }
        let before = isNew ? 0 : batch.estimatedSize
        let filling = fill(&batch)
        result.isFull = filling == .noMemory
        result.isBatchReady = batch.isReady || filling != .goOn
        let after = batch.estimatedSize
        result.bytes = (filling == .goOn ? after : max(after, accumulator.limits.batchSize)) - before
        guard !batch.isEmpty else {
            queue.state.withLock { _ = $0.giveBack(nil) }
            accumulator.discard(batch)
            return result
        }
        if isNew { result.news.insert(.opened) }
        if batch.takeHasGrown() { result.news.insert(.grown) }
        borrowed = consume batch
        queue.state.withLock { state in
            let isWanted = state.giveBack(borrowed.take())
            if isWanted || filling != .goOn { result.closed = state.closeOpenBatch(of: queue) }
        }
        if result.closed != nil { result.news.insert(.closed) }
        return result
    }

    /// How filling a batch ended.
    private enum Filling {
        /// The input ended, or the batch is to be looked at by others before it takes more.
        case goOn
        /// The batch takes no more.
        case full
        /// There is no memory for the next record.
        case noMemory
    }

    /// Lets `body` append to the batch, making room as often as that is possible.
    private func fill(
        _ batch: inout OpenBatch,
        timestamp: Int64,
        _ headers: EncodedHeaders,
        _ body: (inout RecordRun, inout OutputRawSpan) -> Void
    ) -> Filling {
        let pool = accumulator.pool
        let wasReady = batch.isReady
        var hasGrown = false
        var size = 0
        while true {
            let end = batch.appendRun(
                timestamp: timestamp,
                headers: headers,
                reserving: size,
                sizeLimit: accumulator.recordSizeLimit,
                body
            )
            switch end {
            case nil: return .goOn
            case .batchIsFull: return .full
            case .noRoom(let bound):
                // A batch that the sender may have at any time is given back once in a while.
                if wasReady, hasGrown { return .goOn }
                size = bound
                needed = bound
                switch batch.grow(forRecordOf: bound, reserve: { pool.reserve($0) }) {
                case .grown:
                    accumulator.provideMemory(for: &batch)
                    hasGrown = true
                case .becameReady: return .goOn
                case .full: return .full
                case .noMemory: return .noMemory
                }
            }
        }
    }

    /// Blocks the calling thread until there is memory for what was refused with `.full`.
    @available(*, noasync)
    public func waitForRoom() -> WaitOutcome {
        let missing = max(needed, accumulator.sizeToWaitFor) - reservation
        guard missing > 0 else { return .room }
        switch accumulator.pool.waitBlocking(for: missing, onWait: { signal.wake() }) {
        case .granted(let bytes):
            reservation += bytes
            return .room
        case .interrupted:
            return .interrupted
        }
    }

    /// Notes that a record of this key failed before it was appended, so that under ``FailurePolicy/stopPartition`` no
    /// later record of its partition overtakes it. Without a key there is no order to keep, unless the partition is
    /// explicit.
    ///
    /// - Parameters:
    ///   - key: the serialized key, if the record has one that could be serialized.
    ///   - partition: the partition that the record names, if it does. Default: none.
    public func recordFailed(key: Span<UInt8>?, partition: Int32? = nil) {
        guard failurePolicy == .stopPartition, chooser.isExplicit || key != nil || partition != nil else { return }
        refreshView()
        stoppedPartitions.insert(choice(named: partition, key: key, value: nil).partition)
    }

    /// Blocks the calling thread until everything appended so far is delivered or has failed, without lingering.
    @available(*, noasync)
    public func flushAndWait() { flush() }

    private struct RunResult {
        var closed: ProducerBatch?
        var news: BatchReadiness.News = []
        /// Whether the batch has its size by now.
        var isBatchReady = false
        /// There was no memory for the next record.
        var isFull = false
        /// Nothing was appended, since another topic has taken the name.
        var isRetired = false
        var bytes = 0
    }

    private func refreshView() {
        guard topicQueues.version != viewVersion else { return }
        viewVersion = topicQueues.version
        let former = view
        view = topicQueues.view
        // It is not known any more where the records of those keys belong.
        guard !stoppedPartitions.isEmpty, former.incarnation != view.incarnation else { return }
        if former.queues.count != view.queues.count { stoppedPartitions = Set(0..<view.partitions.partitionCount) }
    }

    private func choice(named: Int32?, key: Span<UInt8>?, value: Span<UInt8>?) -> PartitionChoice {
        let count = view.partitions.partitionCount
        return chooser.choice(named: named, key: key, value: value, partitionCount: count, topic: view.partitions) {
            stickyPartition()
        }
    }

    private func stickyPartition() -> Int32 {
        if let current = sticky.current(ofCount: view.partitions.partitionCount) { return current }
        return sticky.partition(of: view.partitions, load: topicQueues.load)
    }
}
