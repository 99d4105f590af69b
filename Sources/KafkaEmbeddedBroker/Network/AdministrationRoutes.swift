// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The requests of administrators, and who serves them.
struct AdministrationRoutes {
    private let createTopics: CreateTopicsService
    private let deleteTopics: DeleteTopicsService
    private let createPartitions: CreatePartitionsService
    private let describeCluster: DescribeClusterService
    private let describeConfigs: DescribeConfigsService
    private let alterConfigs: AlterConfigsService
    private let deleteRecords: DeleteRecordsService
    private let offsetForLeaderEpoch: OffsetForLeaderEpochService
    private let electLeaders: ElectLeadersService
    private let describeLogs: DescribeLogsService
    private let accessRules: AccessRulesService
    private let clientQuotas: ClientQuotasService

    init(_ cluster: Cluster) {
        createTopics = CreateTopicsService(cluster: cluster)
        deleteTopics = DeleteTopicsService(cluster: cluster)
        createPartitions = CreatePartitionsService(cluster: cluster)
        describeCluster = DescribeClusterService(cluster: cluster)
        describeConfigs = DescribeConfigsService(cluster: cluster)
        alterConfigs = AlterConfigsService(cluster: cluster)
        deleteRecords = DeleteRecordsService(cluster: cluster)
        offsetForLeaderEpoch = OffsetForLeaderEpochService(cluster: cluster)
        electLeaders = ElectLeadersService(cluster: cluster)
        describeLogs = DescribeLogsService(cluster: cluster)
        accessRules = AccessRulesService(cluster: cluster)
        clientQuotas = ClientQuotasService(cluster: cluster)
    }

    /// Serves a request; nil when it is none of an administrator.
    func serve(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) -> Answer? {
        switch context.header.apiKey {
        case .createTopics: createTopics.serve(try context.read(body), context)
        case .deleteTopics: deleteTopics.serve(try context.read(body), context)
        case .createPartitions: createPartitions.serve(try context.read(body), context)
        case .describeCluster: describeCluster.serve(try context.read(body), context)
        case .describeConfigs: describeConfigs.serve(try context.read(body), context)
        case .incrementalAlterConfigs:
            alterConfigs.serve(try context.read(body) as IncrementalAlterConfigsRequest, context)
        case .alterConfigs: alterConfigs.serve(try context.read(body) as AlterConfigsRequest, context)
        case .deleteRecords: deleteRecords.serve(try context.read(body), context)
        case .offsetForLeaderEpoch: offsetForLeaderEpoch.serve(try context.read(body), context)
        case .electLeaders: electLeaders.serve(try context.read(body) as ElectLeadersRequest, context)
        case .listPartitionReassignments:
            electLeaders.serve(try context.read(body) as ListPartitionReassignmentsRequest, context)
        case .describeLogDirs: describeLogs.serve(try context.read(body) as DescribeLogDirsRequest, context)
        case .describeProducers: describeLogs.serve(try context.read(body) as DescribeProducersRequest, context)
        default: try serveRules(body, context)
        }
    }

    private func serveRules(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) -> Answer? {
        switch context.header.apiKey {
        case .describeAcls: accessRules.serve(try context.read(body) as DescribeAclsRequest, context)
        case .createAcls: accessRules.serve(try context.read(body) as CreateAclsRequest, context)
        case .deleteAcls: accessRules.serve(try context.read(body) as DeleteAclsRequest, context)
        case .describeClientQuotas: clientQuotas.serve(try context.read(body) as DescribeClientQuotasRequest, context)
        case .alterClientQuotas: clientQuotas.serve(try context.read(body) as AlterClientQuotasRequest, context)
        default: nil
        }
    }
}
