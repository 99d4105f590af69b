// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Keeps what was acknowledged, batch by batch, until it is compared with what is stored. The producer's event loop writes
/// into it.
final class SentRanges: Sendable {
    /// All that is known at the end.
    struct Content: Sendable {
        var ranges: [SentRange] = []
        /// Acknowledged records of which the broker has not said where they are.
        var unplaced: UInt64 = 0
    }

    private struct State {
        var content = Content()
        /// Written in the open transaction.
        var open = Content()
    }

    private let isTransactional: Bool
    private let state = Mutex(State())

    init(isTransactional: Bool) { self.isTransactional = isTransactional }

    var content: Content { state.withLock { $0.content } }

    /// Called on the event loop for a batch that was delivered.
    func delivered(_ report: borrowing DeliveryReport, baseOffset: Int64?, logAppendTime: Int64?) {
        let count = UInt64(report.recordCount)
        let range = baseOffset.flatMap { offset -> SentRange? in
            // It cannot fail: these bytes were just sent.
            guard let checksum = try? report.contentChecksum(timestamps: logAppendTime == nil) else { return nil }
            return SentRange(
                place: SentRange.Place(topic: report.topic, partition: report.partition),
                offsets: offset..<(offset + Int64(count)),
                checksum: checksum,
                isStampedByBroker: logAppendTime != nil,
                firstRecord: report.tag(ofRecord: 0)?.number ?? 0
            )
        }
        state.withLock { state in
            let part = isTransactional ? \State.open : \State.content
            guard let range else {
                state[keyPath: part].unplaced += count
                return
            }
            state[keyPath: part].ranges.append(range)
        }
    }

    /// What was written in the transaction counts, or never will.
    func transactionEnded(isCommitted: Bool) {
        state.withLock { state in
            if isCommitted {
                state.content.ranges += state.open.ranges
                state.content.unplaced += state.open.unplaced
            }
            state.open = Content()
        }
    }
}
