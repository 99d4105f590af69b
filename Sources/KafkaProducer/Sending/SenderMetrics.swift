// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore

/// Gives all parts of a sender one place to count in.
final class SenderMetrics: ClientMetrics {
    /// What was counted so far.
    var counts: ProducerMetrics

    init(_ counts: ProducerMetrics) {
        self.counts = counts
    }

    func connectionOpened(now: NIODeadline) { counts.connectionOpened(now: now) }

    func connectionClosed(now: NIODeadline) { counts.connectionClosed(now: now) }

    func requestSent(to node: Int32, bytes: Int, now: NIODeadline) {
        counts.requestSent(to: node, bytes: bytes, now: now)
    }

    func responseReceived(from node: Int32, bytes: Int, now: NIODeadline) {
        counts.responseReceived(from: node, bytes: bytes, now: now)
    }

    func throttled(milliseconds: Int32, now: NIODeadline) {
        counts.throttled(milliseconds: milliseconds, now: now)
    }
}
