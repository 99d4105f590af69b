// SPDX-License-Identifier: Apache-2.0

extension EmbeddedBroker {
    /// How the coordinators of transactions and groups are set up. The defaults are those of a Kafka broker.
    public struct Transactions: Sendable, Hashable {
        /// The protocol that clients are told to follow. Kafka's feature `transaction.version`. Older versions of requests
        /// are served all the same.
        public var version = TransactionProtocol.second
        /// The longest time that a transaction may ask for. Kafka's `transaction.max.timeout.ms`.
        public var maximumTimeout: Duration = .seconds(15 * 60)
        /// How often it is looked for transactions that are open for too long. Kafka's
        /// `transaction.abort.timed.out.transaction.cleanup.interval.ms`.
        public var timeoutCheckInterval: Duration = .seconds(10)
        /// After how long without a transaction an id is forgotten. Kafka's `transactional.id.expiration.ms`.
        public var idExpiration: Duration = .seconds(7 * 24 * 3600)
        /// How long the offset of a group is kept. Kafka's `offsets.retention.minutes`.
        public var offsetsRetention: Duration = .seconds(7 * 24 * 3600)
        /// How much text may be kept with an offset, in UTF-16 units. Kafka's `offset.metadata.max.bytes`.
        public var offsetMetadataMaximum = 4096
        /// How long the markers of each transaction wait after it is decided. Zero by default.
        public var markerDelay: Duration = .zero
        /// Whether no marker is written before ``EmbeddedBroker/releaseTransactionMarkers()``.
        public var holdsMarkers = false
        /// The first epoch of a new transactional id. 0 by default, as with Kafka; a number near 32766 shows what becomes of
        /// a producer whose epochs are used up.
        public var firstEpoch: Int16 = 0

        /// The defaults.
        public init() {}

        /// What is wrong with the settings, or nil.
        var objection: String? {
            let times = [maximumTimeout, timeoutCheckInterval, idExpiration, offsetsRetention]
            if times.contains(where: { $0 <= .zero }) { return "the times of transactions must be longer than 0" }
            if markerDelay < .zero { return "the delay of markers is negative" }
            if offsetMetadataMaximum < 0 { return "the most metadata of an offset is negative" }
            if !(0...ProducerIdentity.lastEpoch).contains(firstEpoch) { return "the first epoch must be 0 to 32766" }
            return nil
        }
    }

    /// How a transactional id stands, as its coordinator knows it.
    public struct TransactionDescription: Sendable, Hashable {
        /// Kafka's name of the state, such as `Ongoing`.
        public let state: String
        /// The producer's id.
        public let producerID: Int64
        /// The producer's epoch.
        public let producerEpoch: Int16
        /// The partitions of the open transaction, such as `orders-0`.
        public let partitions: [String]
    }

    /// Writes no markers from now on: transactions that are decided stay so.
    ///
    /// - Throws: When the broker was stopped.
    public func holdTransactionMarkers() async throws(EmbeddedBrokerError) {
        try await withServer { $0.cluster.coordination.holdsMarkers = true }
    }

    /// Writes the markers that were held back, and those of later transactions.
    ///
    /// - Throws: When the broker was stopped.
    public func releaseTransactionMarkers() async throws(EmbeddedBrokerError) {
        try await withServer { server in
            server.cluster.coordination.holdsMarkers = false
            server.transactions.writeAllMarkers()
        }
    }

    /// Changes the protocol that clients are told to follow. Those that are connected learn of it with their next connection.
    ///
    /// - Parameter version: The protocol.
    /// - Throws: When the broker was stopped.
    public func setTransactionVersion(_ version: TransactionProtocol) async throws(EmbeddedBrokerError) {
        try await withServer { $0.cluster.coordination.change(to: version) }
    }

    /// Lets time pass for the coordinators, and does what is due: transactions that are open for too long are aborted,
    /// members of groups that are not heard of are left out, transactional ids and offsets that are old are forgotten.
    ///
    /// - Parameter time: How much.
    /// - Throws: When the broker was stopped.
    public func passTime(_ time: Duration) async throws(EmbeddedBrokerError) {
        try await withServer { server in
            server.cluster.coordination.clockLead += time.milliseconds
            server.transactions.doWhatIsDue()
            server.groups.doWhatIsDue()
            server.cluster.replicator.doWhatIsDue()
        }
    }

    /// Lets another broker coordinate a transactional id. The former one answers NOT_COORDINATOR.
    ///
    /// - Parameters:
    ///   - id: The transactional id.
    ///   - node: The new coordinator's node id; nil for the next broker that is up.
    ///   - time: How long the new one answers COORDINATOR_LOAD_IN_PROGRESS.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func moveCoordinator(
        ofTransactionalID id: String,
        to node: Int? = nil,
        loadingFor time: Duration = .zero
    ) async throws(EmbeddedBrokerError) {
        try await move(CoordinatorKey(kind: .transaction, name: id), to: node, loadingFor: time)
    }

    /// Lets another broker coordinate a group. The former one answers NOT_COORDINATOR.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - node: The new coordinator's node id; nil for the next broker that is up.
    ///   - time: How long the new one answers COORDINATOR_LOAD_IN_PROGRESS.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func moveCoordinator(
        ofGroup group: String,
        to node: Int? = nil,
        loadingFor time: Duration = .zero
    ) async throws(EmbeddedBrokerError) {
        try await move(CoordinatorKey(kind: .group, name: group), to: node, loadingFor: time)
    }

    private func move(
        _ key: CoordinatorKey,
        to node: Int?,
        loadingFor time: Duration
    ) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in
            let node = try node.map { node throws(EmbeddedBrokerError) in try server.nodeID(node) }
            server.cluster.moveCoordinator(of: key, to: node, loadingFor: time)
        }
    }

    /// How a transactional id stands; nil when the coordinator does not know it.
    ///
    /// - Parameter id: The transactional id.
    /// - Throws: When the broker was stopped.
    /// - Returns: What the coordinator knows.
    public func transaction(of id: String) async throws(EmbeddedBrokerError) -> TransactionDescription? {
        try await withServer { server in
            server.cluster.coordination.transactions[id].map { entry in
                TransactionDescription(
                    state: entry.phase.rawValue,
                    producerID: entry.producer.id,
                    producerEpoch: entry.producer.epoch,
                    partitions: entry.partitions.sorted().map { "\($0.topic)-\($0.index)" }
                )
            }
        }
    }

    /// The offset that a group has committed for a partition; nil for none.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    /// - Throws: When the broker was stopped.
    /// - Returns: The offset, and what was kept with it.
    public func committedOffset(
        group: String,
        topic: String,
        partition: Int
    ) async throws(EmbeddedBrokerError) -> (offset: Int64, metadata: String)? {
        try await withServer { server in
            let partition = TransactionPartition(topic, Int32(clamping: partition))
            let place = GroupOffset.Place(group: group, partition: partition)
            return server.cluster.coordination.offsets.offset(at: place).map { ($0.offset, $0.metadata) }
        }
    }
}
