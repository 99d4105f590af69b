// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The groups, transactional ids and partitions that a request to a coordinator names.
struct CoordinatedParts {
    /// The requests that name groups or transactional ids.
    static let keys: Set<APIKey> = [
        .findCoordinator, .initProducerID, .addPartitionsToTransaction, .addOffsetsToTransaction, .endTransaction,
        .transactionOffsetCommit, .offsetCommit, .offsetFetch, .joinGroup, .syncGroup, .heartbeat, .leaveGroup,
        .describeGroups, .deleteGroups, .offsetDelete,
    ]

    private(set) var keys: [CoordinatorKey] = []
    private(set) var places: [RequestArrival.Place] = []

    init(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) {
        switch context.header.apiKey {
        case .findCoordinator: take(try context.read(body) as FindCoordinatorRequest)
        case .initProducerID:
            let request: InitProducerIDRequest = try context.read(body)
            if let id = request.transactionalID { transaction(id) }
        case .addPartitionsToTransaction: take(try context.read(body) as AddPartitionsToTransactionRequest)
        case .addOffsetsToTransaction:
            let request: AddOffsetsToTransactionRequest = try context.read(body)
            transaction(request.transactionalID)
        case .endTransaction:
            let request: EndTransactionRequest = try context.read(body)
            transaction(request.transactionalID)
        case .transactionOffsetCommit:
            let request: TransactionOffsetCommitRequest = try context.read(body)
            group(request.groupID)
            for topic in request.topics { add(topic.name, topic.partitions.map(\.partitionIndex)) }
        case .offsetCommit:
            let request: OffsetCommitRequest = try context.read(body)
            group(request.groupID)
            for topic in request.topics { add(topic.name, topic.partitions.map(\.partitionIndex)) }
        case .offsetFetch: take(try context.read(body) as OffsetFetchRequest)
        default: try takeMembers(body, context)
        }
    }

    private mutating func takeMembers(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) {
        switch context.header.apiKey {
        case .joinGroup: group((try context.read(body) as JoinGroupRequest).groupID)
        case .syncGroup: group((try context.read(body) as SyncGroupRequest).groupID)
        case .heartbeat: group((try context.read(body) as HeartbeatRequest).groupID)
        case .leaveGroup: group((try context.read(body) as LeaveGroupRequest).groupID)
        case .describeGroups: for name in (try context.read(body) as DescribeGroupsRequest).groups { group(name) }
        case .deleteGroups: for name in (try context.read(body) as DeleteGroupsRequest).groupsNames { group(name) }
        case .offsetDelete:
            let request: OffsetDeleteRequest = try context.read(body)
            group(request.groupID)
            for topic in request.topics { add(topic.name, topic.partitions.map(\.partitionIndex)) }
        default: break
        }
    }

    private mutating func take(_ request: FindCoordinatorRequest) {
        for name in request.coordinatorKeys + [request.key] where !name.isEmpty {
            if request.keyType == CoordinatorKey.Kind.group.rawValue { group(name) } else { transaction(name) }
        }
    }

    private mutating func take(_ request: AddPartitionsToTransactionRequest) {
        if !request.transactionalID.isEmpty { transaction(request.transactionalID) }
        for each in request.transactions { transaction(each.transactionalID) }
        for topic in request.topics + request.transactions.flatMap(\.topics) { add(topic.name, topic.partitions) }
    }

    private mutating func take(_ request: OffsetFetchRequest) {
        if !request.groupID.isEmpty { group(request.groupID) }
        for topic in request.topics ?? [] { add(topic.name, topic.partitionIndexes) }
        for each in request.groups {
            group(each.groupID)
            for topic in each.topics ?? [] { add(topic.name, topic.partitionIndexes) }
        }
    }

    private mutating func transaction(_ id: String) {
        keys.append(CoordinatorKey(kind: .transaction, name: id))
    }

    private mutating func group(_ name: String) {
        keys.append(CoordinatorKey(kind: .group, name: name))
    }

    private mutating func add(_ topic: String, _ partitions: [Int32]) {
        places += partitions.map { RequestArrival.Place(topic: topic, partition: $0) }
    }
}
