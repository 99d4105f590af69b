// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension BrokerProbe {
    /// Settings of a topic that decide what a producer may send.
    private static let topicSettings = [
        "min.insync.replicas", "max.message.bytes", "compression.type", "message.timestamp.type",
    ]

    /// Asks what the broker knows of the cluster and of the topic. It makes no topic.
    ///
    /// - Parameter topic: The topic; nil for none.
    /// - Returns: What it says, or why it says nothing.
    package func cluster(topic: String?) async -> Result<ClusterFacts, RequestFailure> {
        // A broker that cannot be told to make no topic is asked for all topics: that makes none.
        let version = version(of: MetadataRequest.self) ?? 0
        let canForbid = version >= MetadataRequest.firstCreationVersion
        let named = topic.map { [MetadataRequest.Topic(name: $0)] } ?? []
        let wanted = canForbid || topic == nil ? named : nil
        let request = MetadataRequest(
            topics: wanted,
            allowAutoTopicCreation: !canForbid,
            includeClusterAuthorizedOperations: (8...10).contains(version),
            includeTopicAuthorizedOperations: version >= 8
        )
        let metadata: MetadataResponse
        switch await ask(request) {
        case .success(let response): metadata = response
        case .failure(let failure): return .failure(failure)
        }
        let rights = await clusterRights(metadata)
        var facts = ClusterFacts(metadata: metadata, rights: rights)
        if let topic { facts.topic = await topicFacts(topic, metadata) }
        return .success(facts)
    }

    private func clusterRights(_ metadata: MetadataResponse) async -> AuthorizedOperations? {
        if let rights = AuthorizedOperations(metadata.clusterAuthorizedOperations) { return rights }
        guard version(of: DescribeClusterRequest.self) != nil,
            case .success(let response) = await ask(DescribeClusterRequest(includeClusterAuthorizedOperations: true)),
            response.errorCode == .none
        else { return nil }
        return AuthorizedOperations(response.clusterAuthorizedOperations)
    }

    private func topicFacts(_ name: String, _ metadata: MetadataResponse) async -> TopicFacts {
        let found = metadata.topics.first { $0.name == name }
        let topic = found ?? MetadataResponse.Topic(errorCode: .unknownTopicOrPartition, name: name)
        var facts = TopicFacts(name: name, metadata: topic)
        if topic.errorCode == .unknownTopicOrPartition {
            facts.isMadeOnFirstUse = await isMadeOnFirstUse(metadata)
        } else if topic.errorCode == .none {
            facts.settings = await settings(DescribeConfigsRequest.topicResource, name, Self.topicSettings)
        }
        return facts
    }

    private func isMadeOnFirstUse(_ metadata: MetadataResponse) async -> Bool? {
        let key = "auto.create.topics.enable"
        // A broker tells only its own settings.
        let nodes = metadata.brokers.filter { $0.host == address.host && $0.port == Int32(address.port) }
        let node = nodes.first ?? (metadata.brokers.count == 1 ? metadata.brokers.first : nil)
        guard let node else { return nil }
        switch await settings(DescribeConfigsRequest.brokerResource, "\(node.nodeID)", [key]) {
        case .known(let values): return values[key].map { $0 == "true" }
        case .refused, .unknown: return nil
        }
    }

    private func settings(_ type: Int8, _ name: String, _ keys: [String]) async -> TopicFacts.Settings {
        guard version(of: DescribeConfigsRequest.self) != nil else {
            return .unknown("the broker does not serve DescribeConfigs")
        }
        let resource = DescribeConfigsRequest.Resource(
            resourceType: type,
            resourceName: name,
            configurationKeys: keys
        )
        switch await ask(DescribeConfigsRequest(resources: [resource])) {
        case .failure(let failure): return .unknown(failure.reason)
        case .success(let response):
            guard let result = response.results.first else { return .unknown("the broker told nothing") }
            guard result.errorCode == .none else { return .refused(result.errorCode) }
            let values = result.configs.compactMap { config in config.value.map { (config.name, $0) } }
            return .known(Dictionary(values) { first, _ in first })
        }
    }
}
