// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The requests of transactions and groups, and who serves them.
struct CoordinationRoutes {
    private let findCoordinator: FindCoordinatorService
    private let initProducerID: InitProducerIDService
    private let addPartitions: AddPartitionsToTransactionService
    private let addOffsets: AddOffsetsToTransactionService
    private let end: EndTransactionService
    private let transactionOffsetCommit: TransactionOffsetCommitService
    private let offsetCommit: OffsetCommitService
    private let offsetFetch: OffsetFetchService
    private let describe: DescribeTransactionsService
    private let groups: GroupRoutes

    init(_ transactions: TransactionCoordinator, _ groups: GroupCoordinator) {
        let cluster = transactions.cluster
        findCoordinator = FindCoordinatorService(cluster: cluster)
        initProducerID = InitProducerIDService(cluster: cluster, transactions: transactions)
        addPartitions = AddPartitionsToTransactionService(cluster: cluster, transactions: transactions)
        addOffsets = AddOffsetsToTransactionService(cluster: cluster, transactions: transactions)
        end = EndTransactionService(cluster: cluster, transactions: transactions)
        transactionOffsetCommit = TransactionOffsetCommitService(cluster: cluster, transactions: transactions)
        offsetCommit = OffsetCommitService(cluster: cluster)
        offsetFetch = OffsetFetchService(cluster: cluster)
        describe = DescribeTransactionsService(cluster: cluster)
        self.groups = GroupRoutes(groups)
    }

    /// Serves a request.
    func serve(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) -> Answer {
        switch context.header.apiKey {
        case .findCoordinator: findCoordinator.serve(try context.read(body), context)
        case .initProducerID: initProducerID.serve(try context.read(body), context)
        case .addPartitionsToTransaction: addPartitions.serve(try context.read(body), context)
        case .addOffsetsToTransaction: addOffsets.serve(try context.read(body), context)
        case .endTransaction: end.serve(try context.read(body), context)
        case .transactionOffsetCommit: transactionOffsetCommit.serve(try context.read(body), context)
        case .offsetCommit: offsetCommit.serve(try context.read(body), context)
        case .offsetFetch: offsetFetch.serve(try context.read(body), context)
        case .describeTransactions: describe.serve(try context.read(body) as DescribeTransactionsRequest, context)
        case .listTransactions: describe.serve(try context.read(body) as ListTransactionsRequest, context)
        default: try groups.serve(body, context)
        }
    }
}

extension RequestContext {
    /// The request that a frame holds.
    func read<Request: KafkaRequest>(_ body: ByteBuffer) throws(DecodingError) -> Request {
        var body = body
        return try Request(decoding: &body, version: version)
    }
}
