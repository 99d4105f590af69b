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
    /// The brokers, by rising id from 1 on. Empty until they listen.
    var nodes: [Node] = []
    /// Node id of the controller.
    let controllerID: Int32 = 1

    /// The topics by their names.
    private(set) var topics: [String: Topic] = [:]
    private var topicsByID: [TopicID: Topic] = [:]
    private let directory: DataDirectory?
    private var producerIDs: ProducerIDs

    /// Opens the data directory, if there is to be one, and makes the topics that are to be there from the start.
    init(configuration: EmbeddedBroker.Configuration, logger: Logger) throws(EmbeddedBrokerError) {
        self.configuration = configuration
        self.logger = logger
        let directory: DataDirectory? =
            if let path = configuration.dataDirectory { try DataDirectory(path: path) } else { nil }
        self.directory = directory
        do throws(StorageError) {
            let properties = try directory?.properties() ?? [:]
            id = properties[Property.clusterID] ?? Self.randomID().description
            producerIDs = ProducerIDs(reserved: properties[Property.producerIDs].flatMap { Int64($0) } ?? 0)
            try writeProperties(reservedProducerIDs: properties[Property.producerIDs].flatMap { Int64($0) } ?? 0)
        } catch {
            throw EmbeddedBrokerError(error)
        }
        try openStoredTopics()
        for (name, partitions) in configuration.topics.sorted(by: { $0.key < $1.key }) where topics[name] == nil {
            try createTopic(name, assignments: assignments(partitions: partitions, replicationFactor: 1))
        }
    }

    /// Lets go of the data directory. Nothing may be written afterwards.
    func close() {
        directory?.unlock()
    }

    /// The topic of this id.
    func topic(id: TopicID) -> Topic? { topicsByID[id] }

    /// The topic of this name, which is made if it is not there and may be made.
    func topicOnFirstUse(_ name: String, mayCreate: Bool) -> Result<Topic, TopicRefusal> {
        if let topic = topics[name] { return .success(topic) }
        if let objection = TopicName.objection(to: name) {
            return .failure(TopicRefusal(.invalidTopic, "Topic name is invalid: \(objection)"))
        }
        guard mayCreate, configuration.autoCreateTopics else {
            return .failure(TopicRefusal(.unknownTopicOrPartition, nil))
        }
        do throws(EmbeddedBrokerError) {
            let wanted = assignments(partitions: configuration.partitions, replicationFactor: 1)
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
    ///   - maxMessageBytes: The topic's `max.message.bytes`; nil for the broker's.
    /// - Throws: When its files cannot be made.
    /// - Returns: The topic.
    @discardableResult
    func createTopic(
        _ name: String,
        assignments: [[Int32]],
        maxMessageBytes: Int? = nil
    ) throws(EmbeddedBrokerError) -> Topic {
        let id = Self.randomID()
        let topic: Topic
        do throws(EmbeddedBrokerError) {
            topic = try open(name, id: id, assignments: assignments, maxMessageBytes: maxMessageBytes)
        } catch {
            for partition in assignments.indices { directory?.removeNewPartition(topic: name, partition: partition) }
            throw error
        }
        logger.info("topic created", metadata: ["topic": "\(name)", "partitions": "\(assignments.count)"])
        return topic
    }

    /// Node ids for the replicas of each partition of a new topic: leaders in turn, and the nodes after the leader.
    func assignments(partitions: Int, replicationFactor: Int) -> [[Int32]] {
        let count = configuration.brokers
        return (0..<partitions).map { partition in
            (0..<replicationFactor).map { Int32((partition + $0) % count) + 1 }
        }
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
        do throws(StorageError) { stored = try directory.storedTopics() } catch { throw EmbeddedBrokerError(error) }
        for (name, found) in stored.sorted(by: { $0.key < $1.key }) {
            let topic = try open(
                name,
                id: found.id ?? Self.randomID(),
                assignments: assignments(partitions: found.partitions, replicationFactor: 1),
                maxMessageBytes: nil
            )
            for partition in topic.partitions {
                producerIDs.reserve(through: partition.log.producers.largestProducerID)
            }
        }
    }

    private func open(
        _ name: String,
        id: TopicID,
        assignments: [[Int32]],
        maxMessageBytes: Int?
    ) throws(EmbeddedBrokerError) -> Topic {
        var partitions: [Partition] = []
        // From the last to the first: if it stops half way, the number of partitions is still known from the folders.
        for (index, replicas) in assignments.enumerated().reversed() {
            do throws(StorageError) {
                try directory?.makePartition(topic: name, id: id, partition: index)
            } catch {
                throw EmbeddedBrokerError(error)
            }
            let options = PartitionLog.Options(
                directory: directory?.directory(topic: name, partition: index),
                segmentBytes: configuration.segmentBytes
            )
            let log = try PartitionLog(options: options, logger: logger)
            partitions.append(Partition(index: Int32(index), log: log, replicas: replicas))
        }
        let topic = Topic(
            name: name,
            id: id,
            partitions: partitions.reversed(),
            maxMessageBytes: maxMessageBytes ?? configuration.messageMaxBytes
        )
        topics[name] = topic
        topicsByID[id] = topic
        return topic
    }
}
