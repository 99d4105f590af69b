// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

// What a topic or partition was refused by a fault has its error already; these put in the errors of what was done, and the
// throttle time.

extension DeleteTopicsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in responses.indices
        where failure.scope.covers(topic: responses[index].name ?? "", partition: nil) {
            responses[index].errorCode = failure.code
        }
    }
}

extension CreatePartitionsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in results.indices where failure.scope.covers(topic: results[index].name, partition: nil) {
            results[index].errorCode = failure.code
        }
    }
}

extension IncrementalAlterConfigsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in responses.indices where failure.scope.covers(topic: responses[index].resourceName, partition: nil)
        {
            responses[index].errorCode = failure.code
        }
    }
}

extension AlterConfigsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in responses.indices where failure.scope.covers(topic: responses[index].resourceName, partition: nil)
        {
            responses[index].errorCode = failure.code
        }
    }
}

extension DeleteRecordsResponse.PartitionResult: ServedPartition {}

extension DeleteRecordsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        failure.mark(&topics)
    }
}

extension OffsetForLeaderEpochResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for topic in topics.indices {
            for index in topics[topic].partitions.indices
            where failure.scope.covers(
                topic: topics[topic].topic,
                partition: topics[topic].partitions[index].partition
            ) {
                topics[topic].partitions[index].errorCode = failure.code
            }
        }
    }
}

extension ElectLeadersResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        replicaElectionResults = []
    }
}

extension ListPartitionReassignmentsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
    }
}

extension DescribeLogDirsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        results = []
    }
}

extension DescribeProducersResponse.Partition: ServedPartition {}

extension DescribeProducersResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        failure.mark(&topics)
    }
}

extension DescribeAclsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        resources = []
    }
}

extension CreateAclsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in results.indices { results[index].errorCode = failure.code }
    }
}

extension DeleteAclsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        filterResults = filterResults.map { _ in FilterResult(errorCode: failure.code) }
    }
}

extension DescribeClientQuotasResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        entries = nil
    }
}

extension AlterClientQuotasResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in entries.indices { entries[index].errorCode = failure.code }
    }
}
