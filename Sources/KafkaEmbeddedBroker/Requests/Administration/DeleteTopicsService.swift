// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers DeleteTopics: topics go with all their records, and with what groups have committed for them.
struct DeleteTopicsService {
    let cluster: Cluster

    /// The first version that can name topics by their ids.
    private static let firstTopicIDVersion: Int16 = 6

    func serve(_ request: DeleteTopicsRequest, _ context: RequestContext) -> Answer {
        let wanted =
            context.version < Self.firstTopicIDVersion
            ? request.topicNames.map { DeleteTopicsRequest.Topic(name: $0) } : request.topics
        let results = wanted.map { topic in
            var result = DeleteTopicsResponse.Result(name: topic.name, topicID: topic.topicID)
            do throws(TopicRefusal) {
                let found = try find(topic, context)
                result.name = found.name
                result.topicID = found.id
                do throws(EmbeddedBrokerError) {
                    try cluster.deleteTopic(found)
                } catch {
                    throw TopicRefusal(.kafkaStorageError, error.message)
                }
            } catch {
                result.errorCode = error.code
                result.errorMessage = error.message
            }
            return result
        }
        return context.answer(DeleteTopicsResponse(responses: results))
    }

    private func find(_ wanted: DeleteTopicsRequest.Topic, _ context: RequestContext) throws(TopicRefusal) -> Topic {
        let isByID = wanted.name == nil
        guard isByID || wanted.topicID == .zero else {
            throw TopicRefusal(.invalidRequest, "Either the name or the id of a topic must be given, and not both.")
        }
        if let code = context.faults?.error(topic: wanted.name ?? "", partition: nil) {
            throw TopicRefusal(code, "a fault wants it")
        }
        let byID = isByID ? cluster.topic(id: wanted.topicID) : nil
        guard let name = wanted.name ?? byID?.name else { throw TopicRefusal(.unknownTopicID, nil) }
        guard cluster.authorizer.allows(context.principal, .delete, .topic, name) else {
            throw TopicRefusal(.topicAuthorizationFailed, "Authorization failed.")
        }
        guard let topic = cluster.topics[name] else {
            throw TopicRefusal(.unknownTopicOrPartition, "There is no topic '\(name)'.")
        }
        return topic
    }
}
