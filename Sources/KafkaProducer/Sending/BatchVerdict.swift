// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What a broker's answer means for the batch it is about. A value: it decides, the sender acts.
enum BatchVerdict: Equatable {
    /// It is stored; offset and time are `nil` when the broker does not say.
    case delivered(baseOffset: Int64?, logAppendTime: Int64?)
    /// It is too large, its parts may not be.
    case divide
    /// It may pass next time.
    case retry
    /// It was refused under a number that it has no more: there is nothing to wait for.
    case retryAtOnce
    /// It will pass once the partition's sequences have begun again in the next epoch.
    case retryInNextEpoch
    /// It will not pass.
    case fail

    /// What an answer without an error says.
    static func delivered(by answer: borrowing BatchAnswer, _ batch: borrowing ProducerBatch) -> BatchVerdict {
        // An offset that no log can have is none.
        let isPossible = answer.baseOffset >= 0 && answer.baseOffset <= Int64.max - Int64(batch.recordCount)
        return .delivered(
            baseOffset: isPossible ? answer.baseOffset : nil,
            logAppendTime: answer.logAppendTime >= 0 ? answer.logAppendTime : nil
        )
    }

    /// - Parameters:
    ///   - answer: what the broker said.
    ///   - batch: the batch it is about.
    ///   - sequences: those of its partition.
    ///   - mayRetry: whether neither `retries` nor `delivery.timeout.ms` are used up.
    ///   - isTransactional: whether the batch belongs to a transaction.
    init(
        on answer: borrowing BatchAnswer,
        to batch: borrowing ProducerBatch,
        sequences: borrowing PartitionSequences,
        mayRetry: Bool,
        isTransactional: Bool = false
    ) {
        switch answer.error {
        case .none:
            self = .delivered(by: answer, batch)
        case .duplicateSequenceNumber:
            // The broker has the batch already: the answer to an earlier attempt was lost.
            self = .delivered(baseOffset: nil, logAppendTime: nil)
        case _ where sequences.isKnownStored(batch.ticket):
            self = .delivered(baseOffset: nil, logAppendTime: nil)
        case .operationNotAttempted where mayRetry && isTransactional:
            // Another partition of the request is not known yet where its transaction is coordinated: nothing was written.
            self = .retry
        case .messageTooLarge where batch.recordCount > 1:
            self = .divide
        case _ where !mayRetry:
            self = .fail
        default:
            let ticket = batch.ticket
            switch sequences.verdict(on: answer.error, ticket: ticket, logStartOffset: answer.logStartOffset) {
            case .retry: self = sequences.wasResequenced(ticket) ? .retryAtOnce : .retry
            case .retryAfterEpochBump: self = .retryInNextEpoch
            case .notAboutSequences: self = answer.error.isRetriable ? .retry : .fail
            }
        }
    }
}
