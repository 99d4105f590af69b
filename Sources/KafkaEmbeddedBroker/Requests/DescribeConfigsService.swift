// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers DescribeConfigs: the settings of topics and brokers that have an effect here, with the values that hold.
struct DescribeConfigsService {
    let cluster: Cluster

    func serve(_ request: DescribeConfigsRequest, _ context: RequestContext) -> Answer {
        context.answer(DescribeConfigsResponse(results: request.resources.map { describe($0, context) }))
    }

    private func describe(
        _ resource: DescribeConfigsRequest.Resource,
        _ context: RequestContext
    ) -> DescribeConfigsResponse.Result {
        var result = DescribeConfigsResponse.Result(
            errorMessage: nil,
            resourceType: resource.resourceType,
            resourceName: resource.resourceName
        )
        do throws(TopicRefusal) {
            let settings = try settings(of: resource, context)
            result.configs = settings.filter { resource.configurationKeys?.contains($0.name) ?? true }
        } catch {
            result.errorCode = error.code
            result.errorMessage = error.message
        }
        return result
    }

    private func settings(
        of resource: DescribeConfigsRequest.Resource,
        _ context: RequestContext
    ) throws(TopicRefusal) -> [DescribeConfigsResponse.Config] {
        let name = resource.resourceName
        switch resource.resourceType {
        case DescribeConfigsRequest.topicResource:
            guard cluster.authorizer.allows(context.principal, .describeConfigs, .topic, name) else {
                throw TopicRefusal(.topicAuthorizationFailed, nil)
            }
            if let objection = TopicName.objection(to: name) {
                throw TopicRefusal(.invalidTopic, "Topic name is invalid: \(objection)")
            }
            guard let topic = cluster.topics[name] else { throw TopicRefusal(.unknownTopicOrPartition, nil) }
            return settings(of: topic)
        case DescribeConfigsRequest.brokerResource:
            guard cluster.authorizer.allows(context.principal, .describeConfigs, .cluster) else {
                throw TopicRefusal(.clusterAuthorizationFailed, nil)
            }
            // An empty name asks for the settings that all brokers have in common by KIP-226: there are none.
            guard !name.isEmpty else { return [] }
            guard name == "\(context.nodeID)" else {
                throw TopicRefusal(
                    .invalidRequest,
                    "Unexpected broker id, expected \(context.nodeID) or empty string, but received \(name)"
                )
            }
            return brokerSettings
        default:
            throw TopicRefusal(.invalidRequest, "Unsupported resource type: \(resource.resourceType)")
        }
    }

    /// Records are kept for ever, as they were sent.
    private func settings(of topic: Topic) -> [DescribeConfigsResponse.Config] {
        let own = topic.settings
        return [
            setting("cleanup.policy", "delete", .list),
            setting("compression.type", "producer", .string),
            setting("max.message.bytes", topic.maxMessageBytes, .int, isOwn: own.maxMessageBytes != nil),
            setting("message.timestamp.type", "CreateTime", .string),
            setting("min.insync.replicas", topic.minInSyncReplicas, .int, isOwn: own.minInSyncReplicas != nil),
            setting("retention.bytes", -1, .long),
            setting("retention.ms", -1, .long),
            setting("segment.bytes", cluster.configuration.segmentBytes, .int),
        ]
    }

    private var brokerSettings: [DescribeConfigsResponse.Config] {
        let configuration = cluster.configuration
        return [
            setting("auto.create.topics.enable", configuration.autoCreateTopics, .boolean),
            setting("compression.type", "producer", .string),
            setting(
                "connections.max.reauth.ms",
                configuration.security.sessionLifetime?.milliseconds ?? 0,
                .long
            ),
            setting("default.replication.factor", configuration.replicationFactor, .int),
            setting("log.segment.bytes", configuration.segmentBytes, .int),
            setting("message.max.bytes", configuration.messageMaxBytes, .int),
            setting("min.insync.replicas", configuration.minInSyncReplicas, .int),
            setting("num.partitions", configuration.partitions, .int),
            setting("socket.request.max.bytes", configuration.requestMaxBytes, .int),
        ].map { setting in
            var setting = setting
            setting.readOnly = true
            return setting
        }
    }

    /// Kafka's numbers of the types of values.
    private enum ValueType: Int8 {
        case boolean = 1
        case string = 2
        case int = 3
        case long = 5
        case list = 7
    }

    /// Kafka's numbers of where a value comes from.
    private enum Source: Int8 {
        case topic = 1
        case standard = 5
    }

    private func setting(
        _ name: String,
        _ value: some CustomStringConvertible,
        _ type: ValueType,
        isOwn: Bool = false
    ) -> DescribeConfigsResponse.Config {
        let source: Source = isOwn ? .topic : .standard
        return DescribeConfigsResponse.Config(
            name: name,
            value: value.description,
            configSource: source.rawValue,
            configType: type.rawValue
        )
    }
}
