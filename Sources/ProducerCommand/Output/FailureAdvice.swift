// SPDX-License-Identifier: Apache-2.0

/// What a person should do about each kind of failure, by the name under which it is counted.
enum FailureAdvice {
    /// A sentence, or nil when the failure's own message says it already. Commands in it name `topic`, if it is known.
    static func text(for kind: String, topic: String? = nil) -> String? {
        guard let text = own[kind] ?? broker[kind] ?? unknown(kind) else { return nil }
        guard let topic else { return text }
        return text.replacing("--topic TOPIC", with: "--topic \(topic)")
    }

    /// Failures that this program finds itself.
    private static let own: [String: String] = [
        "TIMED_OUT": "See that the brokers run and can be reached from here, or raise delivery.timeout.ms; "
            + "then send these again.",
        "INTERRUPTED": "Send these again.",
        "SENT_UNKNOWN": "Look into the topic before you send these again, for some may be stored; with acks=1 or "
            + "acks=all the broker would have told.",
        "CLOSED": "Send these again.",
        "SERIALIZATION": "Correct the line, or set another key.serializer or value.serializer.",
        "UNSUPPORTED_VERSION":
            "Update the broker, or leave out what it does not know yet (idempotence, headers, zstd).",
        "COMPRESSION": "Choose another codec with -z.",
        "UNKNOWN_PARTITION": "Choose a partition that the topic has, or leave -p out.",
        "PARTITION_STOPPED": "Mend the first failure of that partition, then send these again.",
        "NO_KEY_SEPARATOR": "Correct the line, name another separator with -K, or send such lines without a key "
            + "(--reader-property ignore.error=true).",
        "NO_HEADERS_DELIMITER":
            "Correct the line, or name another delimiter with --reader-property headers.delimiter=.",
        "NO_HEADER_SEPARATOR": "Correct the line, or name another separator with --reader-property "
            + "headers.key.separator=.",
        "NOT_A_DEAD_LETTER": "Correct the line, or remove it.",
    ]

    /// Errors that brokers answer to what a producer asks.
    private static let broker: [String: String] = [
        "MESSAGE_TOO_LARGE": "Raise the topic's max.message.bytes, or send smaller records.",
        "RECORD_LIST_TOO_LARGE": "Lower batch.size, or raise the topic's segment.bytes.",
        "TOPIC_AUTHORIZATION_FAILED": "Allow the client's principal to Write to the topic: kafka-acls --add "
            + "--allow-principal User:NAME --operation Write --topic TOPIC.",
        "CLUSTER_AUTHORIZATION_FAILED": "Allow the client's principal IdempotentWrite on the cluster (kafka-acls), or "
            + "set enable.idempotence=false.",
        "TRANSACTIONAL_ID_AUTHORIZATION_FAILED": "Allow the client's principal to Write to the transactional id "
            + "(kafka-acls).",
        "SASL_AUTHENTICATION_FAILED": "Correct sasl.jaas.config: user and password.",
        "UNKNOWN_TOPIC_OR_PARTITION": "Check the topic's name, or create it: kafka-topics --create --topic TOPIC.",
        "UNKNOWN_TOPIC_ID": "The topic was deleted or made anew: send these again.",
        "INVALID_TOPIC_EXCEPTION": "Choose another topic: internal ones, such as __consumer_offsets, are not for "
            + "producers.",
        "INVALID_PARTITIONS": "Create the topic yourself: kafka-topics --create --topic TOPIC --partitions N.",
        "INVALID_REPLICATION_FACTOR":
            "Create the topic yourself with as many replicas as there are brokers, or correct "
            + "the brokers' default.replication.factor.",
        "LEADER_NOT_AVAILABLE": cluster,
        "NOT_LEADER_OR_FOLLOWER": cluster,
        "REPLICA_NOT_AVAILABLE": cluster,
        "FENCED_LEADER_EPOCH": cluster,
        "UNKNOWN_LEADER_EPOCH": cluster,
        "BROKER_NOT_AVAILABLE": cluster,
        "LISTENER_NOT_FOUND": "Give every broker a listener of the name that bootstrap.servers leads to.",
        "NETWORK_EXCEPTION": "See that the broker runs and its connections hold, then send these again; without "
            + "idempotence some may be stored already.",
        "REQUEST_TIMED_OUT": "See why the brokers or the followers of the partition are slow, or raise "
            + "request.timeout.ms; then send these again.",
        "NOT_ENOUGH_REPLICAS":
            "Start the brokers that are missing, or lower the topic's min.insync.replicas; then send "
            + "these again.",
        "NOT_ENOUGH_REPLICAS_AFTER_APPEND": "Start the brokers that are missing, or lower the topic's "
            + "min.insync.replicas; the leader has these records, so that sending them again may store them twice.",
        "CORRUPT_MESSAGE": "A compacted topic takes no record without a key: give these one with -K or -k. Otherwise "
            + "something on the way damages data.",
        "INVALID_RECORD": "Correct the records: the topic may want keys, or timestamps near its clock.",
        "INVALID_TIMESTAMP": "Set this machine's clock, or raise the topic's message.timestamp.before.max.ms and "
            + "message.timestamp.after.max.ms.",
        "INVALID_REQUIRED_ACKS": "Set acks to all, 1 or 0.",
        "UNSUPPORTED_COMPRESSION_TYPE": "Choose another codec with -z, or update the broker.",
        "UNSUPPORTED_FOR_MESSAGE_FORMAT": "Raise the topic's message.format.version, or leave out headers and "
            + "idempotence.",
        "POLICY_VIOLATION": "Ask whoever runs the cluster which policy that is.",
        "OUT_OF_ORDER_SEQUENCE_NUMBER": again,
        "UNKNOWN_PRODUCER_ID": again,
        "INVALID_PRODUCER_EPOCH": again,
        "PRODUCER_FENCED": "Run one producer only with this transactional.id.",
        "KAFKA_STORAGE_ERROR": "See to the broker's disk, then send these again.",
        "THROTTLING_QUOTA_EXCEEDED": "Raise the client's quota, or send more slowly.",
        "UNKNOWN_SERVER_ERROR": "Look into the broker's log for the cause, then send these again.",
        "INVALID_REQUEST": "Look into the broker's log: it says what it misses.",
    ]

    private static let cluster = "See that all brokers of the cluster run, then send these again."
    private static let again = "Send these again; look into the topic first if none of them may be there twice."

    /// Another error of a broker. What is named in no table here says what to do in its message.
    private static func unknown(_ kind: String) -> String? {
        ownMessages.contains(kind) ? nil : "Look into the broker's log, then send these again."
    }

    /// Kinds whose messages say what to do.
    private static let ownMessages: Set = [
        "RECORD_TOO_LARGE", "NO_BROKER_REACHABLE", "CONFIGURATION", "RECORD_NOT_HELD", "NO_RECORD",
    ]
}
