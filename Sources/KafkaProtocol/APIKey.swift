// SPDX-License-Identifier: Apache-2.0

/// The number that says which API a request calls.
public struct APIKey: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int16

    /// The API of this number, known or not.
    public init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// The API of number 0.
    public init() {
        self = .produce
    }

    /// Writes record batches.
    public static let produce = APIKey(rawValue: 0)
    /// Reads record batches.
    public static let fetch = APIKey(rawValue: 1)
    /// Finds offsets by timestamp.
    public static let listOffsets = APIKey(rawValue: 2)
    /// Tells brokers, topics, partitions and leaders.
    public static let metadata = APIKey(rawValue: 3)
    /// Commits offsets of a group.
    public static let offsetCommit = APIKey(rawValue: 8)
    /// Reads committed offsets of a group.
    public static let offsetFetch = APIKey(rawValue: 9)
    /// Finds the coordinator of a group or transaction.
    public static let findCoordinator = APIKey(rawValue: 10)
    /// Makes a client a member of a group.
    public static let joinGroup = APIKey(rawValue: 11)
    /// Keeps a member in its group.
    public static let heartbeat = APIKey(rawValue: 12)
    /// Takes members out of a group.
    public static let leaveGroup = APIKey(rawValue: 13)
    /// Hands the leader's assignments to the members of a group.
    public static let syncGroup = APIKey(rawValue: 14)
    /// Tells the members of groups.
    public static let describeGroups = APIKey(rawValue: 15)
    /// Lists the groups that a broker coordinates.
    public static let listGroups = APIKey(rawValue: 16)
    /// Begins SASL authentication.
    public static let saslHandshake = APIKey(rawValue: 17)
    /// Tells which versions of which APIs a broker serves.
    public static let apiVersions = APIKey(rawValue: 18)
    /// Creates topics.
    public static let createTopics = APIKey(rawValue: 19)
    /// Deletes topics.
    public static let deleteTopics = APIKey(rawValue: 20)
    /// Deletes the oldest records of partitions.
    public static let deleteRecords = APIKey(rawValue: 21)
    /// Hands out producer ids and epochs.
    public static let initProducerID = APIKey(rawValue: 22)
    /// Tells where the records of a leader epoch end.
    public static let offsetForLeaderEpoch = APIKey(rawValue: 23)
    /// Adds partitions to a transaction.
    public static let addPartitionsToTransaction = APIKey(rawValue: 24)
    /// Adds a group's offsets to a transaction.
    public static let addOffsetsToTransaction = APIKey(rawValue: 25)
    /// Commits or aborts a transaction.
    public static let endTransaction = APIKey(rawValue: 26)
    /// Ends transactions in the logs of partitions.
    public static let writeTransactionMarkers = APIKey(rawValue: 27)
    /// Commits a group's offsets within a transaction.
    public static let transactionOffsetCommit = APIKey(rawValue: 28)
    /// Tells settings of topics and brokers.
    public static let describeConfigs = APIKey(rawValue: 32)
    /// Carries a step of SASL authentication.
    public static let saslAuthenticate = APIKey(rawValue: 36)
    /// Gives topics more partitions.
    public static let createPartitions = APIKey(rawValue: 37)
    /// Deletes groups without members.
    public static let deleteGroups = APIKey(rawValue: 42)
    /// Changes settings of topics and brokers.
    public static let incrementalAlterConfigs = APIKey(rawValue: 44)
    /// Deletes committed offsets of a group.
    public static let offsetDelete = APIKey(rawValue: 47)
    /// Tells the brokers of the cluster.
    public static let describeCluster = APIKey(rawValue: 60)
    /// Tells who may do what.
    public static let describeAcls = APIKey(rawValue: 29)
    /// Says who may do what.
    public static let createAcls = APIKey(rawValue: 30)
    /// Takes back who may do what.
    public static let deleteAcls = APIKey(rawValue: 31)
    /// Gives topics and brokers other settings.
    public static let alterConfigs = APIKey(rawValue: 33)
    /// Tells how large the logs of a broker are.
    public static let describeLogDirs = APIKey(rawValue: 35)
    /// Makes replicas leaders.
    public static let electLeaders = APIKey(rawValue: 43)
    /// Tells which partitions move to other brokers.
    public static let listPartitionReassignments = APIKey(rawValue: 46)
    /// Tells how much clients may do.
    public static let describeClientQuotas = APIKey(rawValue: 48)
    /// Says how much clients may do.
    public static let alterClientQuotas = APIKey(rawValue: 49)
    /// Tells which producers partitions know.
    public static let describeProducers = APIKey(rawValue: 61)
    /// Tells how transactions stand.
    public static let describeTransactions = APIKey(rawValue: 65)
    /// Lists the transactional ids that a broker coordinates.
    public static let listTransactions = APIKey(rawValue: 66)
    /// Tells a client which of its metrics are wanted.
    public static let getTelemetrySubscriptions = APIKey(rawValue: 71)
    /// Brings a client's metrics.
    public static let pushTelemetry = APIKey(rawValue: 72)

    /// Kafka's name, such as `Produce`, or `UnknownApi(n)`.
    public var name: String {
        entry?.name ?? "UnknownApi(\(rawValue))"
    }

    /// The name.
    public var description: String { name }

    /// Whether `version` of this API has compact lengths and tagged fields (KIP-482).
    public func isFlexible(_ version: Int16) -> Bool {
        entry?.firstFlexibleVersion.map { version >= $0 } ?? false
    }

    /// The version of the header before a request: 2 in flexible versions, else 1, and 0 for `ControlledShutdown` 0.
    public func requestHeaderVersion(of version: Int16) -> Int16 {
        if isFlexible(version) { return 2 }
        return self == Self.controlledShutdown && version == 0 ? 0 : 1
    }

    /// The version of the header before a response: 1 in flexible versions, else 0. Always 0 for `ApiVersions`, so that
    /// a client can read the answer of a broker whose versions it does not know yet (KIP-511).
    public func responseHeaderVersion(of version: Int16) -> Int16 {
        isFlexible(version) && self != .apiVersions ? 1 : 0
    }

    private static let controlledShutdown = APIKey(rawValue: 7)

    private var entry: Entry? {
        let index = Int(rawValue)
        return Self.table.indices.contains(index) ? Self.table[index] : nil
    }
}
