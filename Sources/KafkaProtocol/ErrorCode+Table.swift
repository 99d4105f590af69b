// SPDX-License-Identifier: Apache-2.0

/// What Kafka 4.3 knows of each error code.
extension ErrorCode {
    /// One row of the table below.
    struct Entry {
        var name: String
        var explanation: String
    }

    /// The code of the first row; the others follow without a gap.
    static let firstCode: Int16 = -1

    /// Kafka's name of each code, and what it means to the one who reads it in a log.
    static let table: [Entry] = [
        Entry(
            name: "UNKNOWN_SERVER_ERROR",
            explanation: "The broker met an error that it has no code for; its log tells more."
        ),
        Entry(name: "NONE", explanation: "No error."),
        Entry(name: "OFFSET_OUT_OF_RANGE", explanation: "The partition has no record at the offset asked for."),
        Entry(
            name: "CORRUPT_MESSAGE",
            explanation:
                "A record batch arrived with a wrong checksum, a wrong size or without a key on a compacted topic."
        ),
        Entry(name: "UNKNOWN_TOPIC_OR_PARTITION", explanation: "The broker does not know this topic or partition."),
        Entry(name: "INVALID_FETCH_SIZE", explanation: "A fetch asked for an impossible number of bytes."),
        Entry(
            name: "LEADER_NOT_AVAILABLE",
            explanation: "The partition has no leader at the moment, usually because one is being elected."
        ),
        Entry(
            name: "NOT_LEADER_OR_FOLLOWER",
            explanation: "The broker is not, or is no longer, the leader or a replica of this partition."
        ),
        Entry(name: "REQUEST_TIMED_OUT", explanation: "The request was not done in the time allowed."),
        Entry(name: "BROKER_NOT_AVAILABLE", explanation: "The broker needed is not running."),
        Entry(name: "REPLICA_NOT_AVAILABLE", explanation: "The replica asked for is not on this broker."),
        Entry(name: "MESSAGE_TOO_LARGE", explanation: "The record batch is larger than the topic's max.message.bytes."),
        Entry(name: "STALE_CONTROLLER_EPOCH", explanation: "Another controller has taken over."),
        Entry(name: "OFFSET_METADATA_TOO_LARGE", explanation: "The text committed along with an offset is too long."),
        Entry(name: "NETWORK_EXCEPTION", explanation: "The connection broke before the answer came."),
        Entry(name: "COORDINATOR_LOAD_IN_PROGRESS", explanation: "The coordinator is still reading its state."),
        Entry(name: "COORDINATOR_NOT_AVAILABLE", explanation: "There is no coordinator at the moment."),
        Entry(name: "NOT_COORDINATOR", explanation: "This broker is not the coordinator of the group or transaction."),
        Entry(
            name: "INVALID_TOPIC_EXCEPTION",
            explanation: "The topic's name is not allowed, or the topic is internal and may not be written."
        ),
        Entry(name: "RECORD_LIST_TOO_LARGE", explanation: "The record batch is larger than a log segment may be."),
        Entry(
            name: "NOT_ENOUGH_REPLICAS",
            explanation: "Fewer replicas are in sync than min.insync.replicas; nothing was written."
        ),
        Entry(
            name: "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
            explanation: "Fewer replicas are in sync than min.insync.replicas; the batch was written nevertheless."
        ),
        Entry(name: "INVALID_REQUIRED_ACKS", explanation: "Acks must be 0, 1 or -1."),
        Entry(name: "ILLEGAL_GENERATION", explanation: "The group has moved on to another generation."),
        Entry(name: "INCONSISTENT_GROUP_PROTOCOL", explanation: "The member has no protocol in common with its group."),
        Entry(name: "INVALID_GROUP_ID", explanation: "The group's id is not allowed."),
        Entry(name: "UNKNOWN_MEMBER_ID", explanation: "The coordinator does not know this member of the group."),
        Entry(name: "INVALID_SESSION_TIMEOUT", explanation: "The session timeout is outside of the broker's limits."),
        Entry(
            name: "REBALANCE_IN_PROGRESS",
            explanation: "The group is being rebalanced, and the member has to join again."
        ),
        Entry(name: "INVALID_COMMIT_OFFSET_SIZE", explanation: "The offsets to commit take too many bytes."),
        Entry(name: "TOPIC_AUTHORIZATION_FAILED", explanation: "The client has no right to do this to the topic."),
        Entry(name: "GROUP_AUTHORIZATION_FAILED", explanation: "The client has no right to use the group."),
        Entry(name: "CLUSTER_AUTHORIZATION_FAILED", explanation: "The client has no right to do this to the cluster."),
        Entry(
            name: "INVALID_TIMESTAMP",
            explanation: "A record's timestamp is further from the broker's clock than the topic allows."
        ),
        Entry(name: "UNSUPPORTED_SASL_MECHANISM", explanation: "The broker does not offer this SASL mechanism."),
        Entry(name: "ILLEGAL_SASL_STATE", explanation: "This request may not be sent at this point of authentication."),
        Entry(name: "UNSUPPORTED_VERSION", explanation: "The broker does not know this version of the request."),
        Entry(name: "TOPIC_ALREADY_EXISTS", explanation: "There is a topic of this name already."),
        Entry(name: "INVALID_PARTITIONS", explanation: "The number of partitions is not allowed."),
        Entry(
            name: "INVALID_REPLICATION_FACTOR",
            explanation: "The replication factor is below 1 or above the number of brokers."
        ),
        Entry(name: "INVALID_REPLICA_ASSIGNMENT", explanation: "Replicas cannot be placed on brokers in this way."),
        Entry(name: "INVALID_CONFIG", explanation: "A topic's or broker's setting is not allowed."),
        Entry(name: "NOT_CONTROLLER", explanation: "This broker is not the controller."),
        Entry(
            name: "INVALID_REQUEST",
            explanation: "The broker finds the request malformed or contradictory; its log tells more."
        ),
        Entry(
            name: "UNSUPPORTED_FOR_MESSAGE_FORMAT",
            explanation: "The topic's record format is too old for this request."
        ),
        Entry(name: "POLICY_VIOLATION", explanation: "A policy of the cluster forbids this."),
        Entry(
            name: "OUT_OF_ORDER_SEQUENCE_NUMBER",
            explanation: "A batch of this idempotent producer is missing before this one."
        ),
        Entry(
            name: "DUPLICATE_SEQUENCE_NUMBER",
            explanation: "The broker has this batch of the idempotent producer already."
        ),
        Entry(
            name: "INVALID_PRODUCER_EPOCH",
            explanation: "The producer's epoch is older than the one that the broker knows."
        ),
        Entry(name: "INVALID_TXN_STATE", explanation: "The transaction is in a state that does not allow this."),
        Entry(
            name: "INVALID_PRODUCER_ID_MAPPING",
            explanation: "The producer id does not belong to this transactional id."
        ),
        Entry(
            name: "INVALID_TRANSACTION_TIMEOUT",
            explanation: "The transaction timeout exceeds the broker's transaction.max.timeout.ms."
        ),
        Entry(
            name: "CONCURRENT_TRANSACTIONS",
            explanation: "The coordinator is still busy with the previous transaction of this producer."
        ),
        Entry(
            name: "TRANSACTION_COORDINATOR_FENCED",
            explanation: "Another coordinator has taken over the producer's transactions."
        ),
        Entry(
            name: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
            explanation: "The client has no right to use the transactional id."
        ),
        Entry(name: "SECURITY_DISABLED", explanation: "Security is switched off on the broker."),
        Entry(
            name: "OPERATION_NOT_ATTEMPTED",
            explanation: "The broker gave up before this part because another part of the request failed."
        ),
        Entry(name: "KAFKA_STORAGE_ERROR", explanation: "The broker's disk failed."),
        Entry(name: "LOG_DIR_NOT_FOUND", explanation: "The broker has no such log directory."),
        Entry(name: "SASL_AUTHENTICATION_FAILED", explanation: "The credentials were refused."),
        Entry(
            name: "UNKNOWN_PRODUCER_ID",
            explanation:
                "The broker has no state of this producer any more, for instance since its records were deleted by age."
        ),
        Entry(name: "REASSIGNMENT_IN_PROGRESS", explanation: "The partition's replicas are being moved."),
        Entry(name: "DELEGATION_TOKEN_AUTH_DISABLED", explanation: "The broker does not offer delegation tokens."),
        Entry(name: "DELEGATION_TOKEN_NOT_FOUND", explanation: "The broker does not know this delegation token."),
        Entry(
            name: "DELEGATION_TOKEN_OWNER_MISMATCH",
            explanation: "The principal is neither owner nor renewer of the delegation token."
        ),
        Entry(
            name: "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
            explanation: "Delegation tokens cannot be managed over a connection of this kind."
        ),
        Entry(
            name: "DELEGATION_TOKEN_AUTHORIZATION_FAILED",
            explanation: "The client has no right to this delegation token."
        ),
        Entry(name: "DELEGATION_TOKEN_EXPIRED", explanation: "The delegation token has expired."),
        Entry(name: "INVALID_PRINCIPAL_TYPE", explanation: "Principals of this type are not supported."),
        Entry(name: "NON_EMPTY_GROUP", explanation: "The group has members."),
        Entry(name: "GROUP_ID_NOT_FOUND", explanation: "There is no such group."),
        Entry(name: "FETCH_SESSION_ID_NOT_FOUND", explanation: "The broker does not know this fetch session."),
        Entry(name: "INVALID_FETCH_SESSION_EPOCH", explanation: "The fetch session is at another epoch."),
        Entry(
            name: "LISTENER_NOT_FOUND",
            explanation: "The partition's leader has no listener of the name that the request came in by."
        ),
        Entry(name: "TOPIC_DELETION_DISABLED", explanation: "Topics may not be deleted on this cluster."),
        Entry(name: "FENCED_LEADER_EPOCH", explanation: "The request names a leader epoch that has passed."),
        Entry(
            name: "UNKNOWN_LEADER_EPOCH",
            explanation: "The request names a leader epoch that the broker has not heard of yet."
        ),
        Entry(
            name: "UNSUPPORTED_COMPRESSION_TYPE",
            explanation: "The codec needs a newer version of the request, or is not known."
        ),
        Entry(name: "STALE_BROKER_EPOCH", explanation: "The broker has registered anew since."),
        Entry(
            name: "OFFSET_NOT_AVAILABLE",
            explanation: "A new leader does not know yet up to where records are committed."
        ),
        Entry(name: "MEMBER_ID_REQUIRED", explanation: "The member has to ask for an id before it joins the group."),
        Entry(name: "PREFERRED_LEADER_NOT_AVAILABLE", explanation: "The partition's preferred leader is not running."),
        Entry(name: "GROUP_MAX_SIZE_REACHED", explanation: "The group is full."),
        Entry(name: "FENCED_INSTANCE_ID", explanation: "Another member of the group uses the same instance id."),
        Entry(
            name: "ELIGIBLE_LEADERS_NOT_AVAILABLE",
            explanation: "No replica that could lead the partition is running."
        ),
        Entry(name: "ELECTION_NOT_NEEDED", explanation: "The partition has the leader it should have."),
        Entry(name: "NO_REASSIGNMENT_IN_PROGRESS", explanation: "The partition's replicas are not being moved."),
        Entry(
            name: "GROUP_SUBSCRIBED_TO_TOPIC",
            explanation: "Offsets cannot be deleted while the group reads the topic."
        ),
        Entry(name: "INVALID_RECORD", explanation: "The broker refused a record of the batch."),
        Entry(name: "UNSTABLE_OFFSET_COMMIT", explanation: "Offsets of an open transaction are pending."),
        Entry(name: "THROTTLING_QUOTA_EXCEEDED", explanation: "The client has used up its quota for now."),
        Entry(name: "PRODUCER_FENCED", explanation: "A newer producer with the same transactional id has taken over."),
        Entry(name: "RESOURCE_NOT_FOUND", explanation: "The request names a resource that does not exist."),
        Entry(name: "DUPLICATE_RESOURCE", explanation: "The request names a resource twice."),
        Entry(name: "UNACCEPTABLE_CREDENTIAL", explanation: "The new credential breaks the broker's rules."),
        Entry(name: "INCONSISTENT_VOTER_SET", explanation: "Sender or receiver is not one of the expected voters."),
        Entry(name: "INVALID_UPDATE_VERSION", explanation: "The update has a wrong version."),
        Entry(name: "FEATURE_UPDATE_FAILED", explanation: "The cluster's features could not be changed."),
        Entry(
            name: "PRINCIPAL_DESERIALIZATION_FAILURE",
            explanation: "The controller could not read the principal of a forwarded request."
        ),
        Entry(name: "SNAPSHOT_NOT_FOUND", explanation: "There is no such snapshot."),
        Entry(name: "POSITION_OUT_OF_RANGE", explanation: "The position lies outside of the snapshot."),
        Entry(name: "UNKNOWN_TOPIC_ID", explanation: "The broker does not know a topic of this id."),
        Entry(name: "DUPLICATE_BROKER_REGISTRATION", explanation: "The broker's id is taken."),
        Entry(name: "BROKER_ID_NOT_REGISTERED", explanation: "No broker has registered with this id."),
        Entry(name: "INCONSISTENT_TOPIC_ID", explanation: "The partition's log belongs to a topic of another id."),
        Entry(name: "INCONSISTENT_CLUSTER_ID", explanation: "The request is meant for another cluster."),
        Entry(name: "TRANSACTIONAL_ID_NOT_FOUND", explanation: "The coordinator does not know this transactional id."),
        Entry(name: "FETCH_SESSION_TOPIC_ID_ERROR", explanation: "A fetch session mixes topic names and topic ids."),
        Entry(name: "INELIGIBLE_REPLICA", explanation: "A replica named as in sync may not be that."),
        Entry(
            name: "NEW_LEADER_ELECTED",
            explanation: "The change was made, and the partition has another leader now."
        ),
        Entry(name: "OFFSET_MOVED_TO_TIERED_STORAGE", explanation: "The records asked for lie in tiered storage."),
        Entry(
            name: "FENCED_MEMBER_EPOCH",
            explanation: "The group member was fenced and has to join again without its partitions."
        ),
        Entry(name: "UNRELEASED_INSTANCE_ID", explanation: "A member that has not left yet holds the instance id."),
        Entry(name: "UNSUPPORTED_ASSIGNOR", explanation: "The group does not support this assignor."),
        Entry(
            name: "STALE_MEMBER_EPOCH",
            explanation: "The group member's epoch is old; the next heartbeat brings the new one."
        ),
        Entry(
            name: "MISMATCHED_ENDPOINT_TYPE",
            explanation: "The request went to a controller instead of a broker, or the reverse."
        ),
        Entry(name: "UNSUPPORTED_ENDPOINT_TYPE", explanation: "Endpoints of this type are not supported."),
        Entry(name: "UNKNOWN_CONTROLLER_ID", explanation: "There is no controller of this id."),
        Entry(name: "UNKNOWN_SUBSCRIPTION_ID", explanation: "The telemetry subscription is unknown or out of date."),
        Entry(name: "TELEMETRY_TOO_LARGE", explanation: "The client sent more telemetry than the broker takes."),
        Entry(name: "INVALID_REGISTRATION", explanation: "The controller refused the broker's registration."),
        Entry(
            name: "TRANSACTION_ABORTABLE",
            explanation: "The transaction failed and has to be aborted; the producer can go on after that."
        ),
        Entry(name: "INVALID_RECORD_STATE", explanation: "The record's delivery cannot be acknowledged in its state."),
        Entry(name: "SHARE_SESSION_NOT_FOUND", explanation: "The broker does not know this share session."),
        Entry(name: "INVALID_SHARE_SESSION_EPOCH", explanation: "The share session is at another epoch."),
        Entry(name: "FENCED_STATE_EPOCH", explanation: "The share group's state is at another epoch."),
        Entry(name: "INVALID_VOTER_KEY", explanation: "The voter's key is not that of the receiving replica."),
        Entry(name: "DUPLICATE_VOTER", explanation: "The voter is in the set of voters already."),
        Entry(name: "VOTER_NOT_FOUND", explanation: "The voter is not in the set of voters."),
        Entry(name: "INVALID_REGULAR_EXPRESSION", explanation: "The regular expression cannot be parsed."),
        Entry(
            name: "REBOOTSTRAP_REQUIRED",
            explanation: "The client's metadata is too old; it should start again from its bootstrap servers."
        ),
        Entry(name: "STREAMS_INVALID_TOPOLOGY", explanation: "The streams topology is not valid."),
        Entry(name: "STREAMS_INVALID_TOPOLOGY_EPOCH", explanation: "The streams topology's epoch is not valid."),
        Entry(name: "STREAMS_TOPOLOGY_FENCED", explanation: "The streams topology's epoch has passed."),
        Entry(name: "SHARE_SESSION_LIMIT_REACHED", explanation: "The broker has as many share sessions as it allows."),
    ]
}
