// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers Metadata: the brokers, and the topics with their leaders. A topic that is asked for by its name is made if it
/// is not there, when client and configuration allow it.
struct MetadataService {
    let cluster: Cluster

    func serve(_ request: MetadataRequest, _ context: RequestContext) -> Answer {
        let topics: [MetadataResponse.Topic]
        if let wanted = request.topics, !(wanted.isEmpty && context.version == 0) {
            let mayCreate = request.allowAutoTopicCreation && context.faults?.preventsCreation != true
            var named: Set<NamedTopic> = []
            topics = wanted.filter { named.insert(NamedTopic($0)).inserted }
                .map { describe($0, mayCreate: mayCreate, context) }
        } else {
            topics = cluster.topics.values
                .filter { cluster.authorizer.allows(context.principal, .describe, .topic, $0.name) }
                .sorted { $0.name < $1.name }.map(describe)
        }
        var response = MetadataResponse(
            brokers: cluster.nodes.filter(\.isAnnounced).map { node in
                MetadataResponse.Broker(
                    nodeID: node.id,
                    host: node.host,
                    port: Int32(node.port(of: context.connection.listener)),
                    rack: cluster.configuration.racks[Int(node.id)]
                )
            },
            clusterID: cluster.id,
            controllerID: cluster.nodes.controllerID,
            topics: topics
        )
        addOperations(to: &response, request, context)
        return context.answer(response)
    }

    /// Says what the client may do, as far as it asks.
    private func addOperations(
        to response: inout MetadataResponse,
        _ request: MetadataRequest,
        _ context: RequestContext
    ) {
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = cluster.clusterOperations(of: context.principal)
        }
        guard request.includeTopicAuthorizedOperations else { return }
        for index in response.topics.indices where response.topics[index].errorCode == .none {
            response.topics[index].topicAuthorizedOperations = cluster.authorizer.operations(
                of: context.principal,
                on: .topic,
                response.topics[index].name ?? ""
            )
        }
    }

    /// A topic as a request names it: one that is named many times is described once, as by a Kafka broker.
    private struct NamedTopic: Hashable {
        let name: String?
        let id: TopicID

        init(_ topic: MetadataRequest.Topic) {
            name = topic.name
            id = topic.topicID
        }
    }

    private func describe(
        _ wanted: MetadataRequest.Topic,
        mayCreate: Bool,
        _ context: RequestContext
    ) -> MetadataResponse.Topic {
        guard let name = wanted.name else {
            guard let topic = cluster.topic(id: wanted.topicID) else {
                return MetadataResponse.Topic(errorCode: .unknownTopicID, name: nil, topicID: wanted.topicID)
            }
            guard cluster.authorizer.allows(context.principal, .describe, .topic, topic.name) else {
                return MetadataResponse.Topic(
                    errorCode: .topicAuthorizationFailed,
                    name: nil,
                    topicID: wanted.topicID
                )
            }
            return describe(topic)
        }
        switch cluster.topicOnFirstUse(name, mayCreate: mayCreate, by: context.principal) {
        case .success(let topic): return describe(topic)
        case .failure(let refusal): return MetadataResponse.Topic(errorCode: refusal.code, name: name)
        }
    }

    private func describe(_ topic: Topic) -> MetadataResponse.Topic {
        MetadataResponse.Topic(
            name: topic.name,
            topicID: topic.id,
            partitions: topic.partitions.map(describe)
        )
    }

    private func describe(_ partition: Partition) -> MetadataResponse.Partition {
        let leadership = partition.leadershipForMetadata()
        let inSync = cluster.inSync(partition)
        return MetadataResponse.Partition(
            errorCode: leadership.leader == Partition.noLeader ? .leaderNotAvailable : .none,
            partitionIndex: partition.index,
            leaderID: leadership.leader,
            leaderEpoch: leadership.epoch,
            replicaNodes: partition.replicas,
            isrNodes: inSync,
            offlineReplicas: partition.replicas.filter { !cluster.nodes.isActive($0) }
        )
    }
}
