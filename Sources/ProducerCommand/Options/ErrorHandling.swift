// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// What becomes of the records that follow a failed one: `--on-error`.
enum ErrorHandling: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// They are sent all the same.
    case `continue`
    /// They are not read any more; what was read is delivered.
    case abort
    /// Those of the same partition fail too, so that none overtakes the failed one.
    case stopPartition = "stop-partition"

    /// What the producer is asked to do about its own failures.
    var failurePolicy: FailurePolicy { self == .stopPartition ? .stopPartition : .continue }
}
