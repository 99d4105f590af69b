// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers DescribeTransactions and ListTransactions: how transactional ids stand (KIP-664).
struct DescribeTransactionsService {
    /// The later version has a regular expression, which a client could let this broker match for ever.
    static let listVersions: ClosedRange<Int16> = 0...1

    let cluster: Cluster

    func serve(_ request: DescribeTransactionsRequest, _ context: RequestContext) -> Answer {
        let states = request.transactionalIDs.map { describe($0, context) }
        return context.answer(DescribeTransactionsResponse(transactionStates: states))
    }

    private func describe(
        _ id: String,
        _ context: RequestContext
    ) -> DescribeTransactionsResponse.TransactionState {
        var state = DescribeTransactionsResponse.TransactionState(transactionalID: id)
        guard cluster.authorizer.allows(context.principal, .describe, .transactionalID, id) else {
            state.errorCode = .transactionalIDAuthorizationFailed
            return state
        }
        let key = CoordinatorKey(kind: .transaction, name: id)
        if let objection = context.faults?.refusal ?? cluster.objection(to: context.nodeID, coordinating: key) {
            state.errorCode = objection
            return state
        }
        guard let entry = cluster.coordination.transactions[id] else {
            state.errorCode = .transactionalIDNotFound
            return state
        }
        state.transactionState = entry.phase.rawValue
        state.transactionTimeoutMs = entry.timeout
        state.transactionStartTimeMs = entry.start
        state.producerID = entry.producer.id
        state.producerEpoch = entry.producer.epoch
        let visible = entry.partitions.filter {
            $0.holdsOffsets || cluster.authorizer.allows(context.principal, .describe, .topic, $0.topic)
        }
        state.topics = Dictionary(grouping: visible, by: \.topic).sorted { $0.key < $1.key }.map { topic, partitions in
            .init(topic: topic, partitions: partitions.map(\.index).sorted())
        }
        return state
    }

    func serve(_ request: ListTransactionsRequest, _ context: RequestContext) -> Answer {
        var response = ListTransactionsResponse(errorCode: context.faults?.refusal ?? .none)
        guard response.errorCode == .none else { return context.answer(response) }
        let phases = Set(request.stateFilters.compactMap(TransactionPhase.init(rawValue:)))
        response.unknownStateFilters = request.stateFilters.filter { TransactionPhase(rawValue: $0) == nil }
        guard request.stateFilters.isEmpty || !phases.isEmpty else { return context.answer(response) }
        let state = cluster.coordination
        for (id, entry) in state.transactions.sorted(by: { $0.key < $1.key }) {
            let key = CoordinatorKey(kind: .transaction, name: id)
            guard
                phases.isEmpty || phases.contains(entry.phase),
                request.producerIDFilters.isEmpty || request.producerIDFilters.contains(entry.producer.id),
                request.durationFilter < 0 || entry.start >= 0 && state.now - entry.start > request.durationFilter,
                cluster.objection(to: context.nodeID, coordinating: key) == nil,
                cluster.authorizer.allows(context.principal, .describe, .transactionalID, id)
            else { continue }
            response.transactionStates.append(
                .init(transactionalID: id, producerID: entry.producer.id, transactionState: entry.phase.rawValue)
            )
        }
        return context.answer(response)
    }
}
