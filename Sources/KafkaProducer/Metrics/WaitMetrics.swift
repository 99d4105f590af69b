// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Synchronization

/// What threads that append have waited for, counted on these threads, once a wait.
final class WaitMetrics: Sendable {
    struct Counts: Sendable {
        /// Nanoseconds of waits for `buffer.memory`.
        var memory: SampledValues
        /// Records that were given up since memory did not come in time.
        var exhausted: SampledValues
        /// Nanoseconds of all flushes.
        var flush: Int64 = 0
        /// Nanoseconds of all waits for a topic's metadata.
        var metadata: Int64 = 0
    }

    private let counts: Mutex<Counts>

    init(_ sampling: MetricSampling) {
        counts = Mutex(Counts(memory: SampledValues(sampling), exhausted: SampledValues(sampling)))
    }

    var current: Counts { counts.withLock { $0 } }

    func waitedForMemory(since start: NIODeadline) {
        let now = NIODeadline.now()
        counts.withLock { $0.memory.record(Double((now - start).nanoseconds), at: now) }
    }

    func memoryExhausted() {
        counts.withLock { $0.exhausted.record(1, at: .now()) }
    }

    func flushed(since start: NIODeadline) {
        counts.withLock { $0.flush += (NIODeadline.now() - start).nanoseconds }
    }

    func waitedForMetadata(since start: NIODeadline) {
        counts.withLock { $0.metadata += (NIODeadline.now() - start).nanoseconds }
    }
}
