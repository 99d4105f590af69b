// SPDX-License-Identifier: Apache-2.0
import KafkaClient
package import KafkaProtocol

/// What a program must know before it begins a transaction: what its group has committed, and what coordinators know of its
/// transactional id. Nobody is fenced by these questions.
extension KafkaProducer {
    /// Everything that a group has committed.
    ///
    /// - Parameters:
    ///   - group: The group's name.
    ///   - isStable: Whether what an open transaction is about to commit is waited for. Default: yes.
    ///   - patience: How long to ask.
    /// - Returns: The positions, without an order.
    /// - Throws: ``ProducerError`` when the coordinator refuses, or the patience is at its end.
    package func committedPositions(
        of group: String,
        isStable: Bool = true,
        _ patience: QuestionPatience
    ) async throws(ProducerError) -> [GroupPosition] {
        guard visits.enter() else { throw .closedProducer }
        defer { visits.leave() }
        return try await sender.committedPositions(of: group, isStable: isStable, patience)
    }

    /// What the coordinator knows of a transactional id.
    package func knowledge(
        ofTransactionalID id: String,
        _ patience: QuestionPatience
    ) async throws(ProducerError) -> TransactionalIDKnowledge {
        guard visits.enter() else { throw .closedProducer }
        defer { visits.leave() }
        return try await sender.knowledge(ofTransactionalID: id, patience)
    }

    /// The ids of the cluster, which old brokers do not tell, and of a topic that is known.
    package func clusterAndTopicID(_ topic: String) async -> (cluster: String?, topic: TopicID) {
        await sender.clusterAndTopicID(topic)
    }

    /// The epoch of the transactional id, once it is initialized.
    package func transactionalEpoch() async -> Int16? { await sender.transactionalEpoch }

    /// Asks once for the open transaction to be aborted, and waits for no answer: for a process that leaves at once, so that
    /// readers need not wait for the transaction's timeout. Nothing is asked once the commit was.
    ///
    /// - Parameter completion: Called when the request is on its way, or is not made.
    package func abandonTransaction(_ completion: @escaping @Sendable () -> Void) {
        guard visits.enter() else { return completion() }
        defer { visits.leave() }
        onSender { sender in sender.abandonTransaction(completion) }
    }
}

extension Sender {
    func committedPositions(
        of group: String,
        isStable: Bool,
        _ patience: QuestionPatience
    ) async throws(ProducerError) -> [GroupPosition] {
        let question = CoordinatorQuestion<OffsetFetchRequest>(
            coordinator: .group(group),
            key: group,
            // From 7 on open transactions are waited for; from 10 on topics go by their ids.
            versions: 7...9,
            request: { version in
                version < 8
                    ? OffsetFetchRequest(groupID: group, topics: nil, requireStable: isStable)
                    : OffsetFetchRequest(groups: [.init(groupID: group, topics: nil)], requireStable: isStable)
            },
            error: { response in
                let errors =
                    [response.errorCode] + response.topics.flatMap { $0.partitions.map(\.errorCode) }
                    + response.groups.flatMap { group in
                        [group.errorCode] + group.topics.flatMap { $0.partitions.map(\.errorCode) }
                    }
                return errors.first { $0 != .none } ?? .none
            }
        )
        let response = try await answer(to: question, patience)
        let old = response.topics.flatMap { topic in topic.partitions.map { (topic.name, $0) } }
        let new = response.groups.filter { $0.groupID == group }.flatMap(\.topics).flatMap { topic in
            topic.partitions.map { (topic.name, $0) }
        }
        return (old + new).filter { $0.1.committedOffset >= 0 }.map { topic, partition in
            GroupPosition(
                topic: topic,
                partition: partition.partitionIndex,
                offset: partition.committedOffset,
                metadata: partition.metadata ?? ""
            )
        }
    }

    func knowledge(
        ofTransactionalID id: String,
        _ patience: QuestionPatience
    ) async throws(ProducerError) -> TransactionalIDKnowledge {
        let question = CoordinatorQuestion<DescribeTransactionsRequest>(
            coordinator: .transaction,
            key: id,
            versions: 0...0,
            request: { _ in DescribeTransactionsRequest(transactionalIDs: [id]) },
            error: { response in
                let error = response.transactionStates.first?.errorCode ?? .none
                // That it is not known is what was asked.
                return error == .transactionalIDNotFound ? .none : error
            }
        )
        do throws(ProducerError) {
            let state = try await answer(to: question, patience).transactionStates.first
            guard let state, state.errorCode == .none else { return .unknown }
            return .known(state: state.transactionState)
        } catch {
            // Before Kafka 3.0 nobody could ask.
            guard error.code == .unsupportedVersion else { throw error }
            return .notTold
        }
    }

    func clusterAndTopicID(_ topic: String) -> (cluster: String?, topic: TopicID) {
        (client.cluster.clusterID, client.cluster.topics[topic]?.id ?? .zero)
    }
}
