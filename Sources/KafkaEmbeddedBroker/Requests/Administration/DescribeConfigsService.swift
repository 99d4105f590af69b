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

    private func settings(of topic: Topic) -> [DescribeConfigsResponse.Config] {
        TopicSetting.allCases.map { known in
            setting(known.rawValue, topic.value(known), ValueType(known.kind), isOwn: topic.settings[known] != nil)
        }
    }

    private var brokerSettings: [DescribeConfigsResponse.Config] {
        let configuration = cluster.configuration
        let settings = [
            setting("auto.create.topics.enable", configuration.autoCreateTopics, .boolean),
            setting("connections.max.idle.ms", configuration.connectionsMaxIdle.milliseconds, .long),
            setting(
                "connections.max.reauth.ms",
                configuration.security.sessionLifetime?.milliseconds ?? 0,
                .long
            ),
            setting("default.replication.factor", configuration.replicationFactor, .int),
            setting("log.cleaner.backoff.ms", configuration.compactionInterval.milliseconds, .long),
            setting("log.retention.check.interval.ms", configuration.retentionCheckInterval.milliseconds, .long),
            setting("num.partitions", configuration.partitions, .int),
            setting("queued.max.request.bytes", configuration.queuedMaxRequestBytes, .long),
            setting("socket.request.max.bytes", configuration.requestMaxBytes, .int),
        ]
        let topicSettings = TopicSetting.allCases.map { known in
            setting(known.brokerName, configuration.value(known), ValueType(known.kind))
        }
        return (settings + topicSettings).sorted { $0.name < $1.name }.map { setting in
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
        case double = 6
        case list = 7

        init(_ kind: TopicSetting.Kind) {
            switch kind {
            case .list: self = .list
            case .words: self = .string
            case .int: self = .int
            case .long: self = .long
            case .fraction: self = .double
            case .boolean: self = .boolean
            }
        }
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
