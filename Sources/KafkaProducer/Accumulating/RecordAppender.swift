// SPDX-License-Identifier: Apache-2.0
public import KafkaProtocol
import Synchronization

/// Appends records of one topic straight into batches, for a thread that has many: the path of bulk loads.
///
/// Spans are copied into the batch; nothing is allocated for a record. When memory is used up, appending says `.full`
/// and the thread waits: the input is the buffer, nothing is dropped.
///
/// `@unchecked Sendable` so that it can be made in one place and used on a thread started later; it is for one thread
/// at a time.
public final class RecordAppender: @unchecked Sendable {
    /// What became of one record.
    public enum Outcome: Sendable, Equatable {
        /// The record is in a batch.
        case appended
        /// There is no memory for it now: ``RecordAppender/waitForRoom()``, then append it again.
        case full
        /// The record can never be sent: it is larger than `setting` allows.
        case tooLarge(size: Int, limit: Int, setting: String)
        /// The partitioner chose a partition that the topic does not have.
        case noSuchPartition(Int32)
        /// An earlier record of the partition failed, see ``RecordAppender/recordFailed(key:)``.
        case partitionStopped(Int32)
    }

    /// Whether a run may be followed by another one at once.
    public enum RunOutcome: Sendable, Equatable {
        /// Begin the next run, if there are more records.
        case goOn
        /// There is no memory for another batch now: ``RecordAppender/waitForRoom()`` first.
        case full
        /// An earlier record of the explicit partition failed, see ``RecordAppender/recordFailed(key:)``.
        case partitionStopped(Int32)
    }

    /// How waiting for memory ended.
    public enum WaitOutcome: Sendable, Equatable {
        /// There is room; append again.
        case room
        /// Waiting was interrupted: ``KafkaProducer/interruptAppenders()``, or the producer was closed.
        case interrupted
    }

    /// How records find their partition.
    enum Assignment {
        case explicit(Int32)
        case builtIn(ignoresKeys: Bool)
        case custom(any Partitioner)
    }

    private let topicQueues: TopicQueues
    private let accumulator: RecordAccumulator
    private let signal: SenderSignal
    private let assignment: Assignment
    private let failurePolicy: FailurePolicy
    private let flush: @Sendable () -> Void
    private var view: TopicQueues.View
    private var viewVersion: Int
    private var sticky: StickyPartitioner
    /// Partitions that a failed record must not be overtaken in.
    private var stoppedPartitions: Set<Int32> = []
    /// Bytes that were granted to this appender when it waited.
    private var reservation = 0
    /// Bytes that it needs to go on.
    private var needed = 0

    init(
        topic: TopicQueues,
        accumulator: RecordAccumulator,
        signal: SenderSignal,
        assignment: Assignment,
        failurePolicy: FailurePolicy,
        flush: @escaping @Sendable () -> Void
    ) {
        self.failurePolicy = failurePolicy
        topicQueues = topic
        self.flush = flush
        self.accumulator = accumulator
        self.signal = signal
        self.assignment = assignment
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
    /// - Returns: whether ``appendRun(timestamp:_:)`` may be used for them.
    public func takesRuns(keyed: Bool) -> Bool {
        switch assignment {
        case .explicit: true
        case .builtIn(let ignoresKeys): !keyed || ignoresKeys
        case .custom: false
        }
    }

    /// Appends one record.
    ///
    /// - Parameters:
    ///   - key: the serialized key, or `nil`.
    ///   - value: the serialized value, or `nil` for a null value.
    ///   - headers: the record's headers.
    ///   - timestamp: milliseconds since 1970.
    ///   - position: where the record came from.
    /// - Returns: whether the record is in a batch, must wait, or can never be sent.
    public func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        headers: EncodedHeaders,
        timestamp: Int64,
        position: RecordPosition
    ) -> Outcome {
        refreshView()
        while true {
            let partition = partition(key: key, value: value)
            guard view.queues.indices.contains(Int(partition)) else { return .noSuchPartition(partition) }
            if !stoppedPartitions.isEmpty, stoppedPartitions.contains(partition) { return .partitionStopped(partition) }
            let isSticky = takesRuns(keyed: key != nil) && !isExplicit
            let result = accumulator.append(
                to: view.queues[Int(partition)],
                mayMove: isSticky,
                key: key,
                value: value,
                headers: headers,
                timestamp: timestamp,
                position: position,
                completion: nil,
                reservation: &reservation
            )
            switch result {
            case .appended(let bytes):
                if isSticky { sticky.appended(bytes: bytes, isLastBatchFull: false) }
                return .appended
            case .batchClosed(let bytes):
                sticky.appended(bytes: bytes, isLastBatchFull: true)
            case .full(let needed):
                self.needed = needed
                return .full
            case .tooLarge(let size, let limit, let setting):
                return .tooLarge(size: size, limit: limit, setting: setting)
            }
        }
    }

    /// Appends records of one partition under one lock.
    ///
    /// All go to the explicit partition, or to the one that the sticky partitioner is at. Use it only if
    /// ``takesRuns(keyed:)`` says so.
    ///
    /// - Parameters:
    ///   - timestamp: milliseconds since 1970, for all records of the run.
    ///   - body: appends to the run until that says ``RecordRun/Outcome/endOfRun``, or until its input ends.
    /// - Returns: whether the next run may follow at once.
    public func appendRun(timestamp: Int64, _ body: (inout RecordRun) -> Void) -> RunOutcome {
        refreshView()
        let partition = if case .explicit(let explicit) = assignment { explicit } else { stickyPartition() }
        if !stoppedPartitions.isEmpty, stoppedPartitions.contains(partition) { return .partitionStopped(partition) }
        let queue = view.queues[Int(partition)]
        var result = RunResult()
        queue.state.withLock { state in
            if state.open == nil {
                state.open = accumulator.openBatch(for: queue, reservation: &reservation)
                result.opened = state.open != nil
            }
            guard let open = state.open.take() else {
                result.isFull = true
                needed = accumulator.openingSize
                return
            }
            let before = open.estimatedSize
            var run = RecordRun(batch: open, timestamp: timestamp, accumulator: accumulator)
            body(&run)
            let end = run.end
            let batch = run.finish()
            let after = end == nil ? batch.estimatedSize : max(batch.estimatedSize, accumulator.limits.batchSize)
            result.bytes = after - (result.opened ? 0 : before)
            guard !batch.isEmpty else {
                accumulator.discard(batch)
                result.opened = false
                if case .memoryIsFull(let bytes) = end {
                    result.isFull = true
                    needed = max(bytes, accumulator.openingSize)
                }
                return
            }
            state.open = consume batch
            if end != nil { result.closed = state.closeOpenBatch(of: queue) }
            result.listed = !state.isListed
            state.isListed = true
        }
        accumulator.settle(queue, closed: result.closed, opened: result.opened, listed: result.listed)
        sticky.appended(bytes: result.bytes, isLastBatchFull: result.closed != nil)
        return result.isFull ? .full : .goOn
    }

    /// Blocks the calling thread until there is memory for what was refused with `.full`.
    @available(*, noasync)
    public func waitForRoom() -> WaitOutcome {
        let missing = max(needed, accumulator.openingSize) - reservation
        guard missing > 0 else { return .room }
        switch accumulator.pool.waitBlocking(for: missing, onWait: { signal.wake() }) {
        case .granted(let bytes):
            reservation += bytes
            return .room
        case .interrupted:
            return .interrupted
        }
    }

    /// Tells that a record of this key failed before it was appended, so that under ``FailurePolicy/stopPartition`` no
    /// later record of its partition overtakes it. Without a key there is no order to keep, unless the partition is
    /// explicit.
    ///
    /// - Parameter key: the serialized key, if the record has one that could be serialized.
    public func recordFailed(key: Span<UInt8>?) {
        guard failurePolicy == .stopPartition, isExplicit || key != nil else { return }
        refreshView()
        stoppedPartitions.insert(partition(key: key, value: nil))
    }

    /// Blocks the calling thread until everything appended so far is delivered or has failed, without lingering.
    @available(*, noasync)
    public func flushAndWait() { flush() }

    private struct RunResult {
        var closed: ProducerBatch?
        var opened = false
        var listed = false
        var isFull = false
        var bytes = 0
    }

    private func refreshView() {
        guard topicQueues.version != viewVersion else { return }
        viewVersion = topicQueues.version
        view = topicQueues.view
    }

    private var isExplicit: Bool { if case .explicit = assignment { true } else { false } }

    private func partition(key: Span<UInt8>?, value: Span<UInt8>?) -> Int32 {
        switch assignment {
        case .explicit(let partition):
            return partition
        case .custom(let partitioner):
            return partitioner.partition(key: key, value: value, topic: view.partitions)
        case .builtIn(let ignoresKeys):
            guard let key, !ignoresKeys else { return stickyPartition() }
            return Murmur2.partition(forKey: key, count: view.partitions.partitionCount)
        }
    }

    private func stickyPartition() -> Int32 {
        sticky.partition(of: view.partitions, load: topicQueues.load)
    }
}
