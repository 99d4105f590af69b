// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How far the reading thread has come: written once a chunk, read for the progress line.
final class LoadCounters: Sendable {
    private let recordCount = Atomic<UInt64>(0)
    private let byteCount = Atomic<UInt64>(0)
    private let inputWait = Atomic<Int64>(0)
    private let clusterWait = Atomic<Int64>(0)
    private let rateWait = Atomic<Int64>(0)
    private let cpuMicroseconds = Atomic<Int64>(0)

    /// Records taken from the inputs.
    var records: UInt64 { recordCount.load(ordering: .relaxed) }
    /// Bytes of the inputs that are dealt with.
    var bytes: UInt64 { byteCount.load(ordering: .relaxed) }

    /// How long reading the inputs has taken, which is waiting for the most part.
    var timeInInput: Duration { .nanoseconds(inputWait.load(ordering: .relaxed)) }
    /// How long the reading thread has waited for the cluster to be known.
    var timeToCluster: Duration { .nanoseconds(clusterWait.load(ordering: .relaxed)) }

    /// How long the reading thread has waited for the time at which the next records may go.
    var timeForRate: Duration { .nanoseconds(rateWait.load(ordering: .relaxed)) }

    /// The CPU time of the reading thread, in seconds, once it has ended.
    var cpuSeconds: Double { Double(cpuMicroseconds.load(ordering: .relaxed)) / 1_000_000 }

    func threadEnds() { cpuMicroseconds.store(Int64(ThreadTime.seconds() * 1_000_000), ordering: .relaxed) }

    func readInput(since start: ContinuousClock.Instant) { add(start, to: inputWait) }

    func pausedForRate(since start: ContinuousClock.Instant) { add(start, to: rateWait) }

    func clusterKnown(since start: ContinuousClock.Instant) { add(start, to: clusterWait) }

    private func add(_ start: ContinuousClock.Instant, to sum: borrowing Atomic<Int64>) {
        sum.add(Int64((ContinuousClock.now - start) / .nanoseconds(1)), ordering: .relaxed)
    }

    func update(records: UInt64, bytes: UInt64) {
        recordCount.store(records, ordering: .relaxed)
        byteCount.store(bytes, ordering: .relaxed)
    }
}
