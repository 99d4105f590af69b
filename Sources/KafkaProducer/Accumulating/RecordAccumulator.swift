// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaRecords
import NIOCore
import Synchronization

/// Gathers records into batches, one open batch a partition, within the memory that `buffer.memory` allows.
///
/// Any thread appends; the event loop takes batches away. The two meet in a partition's queue.
final class RecordAccumulator: Sendable {
    /// The settings that decide how batches are made.
    struct Limits: Sendable {
        /// `batch.size`; 0 counts as 1. A batch of this size waits for no more records.
        var batchSize: Int
        /// How large a batch may become that cannot be sent yet; no larger than `batch.size` where that was set.
        var largestBatch = 0
        /// `max.request.size`.
        var maxRequestSize: Int
        var codec: Codec?
        /// When batches are sent.
        var readiness: BatchReadiness
        /// How records that name no partition find theirs.
        var partitionRule = PartitionRule.builtIn(ignoresKeys: false)
    }

    /// What became of a record.
    enum AppendResult {
        /// In a batch, which grew by about `bytes` on the wire, and which may have its size by now.
        case appended(bytes: Int, isBatchReady: Bool)
        /// Not appended: the open batch was full and is closed. Only if the caller may go elsewhere.
        case batchClosed(bytes: Int)
        /// No memory: wait for `needed` bytes and try again.
        case full(needed: Int)
        /// Another topic has taken the name: look for its queues.
        case retired
        case tooLarge(size: Int, limit: Int, setting: String)
    }

    let limits: Limits
    let pool: BufferPool
    let recordSizeLimit: RecordSizeLimit
    let incomplete = IncompleteBatches()
    let sealer: BatchSealer
    private let signal: SenderSignal
    /// The event loop's time.
    private let clock: @Sendable () -> NIODeadline
    private let topics = Mutex<[String: TopicQueues]>([:])
    private let newlyListed = QueueList()
    /// Empty ones, for their memory: as many as there were batches at a time, within reason.
    private let spareTags = Mutex<(tags: [RecordTags], bytes: Int)>(([], 0))
    /// How many bytes of them are kept.
    private let spareTagsLimit: Int
    /// How many records the batch that was closed last has: about as many as the next one will have.
    private let usualRecordCount = Atomic<Int>(0)
    private let queueCount = Atomic<Int>(0)

    init(
        limits: Limits,
        bufferMemory: Int,
        workers: Int,
        signal: SenderSignal,
        waits: WaitMetrics = WaitMetrics(MetricSampling(span: .seconds(30), count: 2)),
        clock: @escaping @Sendable () -> NIODeadline = { .now() }
    ) {
        var limits = limits
        limits.largestBatch = max(limits.batchSize, limits.largestBatch)
        self.limits = limits
        self.clock = clock
        self.signal = signal
        let pool = BufferPool(capacity: bufferMemory, waits: waits)
        self.pool = pool
        spareTagsLimit = bufferMemory / 8
        recordSizeLimit = RecordSizeLimit(maxRequestSize: limits.maxRequestSize, bufferMemory: bufferMemory)
        sealer = BatchSealer(codec: limits.codec, pool: pool, workers: workers) { [newlyListed] batch in
            newlyListed.list(batch.queue)
            signal.wake()
        }
    }

    /// The topic's queues, made on first use.
    func topic(named name: String) -> TopicQueues {
        topics.withLock { topics in
            if let topic = topics[name] { return topic }
            let topic = TopicQueues(name: name, stickyBatchSize: limits.batchSize)
            topics[name] = topic
            return topic
        }
    }

    /// Takes in a topic's partitions.
    ///
    /// - Returns: the queues of another topic, of another incarnation, that these replace; to be retired next.
    @discardableResult
    func update(
        topic name: String,
        partitionCount: Int32,
        available: [Int32],
        near: [Int32] = [],
        incarnation: Int = 0
    ) -> [PartitionQueue] {
        let topic = topic(named: name)
        return topic.update(
            partitionCount: partitionCount,
            available: available,
            near: near,
            incarnation: incarnation
        ) {
            let number = queueCount.add(1, ordering: .relaxed).oldValue
            return PartitionQueue(
                topic: name,
                partition: $0,
                number: number,
                estimator: topic.estimator,
                growth: topic.growth
            )
        }
    }

    /// Queues about which there is news since the last call.
    func takeListed() -> [PartitionQueue] { newlyListed.take() }

    /// Gives a list that was taken back, for its memory.
    func reuse(_ list: consuming [PartitionQueue]) { newlyListed.reuse(list) }

    /// Returns a completed batch's memory.
    func release(_ batch: ProducerBatch) {
        let buffer = batch.takeBuffer()
        pool.release(batch.reservedBytes, buffer: buffer, usedFor: limits.codec == nil ? .records : .compressed)
        batch.reservedBytes = 0
        keep(batch.takeTags())
        incomplete.completed(batch.id)
    }

    /// Bytes of places' memory that is kept to be used again.
    var sparePositionBytes: Int { spareTags.withLock { $0.bytes } }

    /// Lets go of what is kept to be used again, which is never again: an appender may outlive its producer.
    func dropSpares() {
        pool.removeSpareBuffers()
        spareTags.withLock { $0 = ([], 0) }
    }

    private func keep(_ tags: consuming RecordTags) {
        tags.removeAll()
        let kept = tags
        spareTags.withLock { spare in
            guard kept.bytes > 0, spare.bytes + kept.bytes <= spareTagsLimit else { return }
            spare.tags.append(kept)
            spare.bytes += kept.bytes
        }
    }

    // MARK: appending

    /// Appends one record to the open batch of `queue`, opening one if there is none or if it does not fit.
    ///
    /// From a sticky partition the caller would rather move to another one than begin a second batch here.
    func append(
        to queue: PartitionQueue,
        as origin: PartitionChoice.Origin,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        details: borrowing RecordDetails,
        reservation: inout Int
    ) -> AppendResult {
        let bound = RecordBatchBuilder.sizeUpperBound(
            keyCount: key?.count ?? 0,
            valueCount: value?.count ?? 0,
            headersSize: details.headers.size
        )
        if let refusal = recordSizeLimit.refusal(ofSize: bound) {
            return .tooLarge(size: bound, limit: refusal.limit, setting: refusal.setting)
        }
        let mayMove = origin == .sticky
        var closed: ProducerBatch?
        var news: BatchReadiness.News = []
        var size: Int?
        var isReady = false
        var unused = 0
        var isRetired = false
        queue.appending.withLock { _ in
            queue.state.withLock { state in
                isRetired = state.isRetired
                guard !isRetired else { return }
                let sizeBefore = state.open?.withAccess { open in
                    let before = open.estimatedSize
                    guard append(to: &open, key, value, details, bound, &reservation) else { return before }
                    size = open.estimatedSize - before
                    open.named.append(1, isNamed: origin == .named)
                    isReady = open.isReady
                    if open.takeHasGrown() { news.insert(.grown) }
                    return before
                }
                guard size == nil else { return }
                if let sizeBefore {
                    unused = max(0, limits.batchSize - sizeBefore)
                    closed = state.closeOpenBatch(of: queue)
                    news.insert(.closed)
                }
                if closed == nil || !mayMove,
                    var open = openBatch(for: queue, usualSize: state.usualSize, reservation: &reservation)
                {
                    if append(to: &open, key, value, details, bound, &reservation) {
                        size = open.estimatedSize
                        open.named.append(1, isNamed: origin == .named)
                        state.open = consume open
                        news.insert(.opened)
                    } else {
                        discard(open)
                    }
                }
            }
        }
        guard !isRetired else { return .retired }
        settle(queue, closed: closed, news)
        if let size { return .appended(bytes: size, isBatchReady: isReady) }
        return closed != nil && mayMove ? .batchClosed(bytes: unused) : .full(needed: max(bound, sizeToWaitFor))
    }

    private func append(
        to open: inout OpenBatch,
        _ key: Span<UInt8>?,
        _ value: Span<UInt8>?,
        _ details: borrowing RecordDetails,
        _ bound: Int,
        _ reservation: inout Int
    ) -> Bool {
        // More room would not help it.
        if let tag = details.tag, !open.tags.accepts(tag) { return false }
        while !Self.append(to: &open, key, value, details) {
            switch open.grow(forRecordOf: bound, reserve: { reserve($0, from: &reservation) }) {
            case .grown: provideMemory(for: &open)
            case .becameReady: continue
            case .full, .noMemory: return false
            }
        }
        if let completion = details.completion {
            let index = Int(open.builder.recordCount) - 1
            open.completions.append(
                PendingCompletion(index: index, timestamp: details.timestamp, complete: completion)
            )
        }
        return true
    }

    @inline(__always)
    private static func append(
        to open: inout OpenBatch,
        _ key: Span<UInt8>?,
        _ value: Span<UInt8>?,
        _ details: borrowing RecordDetails
    ) -> Bool {
        open.append(
            key: key,
            value: value,
            headers: details.headers,
            timestamp: details.timestamp,
            tag: details.tag
        )
    }

    /// What follows appending, once the queue's lock is left: seal what was closed, and wake the sender if it must know.
    ///
    /// The queue is listed after the batch was sealed: whoever finds it there finds the batch ready.
    func settle(_ queue: PartitionQueue, closed: ProducerBatch?, _ news: BatchReadiness.News) {
        guard !news.isEmpty else { return }
        if let closed {
            usualRecordCount.store(closed.recordCount, ordering: .relaxed)
            sealer.seal(closed)
        }
        newlyListed.list(queue)
        switch limits.readiness.wake(news) {
        case .now: signal.wake()
        case .unlessTimerIsSet: signal.wakeUnlessTimerIsSet()
        case .notAtAll: break
        }
    }

    // MARK: opening batches

    /// How many bytes a new batch needs at least, as far as is known before its first record.
    private var openingSize: Int {
        max(RecordBatchHeader.size, min(limits.batchSize, Self.smallestOpening, pool.capacity))
    }

    /// What a batch reserves where batches are small: a few records.
    private static let smallestOpening = 512

    /// For how many bytes a thread waits that found none: enough for a batch, not for a record.
    var sizeToWaitFor: Int { max(openingSize, min(limits.batchSize, 2 * share)) }

    /// What is left for each partition, so that all of them have a batch and as much again is under way. A power of two, as
    /// the sizes of buffers are.
    private var share: Int {
        (pool.capacity / (4 * max(1, queueCount.load(ordering: .relaxed)))).roundedDownToPowerOfTwo
    }

    /// How many bytes a new batch reserves at first: as much as the batches before it needed, as long as that leaves room
    /// for those of all other partitions. It reserves more as it grows.
    private func reservation(usualSize: Int) -> Int {
        let usual = usualSize == 0 ? limits.batchSize : min(usualSize.roundedUpToPowerOfTwo, limits.largestBatch)
        let isLarge = usual > limits.batchSize
        let large = max(limits.batchSize, (pool.available / 16).roundedDownToPowerOfTwo)
        let reserved = isLarge ? min(usual, large) : usual
        return max(openingSize, usualSize == 0 ? min(reserved, 2 * share) : reserved)
    }

    /// A new open batch, or `nil` when there is no memory for one.
    ///
    /// - Parameters:
    ///   - queue: Where it belongs.
    ///   - usualSize: How large the batches before it were; 0 if there were none.
    ///   - granted: What was granted to the caller before.
    /// - Returns: The batch.
    func openBatch(for queue: PartitionQueue, usualSize: Int, reservation granted: inout Int) -> OpenBatch? {
        var size = reservation(usualSize: usualSize)
        if granted > size { size = granted }
        if !reserve(size, from: &granted) {
            size = max(sizeToWaitFor, granted)
            guard reserve(size, from: &granted) else { return nil }
        }
        let ratio = limits.codec == nil ? 1 : queue.estimator.ratio
        // A size that was not set follows what brokers take; one that was set stays, and what is too large is divided.
        let isSizeOurs = limits.largestBatch > limits.batchSize
        let batchSize = isSizeOurs ? min(limits.batchSize, queue.growth.limit) : limits.batchSize
        let readySize = max(RecordBatchHeader.size, plainSize(of: batchSize, ratio: ratio))
        return OpenBatch(
            id: incomplete.opened(),
            createdAt: clock(),
            buffer: pool.buffer(capacity: size),
            tags: emptyTags(),
            reservedBytes: size,
            readySize: readySize,
            writeLimit: plainSize(of: min(limits.largestBatch, queue.growth.limit), ratio: ratio),
            expectedRatio: ratio
        )
    }

    private func emptyTags() -> RecordTags {
        let spare = spareTags.withLock { spare in
            let tags = spare.tags.popLast()
            spare.bytes -= tags?.bytes ?? 0
            return tags
        }
        if let spare { return spare }
        let usual = usualRecordCount.load(ordering: .relaxed)
        return RecordTags(capacity: usual + usual / 8)
    }

    /// Gives an open batch up that got no record.
    func discard(_ batch: consuming OpenBatch) {
        let id = batch.id
        let reserved = batch.reservedBytes
        pool.release(reserved, buffer: batch.finish().releaseBuffer())
        incomplete.completed(id)
    }

    /// Has a batch that has grown go on in memory that was used before, if there is some of its new size: new memory costs
    /// more than moving the records.
    func provideMemory(for batch: inout OpenBatch) {
        guard batch.builder.lacksMemory, var memory = pool.spareBuffer(capacity: batch.reservedBytes) else { return }
        batch.builder.move(into: &memory)
        pool.keep(memory)
    }

    /// Takes bytes from what was granted to the caller, or from the pool.
    func reserve(_ bytes: Int, from reservation: inout Int) -> Bool {
        if reservation >= bytes {
            reservation -= bytes
            return true
        }
        guard pool.reserve(bytes - reservation) else { return false }
        reservation = 0
        return true
    }

    /// How many uncompressed bytes are expected to come to so many when compressed; bounded, since they are held in memory
    /// until a worker has compressed them.
    private func plainSize(of wireSize: Int, ratio: Double) -> Int {
        guard limits.codec != nil else { return wireSize }
        let header = RecordBatchHeader.size
        let expected = Double(max(0, wireSize - header)) / (ratio * CompressionRatioEstimator.safetyFactor)
        return min(header + Int(expected), max(limits.batchSize, pool.capacity / 16))
    }
}
