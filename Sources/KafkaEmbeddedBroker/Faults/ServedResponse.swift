// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A response that can be made to say that something is wrong.
protocol ServedResponse: KafkaResponse {
    /// Milliseconds for which the client is told to wait (KIP-219).
    var throttleTimeMs: Int32 { get set }
    /// Puts an error in where it belongs.
    ///
    /// - Parameters:
    ///   - failure: The error, and for which part of the request.
    ///   - names: The names of topics that the response names by their ids.
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String])
    /// Changes records in it, if it has any.
    mutating func spoil(_ spoiling: FaultOrders.Spoiling, names: [TopicID: String])
}

extension ServedResponse {
    mutating func spoil(_ spoiling: FaultOrders.Spoiling, names: [TopicID: String]) {}
}

extension FaultOrders {
    /// The response with the errors and the throttle time that are wanted.
    func marking<Response: ServedResponse>(_ response: Response) -> Response {
        var response = response
        if let throttle { response.throttleTimeMs = Int32(clamping: throttle.milliseconds) }
        for failure in failures { response.fail(failure, names: names) }
        for spoiling in spoilings { response.spoil(spoiling, names: names) }
        return response
    }
}

/// What a response says of one partition.
protocol ServedPartition: FieldValue, Equatable, Sendable {
    var partitionIndex: Int32 { get }
    var errorCode: ErrorCode { get set }
}

extension FaultOrders.Failure {
    /// Puts the error in for those partitions that it is for.
    func mark<Partition: ServedPartition>(_ topics: inout [TopicEntry<Partition>]) {
        for topic in topics.indices {
            for index in topics[topic].partitions.indices
            where scope.covers(topic: topics[topic].name, partition: topics[topic].partitions[index].partitionIndex) {
                topics[topic].partitions[index].errorCode = code
            }
        }
    }
}

extension PartitionError: ServedPartition {}

/// What stands in a response for the leader that there is not.
private let noLeader = Partition.noLeader

extension ProduceResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for topic in responses.indices {
            let name = names[responses[topic].topicID] ?? responses[topic].name
            for index in responses[topic].partitionResponses.indices {
                let partition = responses[topic].partitionResponses[index]
                // What the broker itself refused keeps its error.
                guard partition.errorCode == .none, failure.scope.covers(topic: name, partition: partition.index) else {
                    continue
                }
                responses[topic].partitionResponses[index] = PartitionResponse(
                    index: partition.index,
                    errorCode: failure.code,
                    baseOffset: -1,
                    errorMessage: "a fault wants it"
                )
            }
        }
    }
}

extension FetchResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for topic in responses.indices {
            let name = names[responses[topic].topicID] ?? responses[topic].topic
            for index in responses[topic].partitions.indices
            where failure.scope.covers(topic: name, partition: responses[topic].partitions[index].partitionIndex) {
                responses[topic].partitions[index].errorCode = failure.code
                responses[topic].partitions[index].records = nil
            }
        }
    }

    mutating func spoil(_ spoiling: FaultOrders.Spoiling, names: [TopicID: String]) {
        for topic in responses.indices {
            let name = names[responses[topic].topicID] ?? responses[topic].topic
            for index in responses[topic].partitions.indices
            where spoiling.scope.covers(topic: name, partition: responses[topic].partitions[index].partitionIndex) {
                guard let records = responses[topic].partitions[index].records else { continue }
                responses[topic].partitions[index].records = SpoiledBatch.spoil(records, spoiling.damage)
            }
        }
    }
}

extension ListOffsetsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for topic in topics.indices {
            let name = topics[topic].name
            for index in topics[topic].partitions.indices
            where failure.scope.covers(topic: name, partition: topics[topic].partitions[index].partitionIndex) {
                topics[topic].partitions[index].errorCode = failure.code
                topics[topic].partitions[index].offset = -1
            }
        }
    }
}

extension MetadataResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for topic in topics.indices where failure.scope.covers(topic: topics[topic].name ?? "", partition: nil) {
            guard let partition = failure.scope.partition else {
                topics[topic].errorCode = failure.code
                topics[topic].partitions = []
                continue
            }
            for index in topics[topic].partitions.indices
            where topics[topic].partitions[index].partitionIndex == partition {
                topics[topic].partitions[index].errorCode = failure.code
                topics[topic].partitions[index].leaderID = noLeader
            }
        }
    }
}

extension CreateTopicsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for topic in topics.indices where failure.scope.covers(topic: topics[topic].name, partition: nil) {
            topics[topic].errorCode = failure.code
            topics[topic].errorMessage = "a fault wants it"
            topics[topic].configs = nil
        }
    }
}

extension SaslHandshakeResponse: ServedResponse {
    // A login is not throttled: its responses have no such field.
    var throttleTimeMs: Int32 {
        get { 0 }
        set {}
    }

    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
    }
}

extension SaslAuthenticateResponse: ServedResponse {
    // A login is not throttled: its responses have no such field.
    var throttleTimeMs: Int32 {
        get { 0 }
        set {}
    }

    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        errorMessage = "a fault wants it"
        authBytes = ByteBuffer()
    }
}

extension ApiVersionsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        apiKeys = []
    }
}

extension DescribeClusterResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        errorMessage = "a fault wants it"
        brokers = []
    }
}

extension DescribeConfigsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in results.indices where failure.scope.covers(topic: results[index].resourceName, partition: nil) {
            results[index].errorCode = failure.code
            results[index].errorMessage = "a fault wants it"
            results[index].configs = []
        }
    }
}
