// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// Sends a transaction's requests, and reads from the answers what the transaction goes by.
struct TransactionMessages {
    /// How a request ended.
    enum End {
        case answered(TransactionAnswer)
        case unanswered(RequestFailure)
    }

    let transactionalID: String
    let timeout: Duration
    let client: ClusterClient

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - identity: The producer's id and epoch.
    ///   - version: The version to ask in.
    ///   - connection: The connection to the one who is asked.
    ///   - now: The time.
    ///   - completion: Called once with how it ended.
    func send(
        _ request: TransactionRequest,
        as identity: ProducerIDAndEpoch?,
        version: Int16,
        over connection: BrokerConnection,
        now: NIODeadline,
        completion: @escaping (End, NIODeadline) -> Void
    ) {
        let identity = identity ?? ProducerIDAndEpoch(id: -1, epoch: -1)
        let route = Route(version: version, connection: connection, now: now, completion: completion)
        switch request {
        case .findCoordinator(let coordinator):
            let (key, type) = self.key(of: coordinator)
            let message = FindCoordinatorRequest(
                key: version < 4 ? key : "",
                keyType: type,
                coordinatorKeys: version < 4 ? [] : [key]
            )
            ask(message, route) { Self.answer($0, key: key) }
        case .initProducerID(let former):
            let message = InitProducerIDRequest(
                transactionalID: transactionalID,
                transactionTimeoutMs: Int32(clamping: timeout.milliseconds),
                producerID: former?.id ?? -1,
                producerEpoch: former?.epoch ?? -1
            )
            ask(message, route) { Self.answer($0) }
        case .addPartitions(let partitions):
            ask(message(adding: partitions, identity), route) { response in
                TransactionAnswer(errors: response.topics.flatMap { $0.partitions.map(\.errorCode) })
            }
        case .addOffsets(let group):
            let message = AddOffsetsToTransactionRequest(
                transactionalID: transactionalID,
                producerID: identity.id,
                producerEpoch: identity.epoch,
                groupID: group
            )
            ask(message, route) { TransactionAnswer($0.errorCode) }
        case .commitOffsets(let pending):
            ask(message(committing: pending, identity, version: version), route) { response in
                TransactionAnswer(errors: response.topics.flatMap { $0.partitions.map(\.errorCode) })
            }
        case .end(let commits):
            let message = EndTransactionRequest(
                transactionalID: transactionalID,
                producerID: identity.id,
                producerEpoch: identity.epoch,
                committed: commits
            )
            ask(message, route) { Self.answer($0) }
        }
    }

    /// Where a request goes, and who gets its end.
    private struct Route {
        let version: Int16
        let connection: BrokerConnection
        let now: NIODeadline
        let completion: (End, NIODeadline) -> Void
    }

    private func ask<Request: KafkaRequest>(
        _ request: Request,
        _ route: Route,
        _ read: @escaping (Request.Response) -> TransactionAnswer
    ) where Request.Response: ThrottledResponse {
        client.connections.send(request, version: route.version, over: route.connection, now: route.now) {
            result,
            times in
            switch result {
            case .success(let response): route.completion(.answered(read(response)), times.endedAt)
            case .failure(let failure): route.completion(.unanswered(failure), times.endedAt)
            }
        }
    }

    // MARK: requests

    private func key(of coordinator: TransactionRequest.Coordinator) -> (String, Int8) {
        switch coordinator {
        case .transaction: (transactionalID, FindCoordinatorRequest.transactionKeyType)
        case .group(let group): (group, FindCoordinatorRequest.groupKeyType)
        }
    }

    private func message(
        adding partitions: [TransactionPartition],
        _ identity: ProducerIDAndEpoch
    ) -> AddPartitionsToTransactionRequest {
        var request = AddPartitionsToTransactionRequest(
            transactionalID: transactionalID,
            producerID: identity.id,
            producerEpoch: identity.epoch
        )
        for (topic, members) in Dictionary(grouping: partitions, by: \.topic).sorted(by: { $0.key < $1.key }) {
            request.topics.append(.init(name: topic, partitions: members.map(\.partition)))
        }
        return request
    }

    private func message(
        committing pending: PendingOffsets,
        _ identity: ProducerIDAndEpoch,
        version: Int16
    ) -> TransactionOffsetCommitRequest {
        var request = TransactionOffsetCommitRequest(
            transactionalID: transactionalID,
            groupID: pending.member.group,
            producerID: identity.id,
            producerEpoch: identity.epoch,
            generationID: pending.member.generation,
            memberID: pending.member.memberID,
            groupInstanceID: pending.member.instanceID
        )
        for (topic, offsets) in Dictionary(grouping: pending.offsets, by: \.topic).sorted(by: { $0.key < $1.key }) {
            let partitions = offsets.map { offset in
                TransactionOffsetCommitRequest.Partition(
                    partitionIndex: offset.partition,
                    committedOffset: offset.offset,
                    committedLeaderEpoch: version < 2 ? -1 : offset.leaderEpoch,
                    committedMetadata: offset.metadata
                )
            }
            request.topics.append(.init(name: topic, partitions: partitions))
        }
        return request
    }

    // MARK: answers

    private static func answer(_ response: FindCoordinatorResponse, key: String) -> TransactionAnswer {
        var error = response.errorCode
        var message = response.errorMessage
        var found = CoordinatorAddress(node: response.nodeID, host: response.host, port: response.port)
        if !response.coordinators.isEmpty {
            // What was not asked for says nothing.
            guard let entry = response.coordinators.first(where: { $0.key == key }) else {
                return TransactionAnswer(.coordinatorNotAvailable)
            }
            (error, message) = (entry.errorCode, entry.errorMessage)
            found = CoordinatorAddress(node: entry.nodeID, host: entry.host, port: entry.port)
        }
        guard error != .none || BrokerAddress.ports.contains(Int(found.port)) else {
            return TransactionAnswer(.coordinatorNotAvailable)
        }
        var answer = TransactionAnswer(error)
        answer.message = message
        answer.coordinator = found
        return answer
    }

    private static func answer(_ response: InitProducerIDResponse) -> TransactionAnswer {
        // Batches with negative numbers would be taken for those of a producer without idempotence.
        guard response.errorCode != .none || response.producerID >= 0 && response.producerEpoch >= 0 else {
            return TransactionAnswer(.coordinatorNotAvailable)
        }
        var answer = TransactionAnswer(response.errorCode)
        answer.identity = ProducerIDAndEpoch(id: response.producerID, epoch: response.producerEpoch)
        return answer
    }

    private static func answer(_ response: EndTransactionResponse) -> TransactionAnswer {
        var answer = TransactionAnswer(response.errorCode)
        if response.errorCode == .none, response.producerID >= 0, response.producerEpoch >= 0 {
            answer.identity = ProducerIDAndEpoch(id: response.producerID, epoch: response.producerEpoch)
        }
        return answer
    }
}
