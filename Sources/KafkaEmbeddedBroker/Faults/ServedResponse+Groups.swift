// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

// What was refused before anything was done has its error already; these put in the errors of what was done, and the
// throttle time.

extension JoinGroupResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        self = JoinGroupResponse(throttleTimeMs: throttleTimeMs, errorCode: failure.code, memberID: memberID)
    }
}

extension SyncGroupResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        self = SyncGroupResponse(throttleTimeMs: throttleTimeMs, errorCode: failure.code)
    }
}

extension HeartbeatResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
    }
}

extension LeaveGroupResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        members = []
    }
}

extension ListGroupsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        errorCode = failure.code
        groups = []
    }
}

extension DescribeGroupsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        groups = groups.map { Group(errorCode: failure.code, groupID: $0.groupID) }
    }
}

extension DeleteGroupsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        for index in results.indices { results[index].errorCode = failure.code }
    }
}

extension OffsetDeleteResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        guard !failure.scope.isEverything else { return errorCode = failure.code }
        failure.mark(&topics)
    }
}
