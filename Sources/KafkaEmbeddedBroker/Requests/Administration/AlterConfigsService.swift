// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers IncrementalAlterConfigs and AlterConfigs: topics get other settings. Those of brokers are those that they were
/// started with.
struct AlterConfigsService {
    let cluster: Cluster

    typealias Result = IncrementalAlterConfigsResponse.Result

    /// What can be done to a setting (KIP-339).
    private enum Operation: Int8 {
        case set = 0
        case delete = 1
        case append = 2
        case subtract = 3
    }

    private struct Resource: Hashable {
        var type: Int8
        var name: String
    }

    func serve(_ request: IncrementalAlterConfigsRequest, _ context: RequestContext) -> Answer {
        let keys = request.resources.map { Resource(type: $0.resourceType, name: $0.resourceName) }
        let results = alter(keys, request.validateOnly, context) { index, topic, settings throws(TopicRefusal) in
            let configs = request.resources[index].configs
            guard Set(configs.map(\.name)).count == configs.count else {
                throw TopicRefusal(.invalidRequest, "Error due to duplicate config keys")
            }
            for config in configs { try apply(config, to: topic, &settings) }
        }
        return context.answer(IncrementalAlterConfigsResponse(responses: results))
    }

    func serve(_ request: AlterConfigsRequest, _ context: RequestContext) -> Answer {
        let keys = request.resources.map { Resource(type: $0.resourceType, name: $0.resourceName) }
        let results = alter(keys, request.validateOnly, context) { index, topic, settings throws(TopicRefusal) in
            settings = TopicSettings(replicationFactor: topic.settings.replicationFactor)
            for config in request.resources[index].configs {
                try CreateTopicsService.set(config.name, config.value, in: &settings)
            }
        }
        return context.answer(AlterConfigsResponse(responses: results))
    }

    /// Gives each resource other settings, which `change` makes of those of the topic, for the resource at its index.
    private func alter(
        _ resources: [Resource],
        _ validateOnly: Bool,
        _ context: RequestContext,
        _ change: (Int, Topic, inout TopicSettings) throws(TopicRefusal) -> Void
    ) -> [Result] {
        // Counted once: a request may name very many.
        let counts = Dictionary(resources.map { ($0, 1) }, uniquingKeysWith: +)
        return resources.indices.map { index in
            let resource = resources[index]
            var result = Result(resourceType: resource.type, resourceName: resource.name)
            do throws(TopicRefusal) {
                guard counts[resource] == 1 else {
                    throw TopicRefusal(.invalidRequest, "Each resource must appear at most once.")
                }
                let topic = try find(resource, context)
                try replaceSettings(of: topic, validateOnly) { settings throws(TopicRefusal) in
                    try change(index, topic, &settings)
                }
            } catch {
                result.errorCode = error.code
                result.errorMessage = error.message
            }
            return result
        }
    }

    private func replaceSettings(
        of topic: Topic,
        _ validateOnly: Bool,
        _ change: (inout TopicSettings) throws(TopicRefusal) -> Void
    ) throws(TopicRefusal) {
        var settings = topic.settings
        try change(&settings)
        guard !validateOnly, settings != topic.settings else { return }
        do throws(EmbeddedBrokerError) {
            try cluster.replaceSettings(of: topic, by: settings)
        } catch {
            throw TopicRefusal(.kafkaStorageError, error.message)
        }
    }

    private func find(_ resource: Resource, _ context: RequestContext) throws(TopicRefusal) -> Topic {
        switch resource.type {
        case DescribeConfigsRequest.topicResource:
            if let code = context.faults?.error(topic: resource.name, partition: nil) {
                throw TopicRefusal(code, "a fault wants it")
            }
            guard cluster.authorizer.allows(context.principal, .alterConfigs, .topic, resource.name) else {
                throw TopicRefusal(.topicAuthorizationFailed, nil)
            }
            guard let topic = cluster.topics[resource.name] else {
                throw TopicRefusal(.unknownTopicOrPartition, "The topic '\(resource.name)' does not exist.")
            }
            return topic
        case DescribeConfigsRequest.brokerResource:
            guard cluster.authorizer.allows(context.principal, .alterConfigs, .cluster) else {
                throw TopicRefusal(.clusterAuthorizationFailed, nil)
            }
            throw TopicRefusal(.invalidRequest, "The settings of this broker are those that it was started with.")
        default: throw TopicRefusal(.invalidRequest, "Unsupported resource type: \(resource.type)")
        }
    }

    private func apply(
        _ config: IncrementalAlterConfigsRequest.Config,
        to topic: Topic,
        _ settings: inout TopicSettings
    ) throws(TopicRefusal) {
        guard let operation = Operation(rawValue: config.configOperation) else {
            throw TopicRefusal(.invalidRequest, "Unknown operation \(config.configOperation)")
        }
        switch operation {
        case .set:
            guard config.value != nil else {
                throw TopicRefusal(.invalidRequest, "Null value not supported for : \(config.name)")
            }
            try CreateTopicsService.set(config.name, config.value, in: &settings)
        case .delete: try CreateTopicsService.set(config.name, nil, in: &settings)
        case .append, .subtract:
            guard let setting = TopicSetting(rawValue: config.name), case .list = setting.kind else {
                throw TopicRefusal(
                    .invalidConfig,
                    "Can't \(operation) to key \(config.name) because its type is not LIST."
                )
            }
            let changed = (config.value ?? "").split(separator: ",").map { $0.trimmingSpaces() }
            var list = topic.value(setting).split(separator: ",").map { $0.trimmingSpaces() }
            if operation == .append {
                list += changed.filter { !list.contains($0) }
            } else {
                list.removeAll { changed.contains($0) }
            }
            try CreateTopicsService.set(config.name, list.joined(separator: ","), in: &settings)
        }
    }
}
