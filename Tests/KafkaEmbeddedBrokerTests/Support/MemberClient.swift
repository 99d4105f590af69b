// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// A member of a group that does what it is told, request by request, over its own connection.
final class MemberClient {
    let client: TestClient
    let group: String
    let instance: String?
    var id = ""
    var generation: Int32 = -1

    init(_ broker: EmbeddedBroker, node: Int = 0, group: String = "g", instance: String? = nil) async throws {
        client = try await TestClient.connect(port: broker.ports[node])
        self.group = group
        self.instance = instance
    }

    /// Asks to be a member, and waits for the answer.
    @discardableResult
    func join(version: Int16 = 9, session: Int32 = 600_000) async throws -> JoinGroupResponse {
        try await client.send(joinRequest(session: session), version: version).noted(by: self)
    }

    /// Joins, comes back with the id that it is given, and does not wait.
    func beginJoin() async throws {
        if id.isEmpty {
            let sentBack = try await client.send(joinRequest(), version: 9)
            try #require(sentBack.errorCode == .memberIDRequired)
            id = sentBack.memberID
        }
        try await client.write(RequestFrame.encode(joinRequest(), version: 9, correlationID: 7, clientID: "test"))
    }

    /// Waits for what `beginJoin` is answered.
    @discardableResult
    func joined() async throws -> JoinGroupResponse {
        try await client.response(to: JoinGroupRequest.self, version: 9).noted(by: self)
    }

    @discardableResult
    func sync(_ assignments: [String: String] = [:], version: Int16 = 5) async throws -> SyncGroupResponse {
        let request = SyncGroupRequest(
            groupID: group,
            generationID: generation,
            memberID: id,
            groupInstanceID: version < 3 ? nil : instance,
            assignments: assignments.map { .init(memberID: $0.key, assignment: ByteBuffer(string: $0.value)) }
        )
        return try await client.send(request, version: version)
    }

    func heartbeat(version: Int16 = 4) async throws -> ErrorCode {
        let request = HeartbeatRequest(groupID: group, generationID: generation, memberID: id)
        return try await client.send(request, version: version).errorCode
    }

    func commit(_ offset: Int64, version: Int16 = 8) async throws -> ErrorCode {
        let request = OffsetCommitRequest(
            groupID: group,
            generationID: generation,
            memberID: id,
            topics: [.init(name: "t", partitions: [.init(committedOffset: offset)])]
        )
        let response = try await client.send(request, version: version)
        return try #require(response.topics.first?.partitions.first).errorCode
    }

    /// The one member of its group, which knows what it is to do.
    func joinAlone() async throws {
        try await beginJoin()
        try await joined()
        try await sync([id: "all"])
    }

    private func joinRequest(session: Int32 = 600_000) -> JoinGroupRequest {
        var metadata = ByteBuffer()
        metadata.writeInteger(Int16(0))
        metadata.writeInteger(Int32(1))
        metadata.writeInteger(Int16(1))
        metadata.writeString("t")
        return JoinGroupRequest(
            groupID: group,
            sessionTimeoutMs: session,
            rebalanceTimeoutMs: 600_000,
            memberID: id,
            groupInstanceID: instance,
            protocolType: "consumer",
            protocols: [.init(name: "range", metadata: metadata)]
        )
    }
}

extension JoinGroupResponse {
    /// Lets a member remember who it is.
    fileprivate func noted(by member: MemberClient) -> JoinGroupResponse {
        if !memberID.isEmpty { member.id = memberID }
        member.generation = generationID
        return self
    }
}
