// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("ACLs")
struct AccessRulesTests {
    private static let deny: Int8 = 2
    private static let allow: Int8 = 3

    private func rule(
        _ principal: String,
        _ operation: Permission.Operation,
        _ name: String,
        isPrefix: Bool = false,
        isDenied: Bool = false
    ) -> AccessRule {
        var rule = AccessRule(principal, operation, .topic, name)
        rule.isPrefix = isPrefix
        rule.isDenied = isDenied
        return rule
    }

    @Test("what is denied is, whatever is allowed; and of what no rule speaks everybody may do everything")
    func decisions() {
        var open = Authorizer([])
        #expect(open.allowsEverything)
        open.made = [
            rule("User:a", .read, "t-", isPrefix: true), rule("User:*", .write, "t-1"),
            rule("User:b", .all, "t-1", isDenied: true),
        ]
        #expect(open.allows("User:a", .read, .topic, "t-1") && open.allows("User:a", .describe, .topic, "t-2"))
        #expect(!open.allows("User:a", .write, .topic, "t-2") && open.allows("User:c", .write, .topic, "t-1"))
        #expect(!open.allows("User:b", .write, .topic, "t-1") && !open.allows("User:b", .describe, .topic, "t-1"))
        #expect(open.allows("User:b", .write, .topic, "other") && open.allows("User:b", .alter, .cluster))
        var closed = Authorizer([Permission("User:a", .read, .topic, "t*")])
        #expect(!closed.allows("User:b", .write, .topic, "other"))
        closed.made = [rule("User:a", .read, "t1", isDenied: true), rule("User:b", .read, "*")]
        #expect(!closed.allows("User:a", .read, .topic, "t1") && closed.allows("User:a", .read, .topic, "t2"))
        #expect(closed.allows("User:b", .read, .topic, "anything"))
        // To deny reading does not forbid to see.
        #expect(closed.allows("User:b", .describe, .topic, "t1"))
    }

    @Test("a rule is read from what is written of it, and damaged words say nothing")
    func text() {
        let rule = rule("User:CN=ä, O=x/y", .alterConfigs, "a b/*", isPrefix: true, isDenied: true)
        #expect(AccessRule(text: rule.text) == rule)
        for text in ["", "Topic", "Topic/literal/a/User:a/Read", "Nothing/literal/a/User:a/Read/Allow"] {
            #expect(AccessRule(text: text) == nil)
        }
    }

    private func creation(_ change: (inout CreateAclsRequest.Creation) -> Void = { _ in }) -> CreateAclsRequest {
        var creation = CreateAclsRequest.Creation(
            resourceType: 2,
            resourceName: "t",
            resourcePatternType: 3,
            principal: "User:a",
            host: "*",
            operation: 3,
            permissionType: Self.allow
        )
        change(&creation)
        return CreateAclsRequest(creations: [creation])
    }

    @Test("rules are made, enforced, kept over a restart, and deleted", arguments: CreateAclsRequest.validVersions)
    func life(version: Int16) async throws {
        try await withTemporaryDirectory { path in
            let configure = { (configuration: inout EmbeddedBroker.Configuration) in
                configuration.dataDirectory = path
                configuration.topics = ["t": 1]
            }
            try await withBroker(configure) { _, client in
                let made = try await client.send(creation(), version: version)
                #expect(made.results.map(\.errorCode) == [.none])
                let refused = try await client.send(ProduceRequest(TestBatch.make(), topic: "t"), version: 9).single
                #expect(refused.errorCode == .topicAuthorizationFailed)
            }
            try await withBroker(configure) { _, client in
                let refused = try await client.send(ProduceRequest(TestBatch.make(), topic: "t"), version: 9).single
                #expect(refused.errorCode == .topicAuthorizationFailed)
                let all = AclFilter(
                    resourceTypeFilter: 1,
                    patternTypeFilter: version == 0 ? 3 : 1,
                    operation: 1,
                    permissionType: 1
                )
                let found = try await client.send(DescribeAclsRequest(filter: all), version: version)
                #expect(found.resources.map(\.resourceName) == ["t"])
                #expect(
                    found.resources.first?.acls == [
                        .init(principal: "User:a", host: "*", operation: 3, permissionType: 3)
                    ]
                )
                let filter = DeleteAclsRequest.Filter(
                    resourceTypeFilter: 2,
                    resourceNameFilter: "t",
                    patternTypeFilter: 3,
                    operation: 1,
                    permissionType: 1
                )
                let deleted = try await client.send(DeleteAclsRequest(filters: [filter]), version: version)
                #expect(deleted.filterResults.first?.matchingAcls.map(\.principal) == ["User:a"])
                let allowed = try await client.send(ProduceRequest(TestBatch.make(), topic: "t"), version: 9).single
                #expect(allowed.errorCode == .none)
            }
        }
    }

    @Test("what cannot be said is refused")
    func impossible() async throws {
        try await withBroker { _, client in
            let changes: [(inout CreateAclsRequest.Creation) -> Void] = [
                { $0.resourceType = 9 }, { $0.resourceType = 1 }, { $0.operation = 9 }, { $0.operation = 1 },
                { $0.resourcePatternType = 2 }, { $0.resourceName = "" }, { $0.host = "10.0.0.1" },
                { $0.principal = "alice" }, { $0.principal = "User:" }, { $0.permissionType = 1 },
                { $0.resourceType = 4 },
                {
                    $0.resourceType = 4
                    $0.resourceName = "kafka-cluster"
                    $0.resourcePatternType = 4
                },
            ]
            for change in changes {
                let response = try await client.send(creation(change), version: 3)
                #expect(response.results.map(\.errorCode) == [.invalidRequest])
            }
            let cluster = try await client.send(
                creation {
                    $0.resourceType = 4
                    $0.resourceName = "kafka-cluster"
                    $0.operation = 2
                    $0.principal = "User:*"
                },
                version: 3
            )
            #expect(cluster.results.map(\.errorCode) == [.none])
            var request = DescribeAclsRequest(
                filter: AclFilter(resourceTypeFilter: 1, patternTypeFilter: 9, operation: 1, permissionType: 1)
            )
            #expect(try await client.send(request, version: 3).errorCode == .invalidRequest)
            request.filter.patternTypeFilter = 1
            #expect(try await client.send(request, version: 3).resources.map(\.resourceType) == [4])
        }
    }

    @Test("filters choose by name, pattern, principal, operation and permission")
    func filters() throws {
        let rules = [
            rule("User:a", .read, "t"), rule("User:a", .write, "t", isPrefix: true), rule("User:b", .read, "*"),
            rule("User:b", .read, "other", isDenied: true),
        ]
        func matching(_ change: (inout AclFilter) -> Void) throws -> [Int] {
            var wanted = AclFilter(resourceTypeFilter: 1, patternTypeFilter: 1, operation: 1, permissionType: 1)
            change(&wanted)
            let filter = try #require(AccessRuleFilter(wanted))
            return rules.indices.filter { filter.matches(rules[$0]) }
        }
        #expect(try matching { _ in } == [0, 1, 2, 3])
        #expect(try matching { $0.resourceNameFilter = "t" } == [0, 1])
        #expect(
            try matching {
                $0.resourceNameFilter = "t1"
                $0.patternTypeFilter = 2
            } == [1, 2]
        )
        #expect(try matching { $0.patternTypeFilter = 3 } == [0, 2, 3])
        #expect(try matching { $0.patternTypeFilter = 4 } == [1])
        #expect(try matching { $0.principalFilter = "User:b" } == [2, 3])
        #expect(try matching { $0.operation = 4 } == [1])
        #expect(try matching { $0.permissionType = 2 } == [3])
        #expect(try matching { $0.hostFilter = "10.0.0.1" } == [])
        #expect(try matching { $0.resourceTypeFilter = 3 } == [])
    }
}
