// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What a person should do about the errors that brokers answer to what a producer asks.
enum BrokerAdvice {
    /// One or two sentences. An error that no producer should meet has the broker's log as its advice.
    static func text(on error: ErrorCode) -> String {
        texts[error] ?? "Look into the broker's log, then send these again."
    }

    private static let texts: [ErrorCode: String] = [
        .messageTooLarge: "Raise the topic's max.message.bytes, or send smaller records.",
        .recordListTooLarge: "Lower batch.size, or raise the topic's segment.bytes.",
        .topicAuthorizationFailed: "Allow the client's principal to Write to the topic: kafka-acls --add "
            + "--allow-principal User:NAME --operation Write --topic TOPIC.",
        .clusterAuthorizationFailed: "Allow the client's principal IdempotentWrite on the cluster (kafka-acls), or "
            + "set enable.idempotence=false.",
        .transactionalIDAuthorizationFailed: "Allow the client's principal to Write to the transactional id "
            + "(kafka-acls).",
        .saslAuthenticationFailed: "Correct sasl.jaas.config: user and password.",
        .unknownTopicOrPartition: "Check the topic's name, or create it: kafka-topics --create --topic TOPIC.",
        .unknownTopicID: "The topic was deleted or made anew: send these again.",
        .invalidTopic: "Choose another topic: internal ones, such as __consumer_offsets, are not for "
            + "producers.",
        .invalidPartitions: "Create the topic yourself: kafka-topics --create --topic TOPIC --partitions N.",
        .invalidReplicationFactor:
            "Create the topic yourself with as many replicas as there are brokers, or correct "
            + "the brokers' default.replication.factor.",
        .leaderNotAvailable: cluster,
        .notLeaderOrFollower: cluster,
        .replicaNotAvailable: cluster,
        .fencedLeaderEpoch: cluster,
        .unknownLeaderEpoch: cluster,
        .brokerNotAvailable: cluster,
        .listenerNotFound: "Give every broker a listener of the name that bootstrap.servers leads to.",
        .networkException: "See that the broker runs and its connections hold, then send these again; without "
            + "idempotence some may be stored already.",
        .requestTimedOut: "See why the brokers or the followers of the partition are slow, or raise "
            + "request.timeout.ms; then send these again.",
        .notEnoughReplicas:
            "Start the brokers that are missing, or lower the topic's min.insync.replicas; then send "
            + "these again.",
        .notEnoughReplicasAfterAppend: "Start the brokers that are missing, or lower the topic's "
            + "min.insync.replicas; the leader has these records, so that sending them again may store them twice.",
        .corruptMessage: "A compacted topic takes no record without a key: give these one with -K or -k. Otherwise "
            + "something on the way damages data.",
        .invalidRecord: "Correct the records: the topic may want keys, or timestamps near its clock.",
        .invalidTimestamp: "Set this machine's clock, or raise the topic's message.timestamp.before.max.ms and "
            + "message.timestamp.after.max.ms.",
        .invalidRequiredAcks: "Set acks to all, 1 or 0.",
        .unsupportedCompressionType: "Choose another codec with -z, or update the broker.",
        .unsupportedForMessageFormat: "Raise the topic's message.format.version, or leave out headers and "
            + "idempotence.",
        .policyViolation: "Ask whoever runs the cluster which policy that is.",
        .outOfOrderSequenceNumber: again,
        .unknownProducerID: again,
        .invalidProducerEpoch: again,
        .producerFenced: "Run one producer only with this transactional.id.",
        .kafkaStorageError: "See to the broker's disk, then send these again.",
        .throttlingQuotaExceeded: "Raise the client's quota, or send more slowly.",
        .unknownServerError: "Look into the broker's log for the cause, then send these again.",
        .invalidRequest: "Look into the broker's log: it says what it misses.",
        .unsupportedVersion:
            "Update the broker, or leave out what it does not know yet (idempotence, headers, zstd).",
    ]

    private static let cluster = "See that all brokers of the cluster run, then send these again."
    private static let again = "Send these again; look into the topic first if none of them may be there twice."
}
