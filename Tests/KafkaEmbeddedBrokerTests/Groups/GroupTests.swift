// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Consumer groups")
struct GroupTests {
    private func withTopic(
        _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
        _ body: (EmbeddedBroker, TestClient) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.topics = ["t": 2]
            configure(&$0)
        } _: { broker, client in
            try await body(broker, client)
        }
    }

    private func describe(_ client: TestClient, _ group: String = "g", version: Int16 = 6) async throws
        -> DescribeGroupsResponse.Group
    {
        let request = DescribeGroupsRequest(groups: [group], includeAuthorizedOperations: version >= 3)
        return try #require(try await client.send(request, version: version).groups.first)
    }

    @Test("a member joins, works and leaves, in every version", arguments: JoinGroupRequest.validVersions)
    func versions(version: Int16) async throws {
        try await withTopic { broker, client in
            let member = try await MemberClient(broker)
            var joined = try await member.join(version: version)
            if version >= 4 {
                #expect(joined.errorCode == .memberIDRequired)
                joined = try await member.join(version: version)
            }
            #expect(joined.errorCode == .none && joined.leader == member.id && joined.generationID == 1)
            #expect(member.id.hasPrefix("test-"))
            let synced = try await member.sync([member.id: "all"], version: min(version, 5))
            #expect(synced.assignment == ByteBuffer(string: "all"))
            #expect(try await member.heartbeat(version: min(version, 4)) == .none)
            #expect(try await member.commit(7, version: max(2, min(version, 9))) == .none)
            let described = try await describe(client, version: min(version, 6))
            #expect(described.groupState == "Stable" && described.members.map(\.memberID) == [member.id])
            #expect(described.members.first?.clientHost == "127.0.0.1" && described.members.first?.clientID == "test")
            #expect(described.protocolType == "consumer" && described.protocolData == "range")
            var leaving = LeaveGroupRequest(groupID: "g", memberID: member.id)
            if version >= 3 { leaving = LeaveGroupRequest(groupID: "g", members: [.init(memberID: member.id)]) }
            let left = try await client.send(leaving, version: min(version, 5))
            #expect(left.errorCode == .none && left.members.allSatisfy { $0.errorCode == .none })
            #expect(try await describe(client).groupState == "Empty")
            #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0)?.offset == 7)
        }
    }

    @Test("a group is there after a restart, with its generation and what its members are to do")
    func restart() async throws {
        try await withTemporaryDirectory { path in
            let id = try await {
                var id = ""
                try await withTopic {
                    $0.dataDirectory = path
                } _: { broker, _ in
                    let member = try await MemberClient(broker, instance: "i 1")
                    try await member.join()
                    try await member.sync([member.id: "all"])
                    #expect(try await member.commit(5) == .none)
                    id = member.id
                }
                return id
            }()
            try await withTopic {
                $0.dataDirectory = path
            } _: { broker, client in
                let member = try await MemberClient(broker, instance: "i 1")
                member.id = id
                member.generation = 1
                #expect(try await member.heartbeat() == .none)
                #expect(try await member.sync().assignment == ByteBuffer(string: "all"))
                #expect(try await describe(client).members.map(\.groupInstanceID) == ["i 1"])
                // Of whom nothing is heard is left out as ever.
                try await broker.passTime(.seconds(601))
                #expect(try await member.heartbeat() == .unknownMemberID)
                #expect(try await describe(client).groupState == "Empty")
            }
            try await withTopic {
                $0.dataDirectory = path
            } _: { broker, client in
                #expect(try await describe(client).groupState == "Empty")
                let deleted = try await client.send(DeleteGroupsRequest(groupsNames: ["g"]), version: 2)
                #expect(deleted.results.map(\.errorCode) == [.none])
            }
            try await withTopic {
                $0.dataDirectory = path
            } _: { broker, client in
                let described = try await describe(client)
                #expect(described.errorCode == .groupIDNotFound)
                #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0) == nil)
            }
        }
    }

    @Test("sessions that are too short or too long are refused")
    func sessions() async throws {
        try await withTopic { broker, _ in
            let member = try await MemberClient(broker)
            for (session, code) in [
                (5_999, ErrorCode.invalidSessionTimeout), (6_000, .memberIDRequired), (1_800_000, .memberIDRequired),
                (1_800_001, .invalidSessionTimeout), (-1, .invalidSessionTimeout),
            ] {
                member.id = ""
                #expect(try await member.join(session: Int32(session)).errorCode == code, "\(session)")
            }
        }
    }

    @Test("who waits is sent to the new coordinator, which knows what was written down")
    func move() async throws {
        try await withTopic {
            $0.brokers = 2
        } _: { broker, _ in
            // The hash of g is that of the fourth partition: an even one is the first broker's.
            let home = try await coordinator(of: "g", broker)
            let member = try await MemberClient(broker, node: home)
            try await member.joinAlone()
            let second = try await MemberClient(broker, node: home)
            try await second.beginJoin()
            #expect(try await member.heartbeat() == .rebalanceInProgress)
            try await broker.moveCoordinator(ofGroup: "g", to: 2 - home)
            #expect(try await second.joined().errorCode == .notCoordinator)
            #expect(try await member.heartbeat() == .notCoordinator)
            let moved = try await MemberClient(broker, node: 1 - home)
            moved.id = member.id
            moved.generation = 1
            #expect(try await moved.heartbeat() == .none, "the rebalance was not written down")
        }
    }

    private func coordinator(of group: String, _ broker: EmbeddedBroker) async throws -> Int {
        let client = try await TestClient.connect(port: broker.ports[0])
        let found = try await client.send(FindCoordinatorRequest(key: group), version: 3)
        return Int(found.nodeID) - 1
    }

    @Test("a client that hangs up while it waits keeps its place until its session is over")
    func hangsUp() async throws {
        try await withTopic { broker, client in
            let member = try await MemberClient(broker)
            try await member.joinAlone()
            let second = try await MemberClient(broker)
            try await second.beginJoin()
            #expect(try await member.heartbeat() == .rebalanceInProgress)
            await second.client.close()
            #expect(try await member.join().members.count == 2)
            try await member.sync([member.id: "all"])
            try await broker.passTime(.seconds(590))
            #expect(try await member.heartbeat() == .none)
            try await broker.passTime(.seconds(20))
            #expect(try await member.heartbeat() == .rebalanceInProgress)
            #expect(try await member.join().members.map(\.memberID) == [member.id])
        }
    }

    @Test("groups are listed by state and type, those that only have offsets too")
    func list() async throws {
        try await withTopic { broker, client in
            let member = try await MemberClient(broker, group: "busy")
            try await member.joinAlone()
            let simple = try await MemberClient(broker, group: "simple")
            #expect(try await simple.commit(1) == .none)
            func listed(_ states: [String], _ types: [String] = []) async throws -> [String] {
                let request = ListGroupsRequest(statesFilter: states, typesFilter: types)
                return try await client.send(request, version: 5).groups.map {
                    "\($0.groupID) \($0.protocolType) \($0.groupState) \($0.groupType)"
                }
            }
            #expect(try await listed([]) == ["busy consumer Stable classic", "simple  Empty classic"])
            #expect(try await listed(["stable"]) == ["busy consumer Stable classic"])
            #expect(try await listed(["Empty", "Dead"], ["Classic"]) == ["simple  Empty classic"])
            #expect(try await listed([], ["consumer"]) == [])
            #expect(try await client.send(ListGroupsRequest(), version: 0).groups.map(\.groupID) == ["busy", "simple"])
        }
    }

    @Test("offsets are deleted of topics that nobody reads, and groups without members")
    func deletion() async throws {
        try await withTopic {
            $0.topics = ["t": 2, "other": 1]
        } _: { broker, client in
            let member = try await MemberClient(broker)
            try await member.joinAlone()
            func delete(_ topic: String, _ partition: Int32 = 0) async throws -> [ErrorCode] {
                let request = OffsetDeleteRequest(
                    groupID: "g",
                    topics: [.init(name: topic, partitions: [.init(partitionIndex: partition)])]
                )
                let response = try await client.send(request, version: 0)
                return [response.errorCode] + response.topics.flatMap { $0.partitions.map(\.errorCode) }
            }
            #expect(try await member.commit(3) == .none)
            #expect(try await delete("t") == [.none, .groupSubscribedToTopic])
            #expect(try await delete("other") == [.none, .none])
            #expect(try await delete("t", 9) == [.none, .unknownTopicOrPartition])
            var deleted = try await client.send(DeleteGroupsRequest(groupsNames: ["g", "x", ""]), version: 2)
            #expect(deleted.results.map(\.errorCode) == [.nonEmptyGroup, .groupIDNotFound, .invalidGroupID])
            let leaving = LeaveGroupRequest(groupID: "g", members: [.init(memberID: member.id)])
            _ = try await client.send(leaving, version: 5)
            #expect(try await delete("t") == [.none, .none])
            #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0) == nil)
            deleted = try await client.send(DeleteGroupsRequest(groupsNames: ["g"]), version: 1)
            #expect(deleted.results.map(\.errorCode) == [.none])
            #expect(try await delete("t") == [.groupIDNotFound])
            #expect(try await describe(client, version: 5).groupState == "Dead")
        }
    }

    @Test("offsets of a group are kept as long as it has members, and then for the time that offsets are kept")
    func expiry() async throws {
        let week = Duration.seconds(7 * 24 * 3600)
        try await withTopic { broker, client in
            let member = try await MemberClient(broker, instance: "i")
            try await member.join(session: 1_800_000)
            try await member.sync([member.id: "all"])
            #expect(try await member.commit(3) == .none)
            for _ in 0..<(8 * 24 * 3) {
                try await broker.passTime(.seconds(20 * 60))
                #expect(try await member.heartbeat() == .none)
            }
            #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0)?.offset == 3)
            try await broker.passTime(.seconds(31 * 60))
            #expect(try await describe(client).groupState == "Empty")
            try await broker.passTime(week - .seconds(60))
            #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0)?.offset == 3)
            try await broker.passTime(.seconds(120))
            #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0) == nil)
            #expect(try await describe(client).errorCode == .groupIDNotFound)
        }
    }

    @Test("what is refused for want of a right", arguments: ["Read", "Describe", "Delete", "none"])
    func rights(_ right: String) async throws {
        let permissions =
            try right == "none"
            ? [] : [Permission(parsing: "User:ANONYMOUS \(right) Group:g")]
        let others = try [Permission(parsing: "User:ANONYMOUS All Topic:t")]
        try await withTopic {
            $0.security.permissions = permissions + others
        } _: { broker, client in
            let member = try await MemberClient(broker)
            let mayRead = right == "Read"
            #expect(try await member.join().errorCode == (mayRead ? .memberIDRequired : .groupAuthorizationFailed))
            #expect(try await member.heartbeat() == (mayRead ? .unknownMemberID : .groupAuthorizationFailed))
            #expect(try await member.sync().errorCode == (mayRead ? .unknownMemberID : .groupAuthorizationFailed))
            let leaving = try await client.send(LeaveGroupRequest(groupID: "g", members: [.init()]), version: 4)
            #expect(leaving.errorCode == (mayRead ? .none : .groupAuthorizationFailed))
            let described = try await describe(client, version: 5)
            #expect(described.errorCode == (right == "none" ? .groupAuthorizationFailed : .none))
            if right != "none" { #expect(described.authorizedOperations != .min) }
            let mayDelete = right == "Delete"
            let deleted = try await client.send(DeleteGroupsRequest(groupsNames: ["g"]), version: 2)
            #expect(mayDelete == (deleted.results.first?.errorCode != .groupAuthorizationFailed))
            let offsets = try await client.send(OffsetDeleteRequest(groupID: "g"), version: 0)
            #expect(mayDelete == (offsets.errorCode != .groupAuthorizationFailed))
            _ = mayRead ? try await member.commit(1) : nil
            let listed = try await client.send(ListGroupsRequest(), version: 4).groups.map(\.groupID)
            #expect(listed == (mayRead ? ["g"] : []))
        }
    }

    @Test("faults refuse members, and say so of what was done")
    func faults() async throws {
        try await withTopic {
            $0.faults = FaultScript([
                Fault(.error(.coordinatorNotAvailable), to: .request(.joinGroup), when: .nth(1)),
                Fault(.errorAfterAppend(.requestTimedOut), to: .request(.heartbeat), when: .nth(1)),
            ])
        } _: { broker, _ in
            let member = try await MemberClient(broker)
            #expect(try await member.join().errorCode == .coordinatorNotAvailable)
            try await member.joinAlone()
            #expect(try await member.heartbeat() == .requestTimedOut)
            #expect(try await member.heartbeat() == .none)
        }
    }
}
