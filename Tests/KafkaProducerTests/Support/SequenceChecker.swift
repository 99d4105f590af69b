// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What a broker knows of the one idempotent producer of a partition: its last five batches (KIP-98).
struct SequenceChecker: Sendable {
    /// What is to be done with a batch.
    enum Verdict: Sendable, Equatable {
        case append
        case duplicate(offset: Int64)
        case refuse(ErrorCode)
    }

    private var producerID: Int64 = -1
    private var epoch: Int16 = -1
    private var next: Int32 = 0
    private var recent: [(base: Int32, count: Int32, offset: Int64)] = []

    /// Whether it is one of the batches that were appended.
    func knows(_ header: RecordBatchHeader) -> Bool {
        header.producerID == producerID && header.producerEpoch == epoch
            && recent.contains { $0.base == header.baseSequence && $0.count == header.recordCount }
    }

    /// Judges a batch, and takes note of it if it is to be appended at `end`.
    mutating func check(_ header: RecordBatchHeader, end: Int64) -> Verdict {
        if header.producerID == producerID, header.producerEpoch < epoch { return .refuse(.invalidProducerEpoch) }
        if header.producerID != producerID || header.producerEpoch != epoch {
            guard header.baseSequence == 0 else { return .refuse(.outOfOrderSequenceNumber) }
            (producerID, epoch, next, recent) = (header.producerID, header.producerEpoch, 0, [])
        }
        let known = recent.first { $0.base == header.baseSequence && $0.count == header.recordCount }
        if let known { return .duplicate(offset: known.offset) }
        guard header.baseSequence == next else { return .refuse(.outOfOrderSequenceNumber) }
        next += header.recordCount
        recent = recent.suffix(4) + [(header.baseSequence, header.recordCount, end)]
        return .append
    }
}
