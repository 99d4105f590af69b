// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What a test can do to a running cluster. Beside these calls there are faults that happen by themselves at a request:
/// `Configuration.faults` and `inject(_:)`.
extension EmbeddedBroker {
    /// A fault, and how often it happened.
    public struct PerformedFault: Sendable, Hashable {
        /// The fault.
        public let fault: Fault
        /// How often it happened so far.
        public let count: Int
    }

    /// Adds faults to those that there are. Each one counts its requests from now on.
    ///
    /// - Parameter faults: What is to go wrong, and when.
    /// - Throws: When the broker was stopped.
    public func inject(_ faults: Fault...) async throws(EmbeddedBrokerError) {
        try await withServer { $0.cluster.faults.add(faults) }
    }

    /// Takes all faults away.
    ///
    /// - Throws: When the broker was stopped.
    public func clearFaults() async throws(EmbeddedBrokerError) {
        try await withServer { $0.cluster.faults.removeAll() }
    }

    /// The faults, in the order in which they were added, and how often each one happened.
    public var performedFaults: [PerformedFault] {
        get async {
            let performed = try? await withServer { server in
                server.cluster.faults.performed.map { PerformedFault(fault: $0.fault, count: $0.count) }
            }
            return performed ?? []
        }
    }

    /// Makes another broker the leader of a partition, in the next epoch. The old one answers NOT_LEADER_OR_FOLLOWER.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    ///   - node: The new leader's node id; nil for the next broker that is up.
    ///   - hints: Whether the old leader says who leads now, in versions that can (KIP-951).
    ///   - staleMetadata: How many Metadata answers still name the old leader.
    /// - Throws: When there is no such partition or broker, or the cluster was stopped.
    public func moveLeader(
        topic: String,
        partition: Int,
        to node: Int? = nil,
        hints: Bool = true,
        staleMetadata: Int = 0
    ) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in
            if let node { _ = try server.nodeID(node) }
            let (topic, partition) = try server.partition(topic, partition)
            server.cluster.moveLeader(
                of: partition,
                in: topic,
                to: node.map { Int32(clamping: $0) },
                hints: hints,
                staleMetadata: staleMetadata
            )
        }
    }

    /// Takes one broker down: its connections and its port are closed, and what it had in hand is lost.
    ///
    /// - Parameters:
    ///   - node: Its node id.
    ///   - keepingLeaders: Whether the cluster does not take note, and goes on naming it as a leader. Else the next
    ///     replica that is up takes over; a partition without one has no leader.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func stop(node: Int, keepingLeaders: Bool = false) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in
            server.takeDown(try server.nodeID(node), keepingLeaders ? .unnoticed : .stopped)
        }
    }

    /// Lets a broker that is down listen again, on the same port. When this returns, it does.
    ///
    /// - Parameter node: Its node id.
    /// - Throws: When there is no such broker, its port was taken by another program, or the cluster was stopped.
    public func start(node: Int) async throws(EmbeddedBrokerError) {
        try await listenAgain(node) { server, nodeID in
            if !server.cluster.nodes.isUp(nodeID) { server.cluster.cameUp(nodeID) }
        }
    }

    /// Lets one broker take no new connections, and serve those it has.
    ///
    /// - Parameter node: Its node id.
    /// - Throws: When there is no such broker, or the cluster was stopped.
    public func refuseConnections(node: Int) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in
            server.refuseConnections(try server.nodeID(node))
        }
    }

    /// Lets a broker take connections again. When this returns, it does.
    ///
    /// - Parameter node: Its node id.
    /// - Throws: When there is no such broker, its port was taken by another program, or the cluster was stopped.
    public func acceptConnections(node: Int) async throws(EmbeddedBrokerError) {
        try await listenAgain(node) { server, nodeID in server.allowConnections(nodeID) }
    }

    /// Changes the settings of a topic. A data directory keeps them.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - maxMessageBytes: Kafka's `max.message.bytes`; nil leaves it as it is.
    ///   - minInSyncReplicas: Kafka's `min.insync.replicas`; nil leaves it as it is.
    /// - Throws: When there is no such topic, a setting is impossible or cannot be kept, or the cluster was stopped.
    public func setTopic(
        _ topic: String,
        maxMessageBytes: Int? = nil,
        minInSyncReplicas: Int? = nil
    ) async throws(EmbeddedBrokerError) {
        let settings = TopicSettings(maxMessageBytes: maxMessageBytes, minInSyncReplicas: minInSyncReplicas)
        if let objection = settings.objection(brokers: 1) {
            throw EmbeddedBrokerError(.invalidConfiguration, "topic '\(topic)': \(objection)")
        }
        try await withServer { server throws(EmbeddedBrokerError) in
            try server.cluster.change(server.partition(topic, 0).topic, settings)
        }
    }

    /// Changes one setting of a topic. A data directory keeps it.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - setting: The setting.
    ///   - value: Its value as Kafka writes it; nil for the broker's own.
    /// - Throws: When there is no such topic, the value is impossible or cannot be kept, or the cluster was stopped.
    public func setTopic(
        _ topic: String,
        _ setting: TopicSetting,
        to value: String?
    ) async throws(EmbeddedBrokerError) {
        if let value, let objection = setting.objection(to: value) {
            throw EmbeddedBrokerError(.invalidConfiguration, "topic '\(topic)': \(objection)")
        }
        try await withServer { server throws(EmbeddedBrokerError) in
            let found = try server.partition(topic, 0).topic
            var settings = found.settings
            settings[setting] = value
            try server.cluster.replaceSettings(of: found, by: settings)
        }
    }

    /// Deletes what is too old or too much in the logs, and compacts those of topics that want it, however little is new.
    /// Without this call that is done from time to time.
    ///
    /// - Throws: When the broker was stopped.
    public func cleanUpLogs() async throws(EmbeddedBrokerError) {
        let done = try await withServer { server in
            let promise = server.eventLoop.makePromise(of: Void.self)
            server.logKeeper.deleteOldSegments()
            server.logKeeper.compact(isForced: true) { promise.succeed() }
            return promise.futureResult
        }
        try? await done.get()
    }

    /// Deletes a topic with all its records. A producer that sends to it gets an error, until the topic is made again: by
    /// ``recreate(topic:partitions:)``, or, if the configuration says so, on its first use.
    ///
    /// - Parameter topic: The topic's name.
    /// - Throws: When there is no such topic, or the cluster was stopped.
    public func delete(topic: String) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in
            try server.cluster.deleteTopic(server.partition(topic, 0).topic)
        }
    }

    /// Deletes a topic, if it is there, and makes another one of that name, with another id and no records. Nothing that
    /// clients ask comes in between.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partitions: How many partitions the new one has.
    /// - Throws: When it cannot be made, or the cluster was stopped.
    public func recreate(topic: String, partitions: Int) async throws(EmbeddedBrokerError) {
        guard Partition.counts.contains(partitions) else {
            throw EmbeddedBrokerError(.invalidConfiguration, "topic '\(topic)' cannot have \(partitions) partitions")
        }
        try await withServer { server throws(EmbeddedBrokerError) in
            let cluster = server.cluster
            if let former = cluster.topics[topic] { try cluster.deleteTopic(former) }
            let factor = cluster.configuration.replicationFactor
            let wanted = cluster.assignments(partitions: partitions, replicationFactor: factor)
            try cluster.createTopic(topic, assignments: wanted)
        }
    }

    /// Shows clients that connect from now on another certificate, as when a broker's is renewed.
    ///
    /// - Parameter tls: Certificate and key; what is asked of clients stays as it is.
    /// - Throws: When they cannot be read, the broker has no TLS, or it was stopped.
    public func changeCertificate(_ tls: TLS) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in try server.change(tls) }
    }

    /// Lets a partition forget its idempotent producers, as after `producer.id.expiration.ms`.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    ///   - refusing: Whether it answers from now on UNKNOWN_PRODUCER_ID to a producer that it does not know and that
    ///     does not begin at sequence 0, as brokers before KIP-360.
    /// - Throws: When there is no such partition, or the cluster was stopped.
    public func forgetProducers(
        topic: String,
        partition: Int,
        refusing: Bool = false
    ) async throws(EmbeddedBrokerError) {
        try await withServer { server throws(EmbeddedBrokerError) in
            try server.partition(topic, partition).partition.forgetProducers(refusing: refusing)
        }
    }

    private func listenAgain(
        _ node: Int,
        _ body: @escaping @Sendable (Server, Int32) -> Void
    ) async throws(EmbeddedBrokerError) {
        let listening = try await withServer { server throws(EmbeddedBrokerError) in
            let nodeID = try server.nodeID(node)
            body(server, nodeID)
            return server.listenAgain(nodeID)
        }
        do {
            try await listening.get()
        } catch {
            throw EmbeddedBrokerError(.cannotListen, "broker \(node) cannot listen again: \(ListeningFailure(error))")
        }
    }

    func withServer<Result: Sendable>(
        _ body: @escaping @Sendable (Server) throws(EmbeddedBrokerError) -> Result
    ) async throws(EmbeddedBrokerError) -> Result {
        do {
            return try await eventLoop.submit { [server] in
                guard !server.value.isClosed else { throw EmbeddedBrokerError(.stopped, "the broker was stopped") }
                return try body(server.value)
            }.get()
        } catch {
            throw error as? EmbeddedBrokerError ?? EmbeddedBrokerError(.stopped, "\(error)")
        }
    }
}

extension Server {
    func nodeID(_ node: Int) throws(EmbeddedBrokerError) -> Int32 {
        guard let found = cluster.nodes.first(where: { Int($0.id) == node }) else {
            throw EmbeddedBrokerError(.unknownNode, "there is no broker \(node)")
        }
        return found.id
    }

    func partition(
        _ topic: String,
        _ index: Int
    ) throws(EmbeddedBrokerError) -> (topic: Topic, partition: Partition) {
        guard let found = cluster.topics[topic], let partition = found.partition(Int32(clamping: index)) else {
            throw EmbeddedBrokerError(.unknownPartition, "there is no partition \(topic)-\(index)")
        }
        return (found, partition)
    }
}
