// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaCompression
import KafkaRecords
import NIOCore
import NIOPosix
import Synchronization

/// Makes closed batches final: compresses their records and takes the checksum.
///
/// Without compression the thread that closed the batch does this at once. Otherwise workers do it, as many as there are
/// cores, each with a context of its own. A worker goes on until no batch waits, so that it is woken once for many.
final class BatchSealer: Sendable {
    /// A worker's compressor. `@unchecked Sendable` since it is always with exactly one worker or in the list of spare
    /// ones.
    private final class Context: @unchecked Sendable {
        var compressor: BatchCompressor

        init(codec: Codec) throws(CompressionError) {
            compressor = try BatchCompressor(codec)
        }
    }

    private struct State {
        var waiting: Deque<ProducerBatch> = []
        var workers = 0
        var spare: [Context] = []
    }

    private let codec: Codec?
    private let pool: BufferPool
    private let threads: NIOThreadPool?
    private let maximumWorkers: Int
    private let state = Mutex(State())
    private let busyNanoseconds = Atomic<Int64>(0)
    /// Called after a batch became final on a worker.
    private let onSealed: @Sendable (ProducerBatch) -> Void

    init(codec: Codec?, pool: BufferPool, workers: Int, onSealed: @escaping @Sendable (ProducerBatch) -> Void) {
        self.codec = codec
        self.pool = pool
        self.onSealed = onSealed
        maximumWorkers = max(1, workers)
        threads = codec == nil ? nil : NIOThreadPool(numberOfThreads: maximumWorkers)
        threads?.start()
    }

    /// How long workers have compressed, all together.
    var busyTime: Duration { .nanoseconds(busyNanoseconds.load(ordering: .relaxed)) }

    /// How many workers there may be; 0 without compression.
    var workerCount: Int { codec == nil ? 0 : maximumWorkers }

    /// Ends the workers, once nothing waits any more.
    func close() {
        threads?.shutdownGracefully { _ in }
    }

    /// Whether every worker has a batch, and another one waits: one more would only wait longer than its records do now.
    var isBusy: Bool {
        codec != nil && state.withLock { $0.workers >= maximumWorkers && !$0.waiting.isEmpty }
    }

    /// Makes `batch` final, now or soon.
    func seal(_ batch: ProducerBatch) {
        guard let threads else {
            if let contents = batch.takeContents() { batch.becameSealed(.success(contents.sealed())) }
            return
        }
        let startsWorker = state.withLock { state in
            state.waiting.append(batch)
            guard state.workers < maximumWorkers else { return false }
            state.workers += 1
            return true
        }
        guard startsWorker else { return }
        threads.submit { [self] _ in work() }
    }

    private func work() {
        var context = state.withLock { $0.spare.popLast() }
        while true {
            let next = state.withLock { state in
                let next = state.waiting.popFirst()
                if next == nil {
                    state.workers -= 1
                    if let context { state.spare.append(context) }
                }
                return next
            }
            guard let batch = next else { return }
            let start = NIODeadline.now()
            compress(batch, with: &context)
            busyNanoseconds.add((NIODeadline.now() - start).nanoseconds, ordering: .relaxed)
            onSealed(batch)
        }
    }

    private func compress(_ batch: ProducerBatch, with context: inout Context?) {
        guard let codec, let contents = batch.takeContents() else { return }
        do throws(CompressionError) {
            let usable = if let context { context } else { try Context(codec: codec) }
            context = usable
            let sealed = try usable.compressor.seal(contents) { pool.buffer(capacity: $0, for: .compressed) }
            // Records that compress well take less room than what is kept of their places.
            let size = sealed.buffer.storageCapacity + batch.tags.bytes
            batch.queue.estimator.update(
                observed: Double(sealed.buffer.readableBytes) / Double(max(1, contents.buffer.readableBytes))
            )
            if size > batch.reservedBytes { pool.reserveBeyondLimit(size - batch.reservedBytes) }
            let freed = max(0, batch.reservedBytes - size)
            batch.reservedBytes = size
            // From here on the batch is the event loop's.
            batch.becameSealed(.success(sealed))
            pool.release(freed, buffer: contents.releaseBuffer())
        } catch {
            // The records stay readable, as they are: an observer may keep them when the failure is reported.
            batch.couldNotBeCompressed(error, contents.sealed())
        }
    }
}
