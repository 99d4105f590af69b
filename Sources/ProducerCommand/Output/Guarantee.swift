// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// How often a record may be stored, as the settings in force promise it.
enum Guarantee: Equatable, Sendable {
    case exactlyOncePerPartition
    case atLeastOnce
    case atMostOnce

    /// What follows from `acks`, `enable.idempotence` and `retries`.
    init(isIdempotent: Bool, waitsForAnswers: Bool, retries: Int) {
        if isIdempotent {
            self = .exactlyOncePerPartition
        } else {
            self = waitsForAnswers && retries > 0 ? .atLeastOnce : .atMostOnce
        }
    }

    init(_ configuration: ProducerConfiguration) {
        self.init(
            isIdempotent: configuration.isIdempotenceEnabled,
            waitsForAnswers: configuration.acks != .none,
            retries: configuration.retries
        )
    }

    /// One line for a person.
    var description: String {
        switch self {
        case .exactlyOncePerPartition:
            "guarantee: each record once and in order within its partition (enable.idempotence=true, acks=all)"
        case .atLeastOnce:
            "guarantee: at least once; a retry may store a record twice (enable.idempotence=false)"
        case .atMostOnce:
            "guarantee: at most once; what is lost on the way is not sent again (acks=0 or retries=0)"
        }
    }
}
