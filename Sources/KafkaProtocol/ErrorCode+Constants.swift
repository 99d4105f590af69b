// SPDX-License-Identifier: Apache-2.0

/// Swift names for all error codes of Kafka 4.3.
extension ErrorCode {
    /// The broker met an error that it has no code for; its log tells more.
    public static let unknownServerError = ErrorCode(rawValue: -1)
    /// No error.
    public static let none = ErrorCode(rawValue: 0)
    /// The partition has no record at the offset asked for.
    public static let offsetOutOfRange = ErrorCode(rawValue: 1)
    /// A record batch arrived with a wrong checksum, a wrong size or without a key on a compacted topic.
    public static let corruptMessage = ErrorCode(rawValue: 2)
    /// The broker does not know this topic or partition.
    public static let unknownTopicOrPartition = ErrorCode(rawValue: 3)
    /// A fetch asked for an impossible number of bytes.
    public static let invalidFetchSize = ErrorCode(rawValue: 4)
    /// The partition has no leader at the moment, usually because one is being elected.
    public static let leaderNotAvailable = ErrorCode(rawValue: 5)
    /// The broker is not, or is no longer, the leader or a replica of this partition.
    public static let notLeaderOrFollower = ErrorCode(rawValue: 6)
    /// The request was not done in the time allowed.
    public static let requestTimedOut = ErrorCode(rawValue: 7)
    /// The broker needed is not running.
    public static let brokerNotAvailable = ErrorCode(rawValue: 8)
    /// The replica asked for is not on this broker.
    public static let replicaNotAvailable = ErrorCode(rawValue: 9)
    /// The record batch is larger than the topic's max.message.bytes.
    public static let messageTooLarge = ErrorCode(rawValue: 10)
    /// Another controller has taken over.
    public static let staleControllerEpoch = ErrorCode(rawValue: 11)
    /// The text committed along with an offset is too long.
    public static let offsetMetadataTooLarge = ErrorCode(rawValue: 12)
    /// The connection broke before the answer came.
    public static let networkException = ErrorCode(rawValue: 13)
    /// The coordinator is still reading its state.
    public static let coordinatorLoadInProgress = ErrorCode(rawValue: 14)
    /// There is no coordinator at the moment.
    public static let coordinatorNotAvailable = ErrorCode(rawValue: 15)
    /// This broker is not the coordinator of the group or transaction.
    public static let notCoordinator = ErrorCode(rawValue: 16)
    /// The topic's name is not allowed, or the topic is internal and may not be written.
    public static let invalidTopic = ErrorCode(rawValue: 17)
    /// The record batch is larger than a log segment may be.
    public static let recordListTooLarge = ErrorCode(rawValue: 18)
    /// Fewer replicas are in sync than min.insync.replicas; nothing was written.
    public static let notEnoughReplicas = ErrorCode(rawValue: 19)
    /// Fewer replicas are in sync than min.insync.replicas; the batch was written nevertheless.
    public static let notEnoughReplicasAfterAppend = ErrorCode(rawValue: 20)
    /// Acks must be 0, 1 or -1.
    public static let invalidRequiredAcks = ErrorCode(rawValue: 21)
    /// The group has moved on to another generation.
    public static let illegalGeneration = ErrorCode(rawValue: 22)
    /// The member has no protocol in common with its group.
    public static let inconsistentGroupProtocol = ErrorCode(rawValue: 23)
    /// The group's id is not allowed.
    public static let invalidGroupID = ErrorCode(rawValue: 24)
    /// The coordinator does not know this member of the group.
    public static let unknownMemberID = ErrorCode(rawValue: 25)
    /// The session timeout is outside of the broker's limits.
    public static let invalidSessionTimeout = ErrorCode(rawValue: 26)
    /// The group is being rebalanced, and the member has to join again.
    public static let rebalanceInProgress = ErrorCode(rawValue: 27)
    /// The offsets to commit take too many bytes.
    public static let invalidCommitOffsetSize = ErrorCode(rawValue: 28)
    /// The client has no right to do this to the topic.
    public static let topicAuthorizationFailed = ErrorCode(rawValue: 29)
    /// The client has no right to use the group.
    public static let groupAuthorizationFailed = ErrorCode(rawValue: 30)
    /// The client has no right to do this to the cluster.
    public static let clusterAuthorizationFailed = ErrorCode(rawValue: 31)
    /// A record's timestamp is further from the broker's clock than the topic allows.
    public static let invalidTimestamp = ErrorCode(rawValue: 32)
    /// The broker does not offer this SASL mechanism.
    public static let unsupportedSASLMechanism = ErrorCode(rawValue: 33)
    /// This request may not be sent at this point of authentication.
    public static let illegalSASLState = ErrorCode(rawValue: 34)
    /// The broker does not know this version of the request.
    public static let unsupportedVersion = ErrorCode(rawValue: 35)
    /// There is a topic of this name already.
    public static let topicAlreadyExists = ErrorCode(rawValue: 36)
    /// The number of partitions is not allowed.
    public static let invalidPartitions = ErrorCode(rawValue: 37)
    /// The replication factor is below 1 or above the number of brokers.
    public static let invalidReplicationFactor = ErrorCode(rawValue: 38)
    /// Replicas cannot be placed on brokers in this way.
    public static let invalidReplicaAssignment = ErrorCode(rawValue: 39)
    /// A topic's or broker's setting is not allowed.
    public static let invalidConfig = ErrorCode(rawValue: 40)
    /// This broker is not the controller.
    public static let notController = ErrorCode(rawValue: 41)
    /// The broker finds the request malformed or contradictory; its log tells more.
    public static let invalidRequest = ErrorCode(rawValue: 42)
    /// The topic's record format is too old for this request.
    public static let unsupportedForMessageFormat = ErrorCode(rawValue: 43)
    /// A policy of the cluster forbids this.
    public static let policyViolation = ErrorCode(rawValue: 44)
    /// A batch of this idempotent producer is missing before this one.
    public static let outOfOrderSequenceNumber = ErrorCode(rawValue: 45)
    /// The broker has this batch of the idempotent producer already.
    public static let duplicateSequenceNumber = ErrorCode(rawValue: 46)
    /// The producer's epoch is older than the one that the broker knows.
    public static let invalidProducerEpoch = ErrorCode(rawValue: 47)
    /// The transaction is in a state that does not allow this.
    public static let invalidTransactionState = ErrorCode(rawValue: 48)
    /// The producer id does not belong to this transactional id.
    public static let invalidProducerIDMapping = ErrorCode(rawValue: 49)
    /// The transaction timeout exceeds the broker's transaction.max.timeout.ms.
    public static let invalidTransactionTimeout = ErrorCode(rawValue: 50)
    /// The coordinator is still busy with the previous transaction of this producer.
    public static let concurrentTransactions = ErrorCode(rawValue: 51)
    /// Another coordinator has taken over the producer's transactions.
    public static let transactionCoordinatorFenced = ErrorCode(rawValue: 52)
    /// The client has no right to use the transactional id.
    public static let transactionalIDAuthorizationFailed = ErrorCode(rawValue: 53)
    /// Security is switched off on the broker.
    public static let securityDisabled = ErrorCode(rawValue: 54)
    /// The broker gave up before this part because another part of the request failed.
    public static let operationNotAttempted = ErrorCode(rawValue: 55)
    /// The broker's disk failed.
    public static let kafkaStorageError = ErrorCode(rawValue: 56)
    /// The broker has no such log directory.
    public static let logDirectoryNotFound = ErrorCode(rawValue: 57)
    /// The credentials were refused.
    public static let saslAuthenticationFailed = ErrorCode(rawValue: 58)
    /// The broker has no state of this producer any more, for instance since its records were deleted by age.
    public static let unknownProducerID = ErrorCode(rawValue: 59)
    /// The partition's replicas are being moved.
    public static let reassignmentInProgress = ErrorCode(rawValue: 60)
    /// The broker does not offer delegation tokens.
    public static let delegationTokenAuthDisabled = ErrorCode(rawValue: 61)
    /// The broker does not know this delegation token.
    public static let delegationTokenNotFound = ErrorCode(rawValue: 62)
    /// The principal is neither owner nor renewer of the delegation token.
    public static let delegationTokenOwnerMismatch = ErrorCode(rawValue: 63)
    /// Delegation tokens cannot be managed over a connection of this kind.
    public static let delegationTokenRequestNotAllowed = ErrorCode(rawValue: 64)
    /// The client has no right to this delegation token.
    public static let delegationTokenAuthorizationFailed = ErrorCode(rawValue: 65)
    /// The delegation token has expired.
    public static let delegationTokenExpired = ErrorCode(rawValue: 66)
    /// Principals of this type are not supported.
    public static let invalidPrincipalType = ErrorCode(rawValue: 67)
    /// The group has members.
    public static let nonEmptyGroup = ErrorCode(rawValue: 68)
    /// There is no such group.
    public static let groupIDNotFound = ErrorCode(rawValue: 69)
    /// The broker does not know this fetch session.
    public static let fetchSessionIDNotFound = ErrorCode(rawValue: 70)
    /// The fetch session is at another epoch.
    public static let invalidFetchSessionEpoch = ErrorCode(rawValue: 71)
    /// The partition's leader has no listener of the name that the request came in by.
    public static let listenerNotFound = ErrorCode(rawValue: 72)
    /// Topics may not be deleted on this cluster.
    public static let topicDeletionDisabled = ErrorCode(rawValue: 73)
    /// The request names a leader epoch that has passed.
    public static let fencedLeaderEpoch = ErrorCode(rawValue: 74)
    /// The request names a leader epoch that the broker has not heard of yet.
    public static let unknownLeaderEpoch = ErrorCode(rawValue: 75)
    /// The codec needs a newer version of the request, or is not known.
    public static let unsupportedCompressionType = ErrorCode(rawValue: 76)
    /// The broker has registered anew since.
    public static let staleBrokerEpoch = ErrorCode(rawValue: 77)
    /// A new leader does not know yet up to where records are committed.
    public static let offsetNotAvailable = ErrorCode(rawValue: 78)
    /// The member has to ask for an id before it joins the group.
    public static let memberIDRequired = ErrorCode(rawValue: 79)
    /// The partition's preferred leader is not running.
    public static let preferredLeaderNotAvailable = ErrorCode(rawValue: 80)
    /// The group is full.
    public static let groupMaxSizeReached = ErrorCode(rawValue: 81)
    /// Another member of the group uses the same instance id.
    public static let fencedInstanceID = ErrorCode(rawValue: 82)
    /// No replica that could lead the partition is running.
    public static let eligibleLeadersNotAvailable = ErrorCode(rawValue: 83)
    /// The partition has the leader it should have.
    public static let electionNotNeeded = ErrorCode(rawValue: 84)
    /// The partition's replicas are not being moved.
    public static let noReassignmentInProgress = ErrorCode(rawValue: 85)
    /// Offsets cannot be deleted while the group reads the topic.
    public static let groupSubscribedToTopic = ErrorCode(rawValue: 86)
    /// The broker refused a record of the batch.
    public static let invalidRecord = ErrorCode(rawValue: 87)
    /// Offsets of an open transaction are pending.
    public static let unstableOffsetCommit = ErrorCode(rawValue: 88)
    /// The client has used up its quota for now.
    public static let throttlingQuotaExceeded = ErrorCode(rawValue: 89)
    /// A newer producer with the same transactional id has taken over.
    public static let producerFenced = ErrorCode(rawValue: 90)
    /// The request names a resource that does not exist.
    public static let resourceNotFound = ErrorCode(rawValue: 91)
    /// The request names a resource twice.
    public static let duplicateResource = ErrorCode(rawValue: 92)
    /// The new credential breaks the broker's rules.
    public static let unacceptableCredential = ErrorCode(rawValue: 93)
    /// Sender or receiver is not one of the expected voters.
    public static let inconsistentVoterSet = ErrorCode(rawValue: 94)
    /// The update has a wrong version.
    public static let invalidUpdateVersion = ErrorCode(rawValue: 95)
    /// The cluster's features could not be changed.
    public static let featureUpdateFailed = ErrorCode(rawValue: 96)
    /// The controller could not read the principal of a forwarded request.
    public static let principalDeserializationFailure = ErrorCode(rawValue: 97)
    /// There is no such snapshot.
    public static let snapshotNotFound = ErrorCode(rawValue: 98)
    /// The position lies outside of the snapshot.
    public static let positionOutOfRange = ErrorCode(rawValue: 99)
    /// The broker does not know a topic of this id.
    public static let unknownTopicID = ErrorCode(rawValue: 100)
    /// The broker's id is taken.
    public static let duplicateBrokerRegistration = ErrorCode(rawValue: 101)
    /// No broker has registered with this id.
    public static let brokerIDNotRegistered = ErrorCode(rawValue: 102)
    /// The partition's log belongs to a topic of another id.
    public static let inconsistentTopicID = ErrorCode(rawValue: 103)
    /// The request is meant for another cluster.
    public static let inconsistentClusterID = ErrorCode(rawValue: 104)
    /// The coordinator does not know this transactional id.
    public static let transactionalIDNotFound = ErrorCode(rawValue: 105)
    /// A fetch session mixes topic names and topic ids.
    public static let fetchSessionTopicIDError = ErrorCode(rawValue: 106)
    /// A replica named as in sync may not be that.
    public static let ineligibleReplica = ErrorCode(rawValue: 107)
    /// The change was made, and the partition has another leader now.
    public static let newLeaderElected = ErrorCode(rawValue: 108)
    /// The records asked for lie in tiered storage.
    public static let offsetMovedToTieredStorage = ErrorCode(rawValue: 109)
    /// The group member was fenced and has to join again without its partitions.
    public static let fencedMemberEpoch = ErrorCode(rawValue: 110)
    /// A member that has not left yet holds the instance id.
    public static let unreleasedInstanceID = ErrorCode(rawValue: 111)
    /// The group does not support this assignor.
    public static let unsupportedAssignor = ErrorCode(rawValue: 112)
    /// The group member's epoch is old; the next heartbeat brings the new one.
    public static let staleMemberEpoch = ErrorCode(rawValue: 113)
    /// The request went to a controller instead of a broker, or the reverse.
    public static let mismatchedEndpointType = ErrorCode(rawValue: 114)
    /// Endpoints of this type are not supported.
    public static let unsupportedEndpointType = ErrorCode(rawValue: 115)
    /// There is no controller of this id.
    public static let unknownControllerID = ErrorCode(rawValue: 116)
    /// The telemetry subscription is unknown or out of date.
    public static let unknownSubscriptionID = ErrorCode(rawValue: 117)
    /// The client sent more telemetry than the broker takes.
    public static let telemetryTooLarge = ErrorCode(rawValue: 118)
    /// The controller refused the broker's registration.
    public static let invalidRegistration = ErrorCode(rawValue: 119)
    /// The transaction failed and has to be aborted; the producer can go on after that.
    public static let transactionAbortable = ErrorCode(rawValue: 120)
    /// The record's delivery cannot be acknowledged in its state.
    public static let invalidRecordState = ErrorCode(rawValue: 121)
    /// The broker does not know this share session.
    public static let shareSessionNotFound = ErrorCode(rawValue: 122)
    /// The share session is at another epoch.
    public static let invalidShareSessionEpoch = ErrorCode(rawValue: 123)
    /// The share group's state is at another epoch.
    public static let fencedStateEpoch = ErrorCode(rawValue: 124)
    /// The voter's key is not that of the receiving replica.
    public static let invalidVoterKey = ErrorCode(rawValue: 125)
    /// The voter is in the set of voters already.
    public static let duplicateVoter = ErrorCode(rawValue: 126)
    /// The voter is not in the set of voters.
    public static let voterNotFound = ErrorCode(rawValue: 127)
    /// The regular expression cannot be parsed.
    public static let invalidRegularExpression = ErrorCode(rawValue: 128)
    /// The client's metadata is too old; it should start again from its bootstrap servers.
    public static let rebootstrapRequired = ErrorCode(rawValue: 129)
    /// The streams topology is not valid.
    public static let streamsInvalidTopology = ErrorCode(rawValue: 130)
    /// The streams topology's epoch is not valid.
    public static let streamsInvalidTopologyEpoch = ErrorCode(rawValue: 131)
    /// The streams topology's epoch has passed.
    public static let streamsTopologyFenced = ErrorCode(rawValue: 132)
    /// The broker has as many share sessions as it allows.
    public static let shareSessionLimitReached = ErrorCode(rawValue: 133)
}
