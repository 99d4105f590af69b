// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

// What was refused before anything was done has its error already; these put in the errors of what was done, and the
// throttle time.

extension InitProducerIDResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        producerID = -1
        producerEpoch = -1
    }
}

extension FindCoordinatorResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        for index in coordinators.indices { coordinators[index].errorCode = failure.code }
    }
}

extension AddPartitionsToTransactionResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        Self.fail(&topics, failure)
        for index in resultsByTransaction.indices { Self.fail(&resultsByTransaction[index].topics, failure) }
    }

    private static func fail(_ topics: inout [TopicResult], _ failure: FaultOrders.Failure) {
        for topic in topics.indices {
            for index in topics[topic].partitions.indices {
                let partition = topics[topic].partitions[index]
                // What the broker itself refused keeps its error.
                guard partition.errorCode == .none,
                    failure.scope.covers(topic: topics[topic].name, partition: partition.partitionIndex)
                else { continue }
                topics[topic].partitions[index].errorCode = failure.code
            }
        }
    }
}

extension AddOffsetsToTransactionResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
    }
}

extension EndTransactionResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        self = EndTransactionResponse(throttleTimeMs: throttleTimeMs, errorCode: failure.code)
    }
}

extension TransactionOffsetCommitResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        failure.mark(&topics)
    }
}

extension OffsetCommitResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for topic in topics.indices {
            let name = names[topics[topic].topicID] ?? topics[topic].name
            for index in topics[topic].partitions.indices
            where failure.scope.covers(topic: name, partition: topics[topic].partitions[index].partitionIndex) {
                topics[topic].partitions[index].errorCode = failure.code
            }
        }
    }
}

extension OffsetFetchResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        guard failure.scope.isEverything else { return }
        errorCode = failure.code
        for index in groups.indices {
            groups[index].errorCode = failure.code
            groups[index].topics = []
        }
    }
}

extension DescribeTransactionsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in transactionStates.indices { transactionStates[index].errorCode = failure.code }
    }
}

extension ListTransactionsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        transactionStates = []
    }
}
