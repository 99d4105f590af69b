// SPDX-License-Identifier: Apache-2.0

/// What a producer wants of a topic and of the cluster, by its settings.
package struct ClientDemands: Sendable, Equatable {
    /// Whether all replicas in sync must have a record. Kafka's `acks=all`.
    package var waitsForAllReplicas = true
    /// Kafka's `enable.idempotence`.
    package var isIdempotent = true
    /// Kafka's `max.request.size`.
    package var maxRequestSize = 1_048_576
    /// Kafka's `batch.size`.
    package var batchSize = 16_384
    /// Kafka's `compression.type`.
    package var compression = "none"
    /// Who logs in; nil when that is not known.
    package var user: String?

    package init() {}
}
