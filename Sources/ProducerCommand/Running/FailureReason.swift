// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// Why a record failed, as far as the account is concerned. The description says what happened, to which topic and
/// partition, and what to do.
protocol FailureReason: CustomStringConvertible {
    /// Under what it is counted.
    var kind: FailureKind { get }
    /// What brokers answered as long as there was time, for a failure that is a matter of time.
    var cause: ErrorCode? { get }
    /// The topic that it is about, when it is known.
    var topic: String? { get }
}

extension ProducerError: FailureReason {
    var kind: FailureKind { .producer(code) }
}

extension RecordFault: FailureReason {
    var cause: ErrorCode? { nil }
}
