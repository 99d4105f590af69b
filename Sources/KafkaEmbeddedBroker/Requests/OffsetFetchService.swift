// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers OffsetFetch: what groups have committed.
struct OffsetFetchService {
    let cluster: Cluster

    typealias Request = OffsetFetchRequest
    typealias Response = OffsetFetchResponse

    /// The first version that asks for several groups.
    private static let firstManyVersion: Int16 = 8
    /// The first version that names topics by their ids.
    private static let firstTopicIDVersion: Int16 = 10
    /// The first version in which the request as a whole has an error.
    private static let firstErrorVersion: Int16 = 2

    func serve(_ request: Request, _ context: RequestContext) -> Answer {
        guard context.version < Self.firstManyVersion else {
            let groups = request.groups.map { fetch($0, isStable: request.requireStable, context) }
            return context.answer(Response(groups: groups))
        }
        var group = Request.Group(groupID: request.groupID, topics: nil)
        group.topics = request.topics?.map { .init(name: $0.name, partitionIndexes: $0.partitionIndexes) }
        let found = fetch(group, isStable: request.requireStable, context)
        var response = Response(errorCode: found.errorCode)
        response.topics = found.topics.map { .init(name: $0.name, partitions: $0.partitions) }
        if found.errorCode != .none, context.version < Self.firstErrorVersion {
            response.topics = failed(request.topics ?? [], found.errorCode)
        }
        return context.answer(response)
    }

    /// An error for each partition, where the request as a whole cannot have one.
    private func failed(_ topics: [Request.Topic], _ code: ErrorCode) -> [Response.Topic] {
        topics.map { topic in
            Response.Topic(name: topic.name, partitions: topic.partitionIndexes.map { Self.nothing($0, code) })
        }
    }

    private func fetch(_ group: Request.Group, isStable: Bool, _ context: RequestContext) -> Response.Group {
        var found = Response.Group(groupID: group.groupID)
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            try context.checkGroup(group.groupID, .describe, cluster)
        } catch {
            found.errorCode = error.code
            return found
        }
        for topic in group.topics ?? everything(of: group.groupID, context) {
            let isByID = context.version >= Self.firstTopicIDVersion
            let name = isByID ? cluster.topic(id: topic.topicID)?.name : topic.name
            var result = Response.GroupTopic(name: topic.name, topicID: topic.topicID)
            result.partitions = topic.partitionIndexes.map { index in
                guard let name else { return Self.nothing(index, .unknownTopicID) }
                let place = GroupOffset.Place(group: group.groupID, partition: TransactionPartition(name, index))
                return offset(at: place, isStable: isStable, context)
            }
            found.topics.append(result)
        }
        return found
    }

    /// All partitions that a group has committed offsets for, as far as the client may see their topics.
    private func everything(of group: String, _ context: RequestContext) -> [Request.GroupTopic] {
        let partitions = cluster.coordination.offsets.partitions(of: group)
        return Dictionary(grouping: partitions, by: \.topic).sorted { $0.key < $1.key }
            .filter { cluster.authorizer.allows(context.principal, .describe, .topic, $0.key) }
            .map { topic, partitions in
                Request.GroupTopic(
                    name: topic,
                    topicID: cluster.topics[topic]?.id ?? TopicID(),
                    partitionIndexes: partitions.map(\.index)
                )
            }
    }

    private func offset(
        at place: GroupOffset.Place,
        isStable: Bool,
        _ context: RequestContext
    ) -> Response.Partition {
        let (topic, index) = (place.partition.topic, place.partition.index)
        if let code = context.faults?.error(topic: topic, partition: index) { return Self.nothing(index, code) }
        guard cluster.authorizer.allows(context.principal, .describe, .topic, topic) else {
            return Self.nothing(index, .topicAuthorizationFailed)
        }
        let offsets = cluster.coordination.offsets
        if isStable, offsets.isPending(place) { return Self.nothing(index, .unstableOffsetCommit) }
        guard let offset = offsets.offset(at: place) else { return Self.nothing(index, .none) }
        return Response.Partition(
            partitionIndex: index,
            committedOffset: offset.offset,
            committedLeaderEpoch: offset.leaderEpoch,
            metadata: offset.metadata
        )
    }

    private static func nothing(_ index: Int32, _ code: ErrorCode) -> Response.Partition {
        Response.Partition(partitionIndex: index, committedOffset: -1, metadata: "", errorCode: code)
    }
}
