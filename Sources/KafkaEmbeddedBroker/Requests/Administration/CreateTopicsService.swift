// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers CreateTopics: makes topics, or says what is wrong with them.
///
/// The topic settings of ``TopicSetting`` are honoured; the others that Kafka knows are accepted and have no effect, unknown
/// ones are refused.
struct CreateTopicsService {
    let cluster: Cluster

    private static let settingsWithoutEffect: Set<String> = [
        "compression.gzip.level", "compression.lz4.level", "compression.zstd.level", "file.delete.delay.ms",
        "follower.replication.throttled.replicas", "index.interval.bytes",
        "leader.replication.throttled.replicas", "local.retention.bytes", "local.retention.ms",
        "max.compaction.lag.ms", "message.timestamp.after.max.ms", "message.timestamp.before.max.ms", "preallocate",
        "remote.storage.enable", "segment.index.bytes", "segment.jitter.ms",
    ]

    func serve(_ request: CreateTopicsRequest, _ context: RequestContext) -> Answer {
        var response = CreateTopicsResponse()
        let names = request.topics.reduce(into: [:]) { counts, topic in counts[topic.name, default: 0] += 1 }
        for wanted in request.topics {
            var topic = CreateTopicsResponse.Topic(name: wanted.name, errorMessage: nil)
            do throws(TopicRefusal) {
                guard names[wanted.name] == 1 else {
                    throw TopicRefusal(.invalidRequest, "Duplicate topic name.")
                }
                guard cluster.mayCreateTopic(wanted.name, context.principal) else {
                    throw TopicRefusal(.topicAuthorizationFailed, "Authorization failed.")
                }
                let isPrevented = context.faults?.preventsCreation ?? false
                try create(wanted, validateOnly: request.validateOnly || isPrevented, &topic)
            } catch {
                topic.errorCode = error.code
                topic.errorMessage = error.message
                topic.configs = nil
            }
            response.topics.append(topic)
        }
        return context.answer(response)
    }

    private func create(
        _ wanted: CreateTopicsRequest.Topic,
        validateOnly: Bool,
        _ response: inout CreateTopicsResponse.Topic
    ) throws(TopicRefusal) {
        if let objection = TopicName.objection(to: wanted.name) {
            throw TopicRefusal(.invalidTopic, "Topic name is invalid: \(objection)")
        }
        guard cluster.topics[wanted.name] == nil else {
            throw TopicRefusal(.topicAlreadyExists, "Topic '\(wanted.name)' already exists.")
        }
        let assignments = wanted.assignments.isEmpty ? try automatic(wanted) : try manual(wanted)
        let settings = try self.settings(of: wanted)
        response.numPartitions = Int32(assignments.count)
        response.replicationFactor = Int16(assignments.first?.count ?? 0)
        response.configs = wanted.configs.map { config in
            CreateTopicsResponse.Config(name: config.name, value: config.value, configSource: 1)
        }
        guard !validateOnly else { return }
        do throws(EmbeddedBrokerError) {
            let topic = try cluster.createTopic(wanted.name, assignments: assignments, settings: settings)
            response.topicID = topic.id
        } catch {
            throw TopicRefusal(.kafkaStorageError, error.message)
        }
    }

    private func automatic(_ wanted: CreateTopicsRequest.Topic) throws(TopicRefusal) -> [[Int32]] {
        let partitions = wanted.numPartitions == -1 ? cluster.configuration.partitions : Int(wanted.numPartitions)
        guard Partition.counts.contains(partitions) else {
            throw TopicRefusal(.invalidPartitions, "Number of partitions must be 1 or more, or -1 for the default.")
        }
        let standard = cluster.configuration.replicationFactor
        let replicas = wanted.replicationFactor == -1 ? standard : Int(wanted.replicationFactor)
        guard replicas >= 1 else {
            throw TopicRefusal(
                .invalidReplicationFactor,
                "Replication factor must be 1 or more, or -1 for the default."
            )
        }
        guard replicas <= cluster.configuration.brokers else {
            throw TopicRefusal(
                .invalidReplicationFactor,
                "Replication factor is \(replicas) and there are \(cluster.configuration.brokers) brokers."
            )
        }
        return cluster.assignments(partitions: partitions, replicationFactor: replicas)
    }

    private func manual(_ wanted: CreateTopicsRequest.Topic) throws(TopicRefusal) -> [[Int32]] {
        guard wanted.numPartitions == -1, wanted.replicationFactor == -1 else {
            throw TopicRefusal(
                .invalidRequest,
                "With a manual assignment, number of partitions and replication factor must be -1."
            )
        }
        guard Partition.counts.contains(wanted.assignments.count) else {
            throw TopicRefusal(
                .invalidReplicaAssignment,
                "\(wanted.assignments.count) partitions are assigned, and \(Partition.counts.upperBound) is the most."
            )
        }
        let assignments = wanted.assignments.sorted { $0.partitionIndex < $1.partitionIndex }
        let nodes = Int32(1)...Int32(cluster.configuration.brokers)
        for (index, assignment) in assignments.enumerated() {
            let replicas = assignment.brokerIDs
            guard assignment.partitionIndex == Int32(index) else {
                throw TopicRefusal(.invalidReplicaAssignment, "Partitions must be numbered from 0 without a gap.")
            }
            guard
                !replicas.isEmpty, Set(replicas).count == replicas.count, replicas.allSatisfy(nodes.contains),
                replicas.count == assignments[0].brokerIDs.count
            else {
                throw TopicRefusal(
                    .invalidReplicaAssignment,
                    "Partition \(index) must name as many brokers as the others, each once, of \(nodes)."
                )
            }
        }
        return assignments.map(\.brokerIDs)
    }

    private func settings(of wanted: CreateTopicsRequest.Topic) throws(TopicRefusal) -> TopicSettings {
        var settings = TopicSettings()
        for config in wanted.configs {
            try Self.set(config.name, config.value, in: &settings)
        }
        return settings
    }

    /// Sets one setting; null is the broker's own.
    static func set(_ name: String, _ value: String?, in settings: inout TopicSettings) throws(TopicRefusal) {
        guard let setting = TopicSetting(rawValue: name) else {
            guard settingsWithoutEffect.contains(name) else {
                throw TopicRefusal(.invalidConfig, "Unknown topic config name: \(name)")
            }
            return
        }
        if let value, let objection = setting.objection(to: value) { throw TopicRefusal(.invalidConfig, objection) }
        settings[setting] = value
    }
}
