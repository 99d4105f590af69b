// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// How often a record may be stored, and in which order, as the settings in force promise it.
struct Guarantee: Equatable, Sendable {
    /// How often a record may be stored.
    enum Delivery: Equatable, Sendable {
        case exactlyOncePerPartition
        case atLeastOnce
        /// At least once, as long as the one broker that has it does not fail.
        case atLeastOnceByLeader
        case atMostOnce
    }

    let delivery: Delivery
    /// One line for a person.
    let description: String

    /// What follows from `acks`, `enable.idempotence`, `retries` and `max.in.flight.requests.per.connection`.
    init(isIdempotent: Bool, acks: Acks, retries: Int, inFlight: Int) {
        if isIdempotent {
            delivery = .exactlyOncePerPartition
            description =
                "guarantee: each record once and in order within its partition (enable.idempotence=true, acks=all)"
            return
        }
        if acks == .none {
            delivery = .atMostOnce
            description =
                "guarantee: at most once; a record counts as delivered once the leader has answered something later on the "
                + "connection, and is lost if that leader fails then (acks=0)"
            return
        }
        let leaderOnly = acks == .leader ? "; what only a leader has is lost if it fails (acks=1)" : ""
        guard retries > 0 else {
            delivery = .atMostOnce
            description = "guarantee: at most once; what fails is not sent again (retries=0)\(leaderOnly)"
            return
        }
        delivery = acks == .leader ? .atLeastOnceByLeader : .atLeastOnce
        let order = inFlight > 1 ? " or behind later ones" : ""
        let reason = inFlight > 1 ? ", max.in.flight.requests.per.connection=\(inFlight)" : ""
        description =
            "guarantee: at least once; a retry may store a record twice\(order) (enable.idempotence=false\(reason))"
            + leaderOnly
    }

    private init(delivery: Delivery, description: String) {
        (self.delivery, self.description) = (delivery, description)
    }

    init(_ configuration: ProducerConfiguration) {
        if let id = configuration.transactionalID {
            self.init(
                delivery: .exactlyOncePerPartition,
                description:
                    "guarantee: transactions (transactional.id=\(id)): each record once and in order within its partition, and "
                    + "visible with its transaction or not at all, to readers with isolation.level=read_committed; a load that "
                    + "is sent again is there again"
            )
            return
        }
        self.init(
            isIdempotent: configuration.isIdempotenceEnabled,
            acks: configuration.acks,
            retries: configuration.retries,
            inFlight: configuration.maxInFlightRequestsPerConnection
        )
    }
}
