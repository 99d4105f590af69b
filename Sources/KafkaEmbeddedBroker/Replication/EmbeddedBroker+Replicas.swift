// SPDX-License-Identifier: Apache-2.0

/// What a test can do to brokers and replicas beside what `EmbeddedBroker+Faults.swift` has.
extension EmbeddedBroker {
    /// How a partition stands.
    public struct PartitionDescription: Sendable, Hashable {
        /// Node id of the leader; nil for none.
        public let leader: Int?
        /// Rises whenever another broker becomes the leader.
        public let leaderEpoch: Int
        /// Node ids of all replicas, the preferred leader first.
        public let replicas: [Int]
        /// Those that are in sync.
        public let inSyncReplicas: [Int]
        /// Consumers read up to there, and no further.
        public let highWatermark: Int64
        /// Where the log of each replica ends, by node id.
        public let logEndOffsets: [Int: Int64]
    }

    /// How a partition stands.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    /// - Throws: When there is no such partition, or the broker was stopped.
    /// - Returns: Leader, replicas and offsets.
    public func describe(topic: String, partition: Int) async throws(EmbeddedBrokerError) -> PartitionDescription {
        try await withServer { server throws(EmbeddedBrokerError) in
            let found = try server.partition(topic, partition).partition
            return PartitionDescription(found, inSync: server.cluster.inSync(found))
        }
    }

    /// Takes one broker down at once: its connections and its port are closed, what it had in hand is lost, and its followers
    /// have no time to fetch what they do not have. What it has written stays there. Others in sync lead its partitions.
    ///
    /// - Parameter node: Its node id. ``start(node:)`` brings it back.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func kill(node: Int) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in server.takeDown(try server.nodeID(node), .killed) }
    }

    /// Lets one broker answer nothing, neither to clients nor to other brokers; it takes connections. After
    /// ``Configuration/brokerSessionTimeout`` the others lead its partitions.
    ///
    /// - Parameter node: Its node id.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func freeze(node: Int) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in server.freeze(try server.nodeID(node)) }
    }

    /// Lets a broker answer again, first what it was asked meanwhile.
    ///
    /// - Parameter node: Its node id.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func thaw(node: Int) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in server.thaw(try server.nodeID(node)) }
    }

    /// Parts a broker from others: neither fetches from the other. Clients reach all of them.
    ///
    /// - Parameters:
    ///   - node: Its node id.
    ///   - others: Node ids of those that it is parted from; nil for all.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func part(node: Int, from others: [Int]? = nil) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in
            let nodeID = try server.nodeID(node)
            var nodes = server.cluster.nodes.map(\.id)
            if let others { nodes = try others.map { other throws(EmbeddedBrokerError) in try server.nodeID(other) } }
            server.cluster.changeLinks { links in for other in nodes { links.part(nodeID, other) } }
        }
    }

    /// Lets all brokers reach each other again.
    ///
    /// - Throws: When the cluster was stopped.
    public func heal() async throws(EmbeddedBrokerError) {
        try await withServer { server in server.cluster.changeLinks { $0.healAll() } }
    }

    /// Lets the first replica of each partition lead again where it runs and is in sync.
    ///
    /// - Throws: When the cluster was stopped.
    public func electPreferredLeaders() async throws(EmbeddedBrokerError) {
        try await withServer { server in
            server.cluster.forEachReplicated { partition, _ in _ = server.cluster.electPreferred(partition) }
        }
    }

    /// How many records replicas have cut off so far since their leader did not have them; one that two replicas had counts twice.
    public var recordsCutOff: Int {
        get async {
            let count = try? await withServer { server in
                var count: Int64 = 0
                server.cluster.forEachReplicated { _, set in count += set.replicas.reduce(0) { $0 + $1.cutOff } }
                return Int(count)
            }
            return count ?? 0
        }
    }

    /// Lets followers fetch nothing, until ``releaseReplication()``, but what ``replicate()`` has them fetch.
    ///
    /// - Throws: When the cluster was stopped.
    public func holdReplication() async throws(EmbeddedBrokerError) {
        try await withServer { server in server.cluster.replicator.isHeld = true }
    }

    /// Lets followers fetch again.
    ///
    /// - Throws: When the cluster was stopped.
    public func releaseReplication() async throws(EmbeddedBrokerError) {
        try await withServer { server in
            server.cluster.replicator.isHeld = false
            server.cluster.forEachReplicated { partition, _ in server.cluster.replicator.needed(by: partition) }
        }
    }

    /// Lets each follower that can reach its leader fetch once, a megabyte at most.
    ///
    /// - Throws: When the cluster was stopped.
    public func replicate() async throws(EmbeddedBrokerError) {
        try await withServer { server in
            server.cluster.forEachReplicated { partition, _ in server.cluster.replicator.replicate(partition) }
        }
    }
}

extension EmbeddedBroker.PartitionDescription {
    init(_ partition: Partition, inSync: [Int32]) {
        leader = partition.leader == Partition.noLeader ? nil : Int(partition.leader)
        leaderEpoch = Int(partition.leaderEpoch)
        replicas = partition.replicas.map { Int($0) }
        inSyncReplicas = inSync.map { Int($0) }
        highWatermark = partition.log.highWatermark
        logEndOffsets = partition.replicas.reduce(into: [:]) { ends, node in
            ends[Int(node)] = partition.log(on: node)?.logEndOffset
        }
    }
}
