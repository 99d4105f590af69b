// SPDX-License-Identifier: Apache-2.0

/// The settings of idempotence and transactions, and those that Kafka added last, in the order in which the Java client
/// checks them.
extension ProducerConfigKey {
    private static let twoPhaseCommit = Support.later("two-phase commit")

    // A table: a few lines a setting.
    // swift-format-ignore
    static let transactionKeys: [ProducerConfigKey] = [
        .init(
            "enable.idempotence", .boolean, .value("true"), .low,
            "Whether a retry can never store a record twice or out of order.",
            sets: Setting(
                \.idempotence, .idempotence, unset: .automatic, shows: { .boolean($0.isIdempotenceEnabled) }
            )
        ),
        .init(
            "transaction.timeout.ms", .int, .value("60000"), .low,
            "After how long the coordinator gives up an open transaction.",
            sets: Setting(\.transactionTimeout, .milliseconds)
        ),
        .init(
            "transactional.id", .string, .null, .nonEmptyString, .low,
            "The name under which transactions survive a restart.",
            sets: Setting(\.transactionalID, .optionalText)
        ),
        .init(
            "metadata.recovery.strategy", .string, .value("rebootstrap"), .oneOfIgnoringCase(["REBOOTSTRAP", "NONE"]),
            .low, "What to do when no known broker is left: start again from bootstrap.servers, or go on trying.",
            sets: Setting(
                \.metadataRecoveryStrategy, .wordInAnyCase(shown: { $0.lowercased() })
            )
        ),
        .init(
            "metadata.recovery.rebootstrap.trigger.ms", .long, .value("300000"), .atLeast(0), .low,
            "After how long without metadata to start again from bootstrap.servers.",
            sets: Setting(\.metadataRebootstrapTrigger, .milliseconds)
        ),
        .init(
            "transaction.two.phase.commit.enable", .boolean, .value("false"), .low,
            "Whether an outer coordinator ends transactions.",
            sets: Setting(\.isTwoPhaseCommitEnabled, .boolean),
            support: twoPhaseCommit
        ),
        .init(
            "config.providers", .list, .value(""), .entries(allowsNone: true), .low,
            "Names of providers that fill in ${name:path:key} and ${name:key} in other values."
        ),
    ]

    /// Settings that Kafka's producer has since version 4.4 (KIP-1123).
    // A table: a few lines a setting.
    // swift-format-ignore
    static let newerKeys: [ProducerConfigKey] = [
        .init(
            "partitioner.rack.aware", .boolean, .value("false"), .low,
            "Whether records without keys go to partitions whose leaders are in the producer's rack, as long as there are any.",
            sets: Setting(\.isPartitionerRackAware, .boolean)
        ),
        .init(
            "client.rack", .string, .value(""), .low,
            "The rack that the producer is in, as broker.rack names those of brokers.",
            sets: Setting(\.clientRack, .text)
        ),
    ]
}
