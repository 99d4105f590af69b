// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// What all brokers of an embedded cluster share: the topics with their logs, who leads what, and the producer ids.
/// It lives on the event loop that serves all connections, and is touched nowhere else.
final class Cluster {
    let configuration: EmbeddedBroker.Configuration
    /// The cluster's id, which clients are told.
    let id: String
    let logger: Logger
    /// The brokers, and which of them run.
    var nodes = NodeTable()
    /// Who may do what.
    var authorizer: Authorizer
    /// What goes wrong, and when.
    var faults: FaultPlan
    /// What clients are asked to say of themselves, and have said.
    var clientMetrics: ClientMetricsState

    /// The topics by their names.
    private(set) var topics: [String: Topic] = [:]
    private var topicsByID: [TopicID: Topic] = [:]
    /// What the coordinators of groups and transactions know.
    let coordination: CoordinationState
    /// Where browsers find the page that shows it; nil for nowhere.
    var uiAddress: String?
    /// Called when another broker coordinates some groups.
    var coordinatorsMoved: () -> Void = {}
    /// Whether nothing may be written any more.
    private(set) var isClosed = false
    let directory: DataDirectory?
    private let disk: Disk
    /// Whether logs can be written.
    var trouble = DiskTrouble()
    /// Who flushes logs some time after they were written to.
    private(set) lazy var flusher = LogFlusher { [weak self] error in self?.storageFailed(error) }
    /// Who lets followers fetch.
    private(set) lazy var replicator = Replicator(cluster: self)
    /// What large answers take that clients have not read yet.
    let answers = AnswerMemory()
    /// What was written down of partitions with several replicas, while they are opened.
    private(set) var storedReplicas: [TransactionPartition: StoredReplicas] = [:]
    /// Where logs begin of which records were deleted.
    private var logStarts = PartitionCheckpoint()
    private var producerIDs: ProducerIDs
    /// Whether the last broker was stopped in order, while its logs are opened.
    private var wasClosed = false

    /// Opens the data directory, if there is to be one, and makes the topics that are to be there from the start.
    init(
        configuration: EmbeddedBroker.Configuration,
        logger: Logger,
        disk: Disk = Disk()
    ) throws(EmbeddedBrokerError) {
        self.configuration = configuration
        self.disk = disk
        self.logger = logger
        authorizer = Authorizer(configuration.security.permissions)
        faults = FaultPlan(configuration.faults)
        clientMetrics = ClientMetricsState(configuration.clientMetrics)
        let directory: DataDirectory? =
            if let path = configuration.dataDirectory { try DataDirectory(path: path, disk: disk) } else { nil }
        self.directory = directory
        do throws(StorageError) {
            let properties = try directory?.properties() ?? [:]
            id = properties[Property.clusterID] ?? Self.randomID().description
            coordination = try CoordinationState(
                path: directory?.coordinatorState,
                configuration.transactions,
                flushes: configuration.value(.flushMessages) == "1",
                disk: disk
            )
            authorizer.made = coordination.accessRules
            producerIDs = ProducerIDs(reserved: properties[Property.producerIDs].flatMap { Int64($0) } ?? 0)
            logStarts = try directory?.logStarts() ?? PartitionCheckpoint()
            storedReplicas = try directory?.replicas() ?? [:]
            try writeProperties(reservedProducerIDs: properties[Property.producerIDs].flatMap { Int64($0) } ?? 0)
        } catch {
            throw EmbeddedBrokerError(error)
        }
        wasClosed = directory?.begin() ?? false
        try openStoredTopics()
        wasClosed = false
        storedReplicas = [:]
        producerIDs.reserve(through: coordination.largestProducerID)
        for (name, partitions) in configuration.topics.sorted(by: { $0.key < $1.key }) where topics[name] == nil {
            let settings = configuration.topicSettings[name] ?? TopicSettings()
            let factor = settings.replicationFactor ?? configuration.replicationFactor
            try createTopic(name, assignments: assignments(partitions: partitions, replicationFactor: factor))
        }
    }

    /// Lets go of the data directory. Nothing may be written afterwards.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for topic in topics.values {
            for log in topic.partitions.flatMap(\.logs) { log.close() }
        }
        do throws(StorageError) {
            try directory?.end()
        } catch {
            logger.error("logs will be read at the next start", metadata: ["error": "\(error)"])
        }
        directory?.unlock()
    }

    /// The topic of this id.
    func topic(id: TopicID) -> Topic? { topicsByID[id] }

    /// The topic of this name, which is made if it is not there and may be made.
    func topicOnFirstUse(_ name: String, mayCreate: Bool, by principal: String) -> Result<Topic, TopicRefusal> {
        guard authorizer.allows(principal, .describe, .topic, name) else {
            return .failure(TopicRefusal(.topicAuthorizationFailed, nil))
        }
        if let topic = topics[name] { return .success(topic) }
        if let objection = TopicName.objection(to: name) {
            return .failure(TopicRefusal(.invalidTopic, "Topic name is invalid: \(objection)"))
        }
        guard mayCreate, configuration.autoCreateTopics else {
            return .failure(TopicRefusal(.unknownTopicOrPartition, nil))
        }
        guard mayCreateTopic(name, principal) else {
            return .failure(TopicRefusal(.topicAuthorizationFailed, nil))
        }
        do throws(EmbeddedBrokerError) {
            let factor = configuration.topicSettings[name]?.replicationFactor ?? configuration.replicationFactor
            let wanted = assignments(partitions: configuration.partitions, replicationFactor: factor)
            return .success(try createTopic(name, assignments: wanted))
        } catch {
            logger.error("topic was not created", metadata: ["topic": "\(name)", "error": "\(error)"])
            return .failure(TopicRefusal(.kafkaStorageError, error.message))
        }
    }

    /// Makes a topic.
    ///
    /// - Parameters:
    ///   - name: A name that was found to be right and is not taken.
    ///   - assignments: For each partition the node ids of its replicas, the leader first.
    ///   - settings: What is to hold for this topic alone.
    /// - Throws: When its files cannot be made.
    /// - Returns: The topic.
    @discardableResult
    func createTopic(
        _ name: String,
        assignments: [[Int32]],
        settings: TopicSettings = TopicSettings()
    ) throws(EmbeddedBrokerError) -> Topic {
        let id = Self.randomID()
        let topic: Topic
        var settings = settings.over(configuration.topicSettings[name] ?? TopicSettings())
        settings.replicationFactor = assignments.first.flatMap { $0.count > 1 ? $0.count : nil }
        do throws(EmbeddedBrokerError) {
            topic = try open(name, id: id, assignments: assignments, settings: settings)
            try keep([name: settings])
        } catch {
            topics[name] = nil
            topicsByID[id] = nil
            for (partition, nodes) in assignments.enumerated() { removeNew(partition, of: name, nodes) }
            throw error
        }
        replicasChanged(of: topic.partitions)
        logger.info("topic created", metadata: ["topic": "\(name)", "partitions": "\(assignments.count)"])
        return topic
    }

    /// Removes a topic with all its records.
    func deleteTopic(_ topic: Topic) throws(EmbeddedBrokerError) {
        topics[topic.name] = nil
        topicsByID[topic.id] = nil
        for partition in topic.partitions {
            logStarts.offsets[TransactionPartition(topic.name, partition.index)] = nil
            for node in partition.replicaSet == nil ? [nil] : partition.replicas.map(Optional.some) {
                directory?.removePartition(topic: topic.name, partition: Int(partition.index), node: node)
            }
        }
        replicasGone(of: topic)
        try keep([topic.name: TopicSettings()])
        do throws(StorageError) {
            try coordination.apply(coordination.offsets.changes(withoutTopic: topic.name))
        } catch {
            throw EmbeddedBrokerError(error)
        }
        logger.info("topic deleted", metadata: ["topic": "\(topic.name)"])
    }

    /// A producer id that was never given out before.
    func takeProducerID() throws(StorageError) -> Int64 {
        var ids = producerIDs
        let id = try ids.take { reserved throws(StorageError) in
            try writeProperties(reservedProducerIDs: reserved)
        }
        producerIDs = ids
        return id
    }

    /// Changes the settings of a topic; those that are nil stay as they are.
    func change(_ topic: Topic, _ settings: TopicSettings) throws(EmbeddedBrokerError) {
        try replaceSettings(of: topic, by: settings.over(topic.settings))
    }

    /// Gives a topic other settings.
    func replaceSettings(of topic: Topic, by settings: TopicSettings) throws(EmbeddedBrokerError) {
        try keep([topic.name: settings])
        topic.settings = settings
    }

    /// Writes down in which epoch a partition's leader is, so that no client sees an older one after a restart.
    func keepLeaderEpoch(of partition: Partition, in topic: Topic) {
        do throws(StorageError) {
            try directory?.write(
                leaderEpochs: partition.epochs,
                topic: topic.name,
                partition: Int(partition.index)
            )
        } catch {
            logger.error("leader epoch was not written", metadata: ["error": "\(error)"])
        }
    }

    /// Deletes the records of a partition before an offset; `keepLogStarts` is to follow.
    func deleteRecords(before offset: Int64, of partition: Partition, in topic: Topic) throws(StorageError) {
        try partition.log.deleteRecords(before: offset)
        logStarts.offsets[TransactionPartition(topic.name, partition.index)] = partition.log.logStartOffset
        if partition.replicaSet != nil { replicator.needed(by: partition) }
    }

    /// Writes down where logs begin of which records were deleted.
    func keepLogStarts() throws(StorageError) {
        try directory?.write(logStarts: logStarts)
    }

    /// Gives a topic more partitions.
    func addPartitions(_ assignments: [[Int32]], to topic: Topic) throws(EmbeddedBrokerError) {
        let first = topic.partitions.count
        var added: [Partition] = []
        do throws(EmbeddedBrokerError) {
            for (index, replicas) in assignments.enumerated() {
                added.append(try openPartition(first + index, of: topic.name, id: topic.id, replicas, topic.settings))
            }
        } catch {
            for (index, nodes) in assignments.enumerated() { removeNew(first + index, of: topic.name, nodes) }
            throw error
        }
        topic.add(added)
        replicasChanged(of: added)
        logger.info(
            "partitions added",
            metadata: ["topic": "\(topic.name)", "partitions": "\(topic.partitions.count)"]
        )
    }

    /// Node ids of the replicas of a topic that was found: of those brokers that have folders of it, else as for a new one.
    private func assignments(of found: DataDirectory.StoredTopic, replicationFactor: Int) -> [[Int32]] {
        var assignments = assignments(partitions: found.partitions, replicationFactor: replicationFactor)
        for (partition, nodes) in found.nodes where assignments.indices.contains(partition) {
            let usual = assignments[partition].filter(nodes.contains)
            assignments[partition] = usual + nodes.subtracting(usual).sorted()
        }
        return assignments
    }

    private func removeNew(_ partition: Int, of topic: String, _ nodes: [Int32]) {
        for node in nodes.count > 1 ? nodes.map(Optional.some) : [nil] {
            directory?.removeNewPartition(topic: topic, partition: partition, node: node)
        }
    }

    /// From which offset on a log has records, if older ones were deleted.
    func logStart(of place: TransactionPartition) -> Int64? { logStarts.offsets[place] }

    /// Writes down what the topics of these names have as settings of their own.
    private func keep(_ settings: [String: TopicSettings]) throws(EmbeddedBrokerError) {
        do throws(StorageError) {
            try directory?.keep(settings: settings.map { (topic: $0.key, settings: $0.value.properties) })
        } catch {
            throw EmbeddedBrokerError(error)
        }
    }

    private static func randomID() -> TopicID {
        var generator = SystemRandomNumberGenerator()
        return TopicID.random(using: &generator)
    }

    private enum Property {
        static let clusterID = "cluster.id"
        static let producerIDs = "producer.ids.reserved"
    }

    private func writeProperties(reservedProducerIDs: Int64) throws(StorageError) {
        try directory?.write(properties: [
            "version": "1", "node.id": "1", Property.clusterID: id, Property.producerIDs: "\(reservedProducerIDs)",
        ])
    }

    private func openStoredTopics() throws(EmbeddedBrokerError) {
        guard let directory else { return }
        let stored: [String: DataDirectory.StoredTopic]
        let kept: [String: [String: String]]
        do throws(StorageError) {
            stored = try directory.storedTopics()
            kept = try directory.topicSettings()
        } catch {
            throw EmbeddedBrokerError(error)
        }
        for (name, found) in stored.sorted(by: { $0.key < $1.key }) {
            let former = TopicSettings(properties: kept[name] ?? [:])
            // What the file says may be damaged, or from a cluster of more brokers.
            let factor = max(1, min(former.replicationFactor ?? 1, configuration.brokers))
            var settings = (configuration.topicSettings[name] ?? TopicSettings()).over(former)
            settings.replicationFactor = former.replicationFactor
            let topic = try open(
                name,
                id: found.id ?? Self.randomID(),
                assignments: assignments(of: found, replicationFactor: factor),
                settings: settings
            )
            for partition in topic.partitions {
                for log in partition.logs { producerIDs.reserve(through: log.producers.largestProducerID) }
            }
        }
        let gone = kept.keys.filter { topics[$0] == nil }.map { ($0, TopicSettings()) }
        try keep(topics.mapValues(\.settings).merging(gone) { own, _ in own })
        replicasOpened(former: Array(storedReplicas.keys))
    }

    private func open(
        _ name: String,
        id: TopicID,
        assignments: [[Int32]],
        settings: TopicSettings
    ) throws(EmbeddedBrokerError) -> Topic {
        var partitions: [Partition] = []
        // From the last to the first: if it stops half way, the number of partitions is still known from the folders.
        for (index, replicas) in assignments.enumerated().reversed() {
            partitions.append(try openPartition(index, of: name, id: id, replicas, settings))
        }
        let topic = Topic(
            name: name,
            id: id,
            partitions: partitions.reversed(),
            settings: settings,
            defaults: configuration
        )
        topics[name] = topic
        topicsByID[id] = topic
        return topic
    }

    private func openPartition(
        _ index: Int,
        of name: String,
        id: TopicID,
        _ replicas: [Int32],
        _ settings: TopicSettings
    ) throws(EmbeddedBrokerError) -> Partition {
        let logSettings = LogSettings { settings[$0] ?? configuration.value($0) }
        if replicas.count > 1 || storedReplicas[TransactionPartition(name, Int32(index))] != nil {
            let set = try openReplicas(index, of: name, id: id, replicas, logSettings)
            if let first = set.replicas.first {
                let partition = Partition(set, first: first)
                partition.replicator = replicator
                return partition
            }
        }
        let former: LeaderEpochs?
        do throws(StorageError) {
            try directory?.makePartition(topic: name, id: id, partition: index)
            former = try directory?.leaderEpochs(topic: name, partition: index)
        } catch {
            throw EmbeddedBrokerError(error)
        }
        let log = try openLog(directory?.directory(topic: name, partition: index), logSettings)
        if let start = logStarts.offsets[TransactionPartition(name, Int32(index))] { log.begin(at: start) }
        let leader = replicas.first { nodes.isUp($0) } ?? Partition.noLeader
        return Partition(index: Int32(index), log: log, replicas: replicas, leader: leader, epochs: former)
    }

    /// Opens the log of a replica.
    func openLog(_ directory: String?, _ settings: LogSettings) throws(EmbeddedBrokerError) -> PartitionLog {
        var options = PartitionLog.Options(directory: directory, settings: settings)
        options.wasClosed = wasClosed
        options.disk = disk
        let log = try PartitionLog(options: options, logger: logger)
        log.flusher = flusher
        return log
    }
}
