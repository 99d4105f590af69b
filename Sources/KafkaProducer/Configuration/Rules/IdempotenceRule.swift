// SPDX-License-Identifier: Apache-2.0

/// What `enable.idempotence` comes to beside `acks`, `retries`, the requests in flight and a transactional id.
struct IdempotenceRule {
    /// A setting that contradicts others, and the Java client's words for it.
    struct Fault {
        let key: String
        let message: String
    }

    /// The most requests in flight for which brokers remember sequence numbers.
    private static let mostInFlight: Int64 = 5
    private static let inFlightKey = "max.in.flight.requests.per.connection"

    /// Who wished it.
    var idempotence: Idempotence
    /// As the Java client prints it: -1 for all.
    var acks: String
    var retries: Int64
    var inFlight: Int64
    var isTransactional: Bool

    private var obstaclesAndFaults: [(obstacle: String, fault: Fault)] {
        var found: [(obstacle: String, fault: Fault)] = []
        if retries == 0 {
            let message = "Must set retries to non-zero when using the idempotent producer."
            found.append(("retries is 0", Fault(key: "retries", message: message)))
        }
        if acks != "-1" {
            let message =
                "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence."
            found.append(("acks is \(acks), not all", Fault(key: "acks", message: message)))
        }
        return found
    }

    /// What idempotence gives way to when the user did not ask for it.
    var obstacles: [String] { obstaclesAndFaults.map(\.obstacle) }

    /// Whether batches carry a producer id, epoch and sequence.
    var isEnabled: Bool {
        switch idempotence {
        case .automatic: obstaclesAndFaults.isEmpty
        case .required: true
        case .off: false
        }
    }

    /// What is wrong, the first in the order of the Java client. Too many requests in flight are wrong even where
    /// idempotence that the user did not ask for gives way to another setting.
    var fault: Fault? {
        if idempotence == .required, let first = obstaclesAndFaults.first { return first.fault }
        if idempotence != .off, inFlight > Self.mostInFlight {
            let message =
                "To use the idempotent producer, \(Self.inFlightKey) must be set to at most \(Self.mostInFlight). "
                + "Current value is \(inFlight)."
            return Fault(key: Self.inFlightKey, message: message)
        }
        guard isTransactional, !isEnabled else { return nil }
        return Fault(
            key: "transactional.id",
            message: "Cannot set a transactional.id without also enabling idempotence."
        )
    }
}

extension ProducerConfiguration {
    /// The rule on the values as they are.
    var idempotenceRule: IdempotenceRule {
        IdempotenceRule(
            idempotence: idempotence,
            acks: String(acks.rawValue),
            retries: Int64(retries),
            inFlight: Int64(maxInFlightRequestsPerConnection),
            isTransactional: transactionalID != nil
        )
    }
}
