// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Finds out which topics and partitions a request names. Requests that cannot be read name none.
struct ArrivalReader {
    let cluster: Cluster

    private static let firstTopicIDVersion: Int16 = 13

    /// What a plan is asked with, and the names of topics that are named by their ids.
    func read(_ body: ByteBuffer, _ context: RequestContext) -> (arrival: RequestArrival, names: [TopicID: String]) {
        var arrival = RequestArrival(event: .request(context.header.apiKey), node: context.nodeID)
        var names: [TopicID: String] = [:]
        guard ServedAPI.isServed(context.header.apiKey, version: context.version) else { return (arrival, names) }
        do throws(DecodingError) {
            let coordinated = try CoordinatedParts(body, context)
            arrival.coordinated = coordinated.keys
            arrival.places = try places(body, context, &names) + coordinated.places
        } catch {
            arrival.places = []
        }
        return (arrival, names)
    }

    private func places(
        _ body: ByteBuffer,
        _ context: RequestContext,
        _ names: inout [TopicID: String]
    ) throws(DecodingError) -> [RequestArrival.Place] {
        var body = body
        let version = context.version
        var places: [RequestArrival.Place] = []
        switch context.header.apiKey {
        case .produce:
            for data in try ProduceRequest(decoding: &body, version: version).topicData {
                let topic = name(data.name, data.topicID, context, &names)
                places += data.partitionData.map { RequestArrival.Place(topic: topic, partition: $0.index) }
            }
        case .fetch:
            for data in try FetchRequest(decoding: &body, version: version).topics {
                let topic = name(data.topic, data.topicID, context, &names)
                places += data.partitions.map { RequestArrival.Place(topic: topic, partition: $0.partition) }
            }
        case .listOffsets:
            for data in try ListOffsetsRequest(decoding: &body, version: version).topics {
                places += data.partitions.map { RequestArrival.Place(topic: data.name, partition: $0.partitionIndex) }
            }
        case .metadata:
            let wanted = try MetadataRequest(decoding: &body, version: version).topics
            let topics = wanted?.compactMap { $0.name ?? cluster.topic(id: $0.topicID)?.name }
            places = (topics ?? Array(cluster.topics.keys)).map { RequestArrival.Place(topic: $0) }
        case .createTopics:
            let wanted = try CreateTopicsRequest(decoding: &body, version: version).topics
            places = wanted.map { RequestArrival.Place(topic: $0.name) }
        case .describeConfigs:
            let wanted = try DescribeConfigsRequest(decoding: &body, version: version).resources
            places = wanted.filter { $0.resourceType == DescribeConfigsRequest.topicResource }
                .map { RequestArrival.Place(topic: $0.resourceName) }
        default: places = try administeredPlaces(body, context)
        }
        return places
    }

    private func administeredPlaces(
        _ body: ByteBuffer,
        _ context: RequestContext
    ) throws(DecodingError) -> [RequestArrival.Place] {
        switch context.header.apiKey {
        case .deleteTopics:
            let request: DeleteTopicsRequest = try context.read(body)
            let named = request.topics.compactMap { $0.name ?? cluster.topic(id: $0.topicID)?.name }
            return (request.topicNames + named).map { RequestArrival.Place(topic: $0) }
        case .createPartitions:
            let request: CreatePartitionsRequest = try context.read(body)
            return request.topics.map { RequestArrival.Place(topic: $0.name) }
        case .incrementalAlterConfigs:
            let request: IncrementalAlterConfigsRequest = try context.read(body)
            return request.resources.filter { $0.resourceType == DescribeConfigsRequest.topicResource }
                .map { RequestArrival.Place(topic: $0.resourceName) }
        case .alterConfigs:
            let request: AlterConfigsRequest = try context.read(body)
            return request.resources.filter { $0.resourceType == DescribeConfigsRequest.topicResource }
                .map { RequestArrival.Place(topic: $0.resourceName) }
        case .deleteRecords:
            let request: DeleteRecordsRequest = try context.read(body)
            return request.topics.flatMap { topic in
                topic.partitions.map { RequestArrival.Place(topic: topic.name, partition: $0.partitionIndex) }
            }
        case .offsetForLeaderEpoch:
            let request: OffsetForLeaderEpochRequest = try context.read(body)
            return request.topics.flatMap { topic in
                topic.partitions.map { RequestArrival.Place(topic: topic.topic, partition: $0.partition) }
            }
        case .describeProducers:
            let request: DescribeProducersRequest = try context.read(body)
            return request.topics.flatMap { topic in
                topic.partitionIndexes.map { RequestArrival.Place(topic: topic.name, partition: $0) }
            }
        default: return []
        }
    }

    private func name(
        _ name: String,
        _ id: TopicID,
        _ context: RequestContext,
        _ names: inout [TopicID: String]
    ) -> String {
        guard context.version >= Self.firstTopicIDVersion else { return name }
        let found = cluster.topic(id: id)?.name ?? ""
        names[id] = found
        return found
    }
}
