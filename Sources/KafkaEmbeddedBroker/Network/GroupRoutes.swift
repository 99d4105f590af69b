// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The requests of members of groups, and of those who look after groups, and who serves them.
struct GroupRoutes {
    private let join: JoinGroupService
    private let sync: SyncGroupService
    private let heartbeat: HeartbeatService
    private let leave: LeaveGroupService
    private let list: ListGroupsService
    private let describe: DescribeGroupsService
    private let delete: DeleteGroupsService
    private let offsetDelete: OffsetDeleteService

    init(_ groups: GroupCoordinator) {
        let cluster = groups.cluster
        join = JoinGroupService(cluster: cluster, groups: groups)
        sync = SyncGroupService(cluster: cluster, groups: groups)
        heartbeat = HeartbeatService(cluster: cluster, groups: groups)
        leave = LeaveGroupService(cluster: cluster, groups: groups)
        list = ListGroupsService(cluster: cluster)
        describe = DescribeGroupsService(cluster: cluster)
        delete = DeleteGroupsService(cluster: cluster, groups: groups)
        offsetDelete = OffsetDeleteService(cluster: cluster)
    }

    /// Serves a request.
    func serve(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) -> Answer {
        switch context.header.apiKey {
        case .joinGroup: join.serve(try context.read(body), context)
        case .syncGroup: sync.serve(try context.read(body), context)
        case .heartbeat: heartbeat.serve(try context.read(body), context)
        case .leaveGroup: leave.serve(try context.read(body), context)
        case .listGroups: list.serve(try context.read(body), context)
        case .describeGroups: describe.serve(try context.read(body), context)
        case .deleteGroups: delete.serve(try context.read(body), context)
        case .offsetDelete: offsetDelete.serve(try context.read(body), context)
        default: .close(reason: "\(context.header.apiKey) is not served")
        }
    }
}
