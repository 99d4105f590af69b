// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords

@testable import KafkaProducer

/// What a broker knows of the idempotent producers of a partition: their epochs and last five batches (KIP-98). As with
/// Kafka, one of which it knows nothing may begin anywhere.
struct SequenceChecker: Sendable {
    /// What is to be done with a batch.
    enum Verdict: Sendable, Equatable {
        case append
        case duplicate(offset: Int64)
        case refuse(ErrorCode)
    }

    private struct Known {
        var epoch: Int16
        var next: Int32
        var recent: [(base: Int32, count: Int32, offset: Int64)] = []
    }

    private var known: [Int64: Known] = [:]

    /// Whether it is one of the batches that were appended.
    func knows(_ header: RecordBatchHeader) -> Bool {
        guard let state = known[header.producerID], state.epoch == header.producerEpoch else { return false }
        return state.recent.contains { $0.base == header.baseSequence && $0.count == header.recordCount }
    }

    /// Judges a batch, and takes note of it if it is to be appended at `end`.
    mutating func check(_ header: RecordBatchHeader, end: Int64) -> Verdict {
        check(
            BatchSequence(
                producerID: header.producerID,
                producerEpoch: header.producerEpoch,
                baseSequence: header.baseSequence
            ),
            count: header.recordCount,
            end: end
        )
    }

    /// Judges a batch of so many records, and takes note of it if it is to be appended at `end`.
    mutating func check(_ batch: BatchSequence, count: Int32, end: Int64) -> Verdict {
        let (id, base) = (batch.producerID, batch.baseSequence)
        var state = known[id] ?? Known(epoch: batch.producerEpoch, next: base)
        if batch.producerEpoch < state.epoch { return .refuse(.invalidProducerEpoch) }
        if batch.producerEpoch > state.epoch {
            guard base == 0 else { return .refuse(.outOfOrderSequenceNumber) }
            state = Known(epoch: batch.producerEpoch, next: 0)
        }
        if let old = state.recent.first(where: { $0.base == base && $0.count == count }) {
            return .duplicate(offset: old.offset)
        }
        guard base == state.next else { return .refuse(.outOfOrderSequenceNumber) }
        state.next = Sequence.advance(base, by: Int(count))
        state.recent = state.recent.suffix(4) + [(base, count, end)]
        known[id] = state
        return .append
    }

    /// Forgets all producers, as after `producer.id.expiration.ms`.
    mutating func forget() { known = [:] }
}
