// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Adds up how long the event loop was in each situation, which shows what a load waited for. A value: time comes as an
/// argument.
struct SituationTimes: Sendable {
    /// What keeps batches that are ready from being sent.
    enum Situation: Int, CaseIterable, Sendable {
        /// Nothing: they are sent, or there are none.
        case free
        /// As many requests are in flight as may be.
        case inFlightFull
        /// As many batches of their partitions are in flight as may be, though requests could be sent.
        case partitionsFull
        /// A broker asked to wait (KIP-219).
        case throttled
        /// There is no leader, or no connection to it.
        case unreachable
    }

    private var current = Situation.free
    private var since: NIODeadline
    private var sums = [Int64](repeating: 0, count: Situation.allCases.count)

    init(now: NIODeadline) {
        since = now
    }

    /// From now on this is the situation.
    mutating func became(_ situation: Situation, now: NIODeadline) {
        guard situation != current else { return }
        sums[current.rawValue] += (now - since).nanoseconds
        current = situation
        since = now
    }

    /// For how long it has been so, all in all.
    func time(in situation: Situation, now: NIODeadline) -> Duration {
        let running = situation == current ? (now - since).nanoseconds : 0
        return .nanoseconds(sums[situation.rawValue] + running)
    }
}
