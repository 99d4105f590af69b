// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Coordinators")
struct CoordinatorTests {
    private static let nodes = (1...3).map { Node(id: $0, host: "h", port: 9091 + Int($0)) }

    /// The numbers are those of `Math.abs(name.hashCode()) % 50` in Java; the last name has the smallest hash there is.
    @Test(
        "a name's slot is that of Java's hash",
        arguments: [("", 0), ("a", 47), ("orders", 31), ("ä", 28), ("polygenelubricants", 0)]
    )
    func slots(name: String, expected: Int32) {
        #expect(CoordinatorKey(kind: .group, name: name).slot.partition == expected)
    }

    @Test("one broker coordinates, and the next one when it is down or is to")
    func placement() {
        var placement = CoordinatorPlacement()
        var nodes = Self.nodes
        let key = CoordinatorKey(kind: .transaction, name: "a")
        #expect(placement.node(of: key, among: nodes) == 3, "47 % 3 is 2, the third one")
        #expect(placement.objection(to: 3, for: key, among: nodes, now: 0) == nil)
        #expect(placement.objection(to: 1, for: key, among: nodes, now: 0) == .notCoordinator)
        nodes[2].isUp = false
        #expect(placement.node(of: key, among: nodes) == 1)
        nodes[2].isUp = true
        placement.move(key, to: nil, among: nodes, loaded: 10)
        #expect(placement.objection(to: 1, for: key, among: nodes, now: 9) == .coordinatorLoadInProgress)
        #expect(placement.objection(to: 1, for: key, among: nodes, now: 10) == nil)
        placement.move(key, to: 2, among: nodes, loaded: 0)
        #expect(placement.node(of: key, among: nodes) == 2)
        #expect(placement.node(of: CoordinatorKey(kind: .group, name: "a"), among: nodes) == 3)
        for index in nodes.indices { nodes[index].isUp = false }
        #expect(placement.node(of: key, among: nodes) == nil)
    }

    @Test(
        "every version finds the coordinator, and other brokers send away",
        arguments: FindCoordinatorRequest.validVersions
    )
    func find(version: Int16) async throws {
        try await withBroker {
            $0.brokers = 3
        } _: { broker, client in
            for type in version == 0 ? [Int8(0)] : [0, 1] {
                let request =
                    version < 4
                    ? FindCoordinatorRequest(key: "a", keyType: type)
                    : FindCoordinatorRequest(keyType: type, coordinatorKeys: ["a"])
                let response = try await client.send(request, version: version)
                let (node, port) =
                    version < 4
                    ? (response.nodeID, response.port)
                    : (response.coordinators.first?.nodeID ?? -1, response.coordinators.first?.port ?? -1)
                #expect(node == 3 && Int(port) == broker.ports[2])
            }
            let request = InitProducerIDRequest(transactionalID: "a", transactionTimeoutMs: 1000)
            #expect(try await client.send(request, version: 5).errorCode == .notCoordinator)
            try await broker.moveCoordinator(ofTransactionalID: "a", to: 1, loadingFor: .seconds(3600))
            #expect(try await client.send(request, version: 5).errorCode == .coordinatorLoadInProgress)
            try await broker.passTime(.seconds(3600))
            #expect(try await client.send(request, version: 5).errorCode == .none)
        }
    }

    @Test("share groups have no coordinator here, and a transactional id has a name")
    func impossible() async throws {
        try await withBroker { _, client in
            for (name, type) in [("a", Int8(2)), ("", 1)] {
                let request = FindCoordinatorRequest(keyType: type, coordinatorKeys: [name])
                let response = try await client.send(request, version: 6)
                #expect(response.coordinators.map(\.errorCode) == [.invalidRequest])
            }
        }
    }

    private func withFaults(
        _ faults: String...,
        body: (EmbeddedBroker, TransactionalClient) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let producer = TransactionalClient(client, id: "tx", .second)
            try await producer.initialize()
            for fault in faults { try await broker.inject(try Fault(parsing: fault)) }
            try await body(broker, producer)
        }
    }

    private static let place = TransactionPartition("orders", 0)

    @Test(
        "a fault's error is answered, and nothing is done",
        arguments: [
            ErrorCode.coordinatorNotAvailable, .notCoordinator, .coordinatorLoadInProgress, .concurrentTransactions,
        ]
    )
    func errors(code: ErrorCode) async throws {
        try await withFaults(
            "end-txn 1 error \(code)",
            "txn-offset-commit 1 error \(code)",
            "init-producer-id 1 error \(code)",
            "offset-fetch 1 error \(code)",
            "find-coordinator 1 error \(code)"
        ) { broker, producer in
            try await producer.produce(["a"], to: Self.place)
            #expect(try await producer.commit(offset: 1, Self.place) == code)
            #expect(try await broker.transaction(of: "tx")?.partitions == ["orders-0"])
            #expect(try await producer.end(commits: true) == code)
            #expect(try await broker.transaction(of: "tx")?.state == "Ongoing")
            let request = InitProducerIDRequest(transactionalID: "tx", transactionTimeoutMs: 1000)
            #expect(try await producer.client.send(request, version: 5).errorCode == code)
            #expect(try await broker.transaction(of: "tx")?.state == "Ongoing")
            let fetch = OffsetFetchRequest(groupID: "g", topics: nil)
            #expect(try await producer.client.send(fetch, version: 7).errorCode == code)
            let find = FindCoordinatorRequest(keyType: 1, coordinatorKeys: ["tx"])
            #expect(try await producer.client.send(find, version: 4).coordinators.map(\.errorCode) == [code])
        }
    }

    @Test("a decision whose answer is lost is a decision")
    func lostAnswer() async throws {
        try await withFaults("end-txn 1 append-then-drop") { broker, producer in
            try await producer.produce(["a"], to: Self.place)
            await #expect(throws: (any Error).self) { try await producer.end(commits: true) }
            let client = try await TestClient.connect(port: broker.ports[0])
            let again = TransactionalClient(client, id: "tx", .second)
            again.producer = producer.producer
            while try await again.end(commits: true) == .concurrentTransactions {}
            #expect(again.producer.epoch == producer.producer.epoch + 1)
            #expect(try await broker.committedRecords(topic: "orders", partition: 0).count == 1)
            await client.close()
        }
    }

    @Test("markers wait when a fault wants it, and the coordinator moves")
    func delaysAndMoves() async throws {
        try await withFaults("end-txn 1 delay-markers 100000s", "offset-fetch 1 move-coordinator loading 100000s") {
            broker,
            producer in
            try await producer.produce(["a"], to: Self.place)
            try await producer.end(commits: true)
            #expect(try await broker.transaction(of: "tx")?.state == "PrepareCommit")
            let fetch = OffsetFetchRequest(groupID: "g", topics: nil)
            #expect(try await producer.client.send(fetch, version: 7).errorCode == .coordinatorLoadInProgress)
            try await broker.releaseTransactionMarkers()
            #expect(try await broker.transaction(of: "tx")?.state == "CompleteCommit")
        }
    }

    @Test("a transaction whose partition has no leader is complete when there is one")
    func leaderless() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.topics = ["orders": 2]
        } _: { broker, client in
            // The first broker coordinates, and the second one leads the partition.
            try await broker.moveCoordinator(ofTransactionalID: "tx", to: 1)
            let producer = TransactionalClient(client, id: "tx", .first)
            try await producer.initialize()
            #expect(try await producer.add([TransactionPartition("orders", 1)]) == .none)
            try await broker.stop(node: 2)
            #expect(try await producer.end(commits: true) == .none)
            #expect(try await producer.end(commits: true) == .concurrentTransactions)
            try await broker.start(node: 2)
            while try await producer.end(commits: true) == .concurrentTransactions {}
            #expect(try await broker.logEndOffset(topic: "orders", partition: 1) == 1)
        }
    }

    @Test(
        "each right that is missing is named by its own error",
        arguments: [
            ("TransactionalId:tx", [.transactionalIDAuthorizationFailed, .transactionalIDAuthorizationFailed, .none]),
            ("Group:g", [.none, .none, .groupAuthorizationFailed]),
            ("Topic:orders", [.none, .topicAuthorizationFailed, .topicAuthorizationFailed]),
        ] as [(String, [ErrorCode])]
    )
    func permissions(missing: String, expected: [ErrorCode]) async throws {
        let all = [
            "User:* Write TransactionalId:tx", "User:* Read Group:g", "User:* Write Topic:orders",
            "User:* Read Topic:orders",
        ]
        try await withBroker {
            $0.topics = ["orders": 1]
            for text in all where !text.hasSuffix(missing) {
                if let permission = try? Permission(parsing: text) { $0.security.permissions.append(permission) }
            }
        } _: { _, client in
            let request = InitProducerIDRequest(transactionalID: "tx", transactionTimeoutMs: 1000)
            let response = try await client.send(request, version: 5)
            #expect(response.errorCode == expected[0])
            let producer = TransactionalClient(client, id: "tx", .second)
            producer.producer = ProducerIdentity(response.producerID, response.producerEpoch)
            #expect(try await producer.send(["a"], to: Self.place) == expected[1])
            let offset = try await producer.commit(offset: 1, Self.place)
            #expect(offset == (expected[0] == .none ? expected[2] : expected[0]))
            let fetched = OffsetFetchRequest(
                groupID: "g",
                topics: [.init(name: "orders", partitionIndexes: [0])],
                requireStable: true
            )
            let fetch = try await client.send(fetched, version: 7)
            #expect(fetch.errorCode == (missing == "Group:g" ? .groupAuthorizationFailed : .none))
            guard missing == "Topic:orders" else { return }
            #expect(fetch.topics.first?.partitions.first?.errorCode == .topicAuthorizationFailed)
        }
    }
}
