// SPDX-License-Identifier: Apache-2.0

/// A broker's word on how a request went. Codes that this library does not know are kept as they came.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int16

    /// The code of this number, known or not.
    public init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// No error.
    public init() {
        self = .none
    }

    /// Kafka's name, such as `NOT_LEADER_OR_FOLLOWER`, or `UNKNOWN_ERROR_CODE(n)`.
    public var name: String {
        entry?.name ?? "UNKNOWN_ERROR_CODE(\(rawValue))"
    }

    /// One sentence for people.
    public var explanation: String {
        entry?.explanation ?? "The broker is newer than this client and reports an error that the client does not know."
    }

    /// Whether the same request may succeed later, or at another broker: the codes for which the Java client raises a
    /// `RetriableException`.
    public var isRetriable: Bool {
        invalidatesMetadata || Self.otherRetriable.contains(self)
    }

    /// Whether the client's view of the cluster is out of date and should be asked for again: the codes for which the
    /// Java client raises an `InvalidMetadataException`. All of them are retriable.
    public var invalidatesMetadata: Bool {
        Self.invalidatingMetadata.contains(self)
    }

    /// The name.
    public var description: String { name }

    private var entry: Entry? {
        let index = Int(rawValue) - Int(Self.firstCode)
        return Self.table.indices.contains(index) ? Self.table[index] : nil
    }

    private static let invalidatingMetadata: Set<ErrorCode> = [
        .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower, .replicaNotAvailable, .networkException,
        .kafkaStorageError, .listenerNotFound, .fencedLeaderEpoch, .preferredLeaderNotAvailable,
        .eligibleLeadersNotAvailable, .electionNotNeeded, .unknownTopicID, .inconsistentTopicID,
    ]

    private static let otherRetriable: Set<ErrorCode> = [
        .corruptMessage, .requestTimedOut, .coordinatorLoadInProgress, .coordinatorNotAvailable, .notCoordinator,
        .notEnoughReplicas, .notEnoughReplicasAfterAppend, .notController, .concurrentTransactions,
        .fetchSessionIDNotFound, .invalidFetchSessionEpoch, .unknownLeaderEpoch, .offsetNotAvailable,
        .unstableOffsetCommit, .throttlingQuotaExceeded, .fetchSessionTopicIDError, .shareSessionNotFound,
        .invalidShareSessionEpoch, .shareSessionLimitReached,
    ]
}
