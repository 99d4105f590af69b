// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// What each answer means for a batch.
@Suite("BatchVerdict")
struct BatchVerdictTests {
    private let queue = PartitionQueue.test()

    private func verdict(
        _ answer: BatchAnswer,
        records: Int = 1,
        numberedFrom sequence: Int32? = nil,
        mayRetry: Bool = true
    ) -> BatchVerdict {
        let batch = queue.batch(ofRecords: records)
        var sequences = PartitionSequences()
        if let sequence {
            // What comes before it is pending.
            if sequence > 0 { _ = sequences.assign(recordCount: Int(sequence), id: 7, epoch: 0) }
            batch.ticket = sequences.assign(recordCount: records, id: 7, epoch: 0)
        }
        return BatchVerdict(on: answer, to: batch, sequences: sequences, mayRetry: mayRetry)
    }

    @Test("every code there is or may be: those of a RetriableException are tried again, any other fails")
    func taxonomy() {
        let special: Set<Int16> = [0, 10, 46]
        for code in Int16(-200)...400 where !special.contains(code) {
            let answer = BatchAnswer(error: ErrorCode(rawValue: code))
            let isRetriable = ErrorTaxonomy.retriable.contains(code) || ErrorTaxonomy.invalidatesMetadata.contains(code)
            #expect(verdict(answer) == (isRetriable ? .retry : .fail), "\(code)")
            #expect(verdict(answer, mayRetry: false) == .fail, "\(code)")
            #expect(verdict(answer, records: 2) == (isRetriable ? .retry : .fail), "\(code)")
        }
    }

    @Test("success tells offset and time, where the broker does, and where a log can have it")
    func delivered() {
        let known = BatchAnswer(error: .none, baseOffset: 7, logAppendTime: 9)
        #expect(verdict(known) == .delivered(baseOffset: 7, logAppendTime: 9))
        #expect(verdict(BatchAnswer(error: .none)) == .delivered(baseOffset: nil, logAppendTime: nil))
        let last = BatchAnswer(error: .none, baseOffset: .max - 2)
        #expect(verdict(last, records: 2) == .delivered(baseOffset: .max - 2, logAppendTime: nil))
        #expect(verdict(last, records: 3) == .delivered(baseOffset: nil, logAppendTime: nil))
        #expect(verdict(BatchAnswer(error: .none, baseOffset: .min)) == .delivered(baseOffset: nil, logAppendTime: nil))
    }

    @Test("a duplicate is stored, whether or not another try was left", arguments: [true, false])
    func duplicate(mayRetry: Bool) {
        let answer = BatchAnswer(error: .duplicateSequenceNumber, baseOffset: 5, logAppendTime: 5)
        #expect(verdict(answer, mayRetry: mayRetry) == .delivered(baseOffset: nil, logAppendTime: nil))
    }

    @Test("what is too large is divided, whether or not another try was left, unless it is one record")
    func tooLarge() {
        let answer = BatchAnswer(error: .messageTooLarge)
        for mayRetry in [true, false] {
            #expect(verdict(answer, records: 2, mayRetry: mayRetry) == .divide)
            #expect(verdict(answer, records: 1, mayRetry: mayRetry) == .fail)
        }
        #expect(verdict(BatchAnswer(error: .recordListTooLarge), records: 2) == .fail)
    }

    @Test("errors about sequences are tried again, in the next epoch if there is a gap, as long as a try is left")
    func sequences() {
        let gap = BatchAnswer(error: .outOfOrderSequenceNumber)
        #expect(verdict(gap, numberedFrom: 0) == .retryInNextEpoch)
        #expect(verdict(gap, numberedFrom: 0, mayRetry: false) == .fail)
        #expect(verdict(gap, numberedFrom: 4) == .retry)
        let renumbered = queue.batch(ofRecords: 1)
        var sequences = PartitionSequences()
        let ticket = sequences.assign(recordCount: 1, id: 7, epoch: 0)
        _ = sequences.departed(ticket)
        sequences.restart(id: 7, epoch: 1)
        renumbered.ticket = ticket
        let next = BatchVerdict(on: gap, to: renumbered, sequences: sequences, mayRetry: true)
        #expect(next == .retryAtOnce)
        let forgotten = BatchAnswer(error: .unknownProducerID, logStartOffset: 3)
        #expect(verdict(forgotten, numberedFrom: 0) == .retryInNextEpoch)
        #expect(verdict(BatchAnswer(error: .unknownProducerID), numberedFrom: 0) == .retry)
        for error in [ErrorCode.invalidProducerEpoch, .producerFenced, .invalidProducerIDMapping] {
            #expect(verdict(BatchAnswer(error: error), numberedFrom: 0) == .fail)
        }
    }
}
