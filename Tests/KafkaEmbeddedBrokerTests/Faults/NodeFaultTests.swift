// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@Suite("Faults of brokers and leaders")
struct NodeFaultTests {
    /// A cluster of three brokers with the topic `orders`, whose partition 0 broker 1 leads.
    private func withCluster(
        replicas: Int = 3,
        _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
        body: (EmbeddedBroker, [TestClient]) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.brokers = 3
            $0.topics = ["orders": 1]
            $0.replicationFactor = replicas
            configure(&$0)
        } _: { broker, first in
            var clients = [first]
            for port in broker.ports.dropFirst() { clients.append(try await TestClient.connect(port: port)) }
            try await body(broker, clients)
            for client in clients { await client.close() }
        }
    }

    private func produce(
        _ client: TestClient,
        version: Int16 = 12,
        acks: Int16 = -1
    ) async throws -> ProduceResponse {
        try await client.send(ProduceRequest(try TestBatch.make(), topic: "orders", acks: acks), version: version)
    }

    private func metadata(_ client: TestClient) async throws -> MetadataResponse {
        try await client.send(MetadataRequest(topics: nil), version: 9)
    }

    private func leader(_ client: TestClient) async throws -> [Int32] {
        let partition = try await metadata(client).topics[0].partitions[0]
        return [partition.leaderID, partition.leaderEpoch]
    }

    @Test(
        "a leader that moved says who leads now, with the new epoch, in versions that can",
        arguments: [Int16(9), 10]
    )
    func moved(version: Int16) async throws {
        try await withCluster { (broker: EmbeddedBroker, clients) async throws in
            try await broker.moveLeader(topic: "orders", partition: 0, to: 3)
            let refused = try await produce(clients[0], version: version)
            #expect(refused.single.errorCode == .notLeaderOrFollower)
            #expect(refused.single.currentLeader.leaderID == (version >= 10 ? 3 : -1))
            #expect(refused.single.currentLeader.leaderEpoch == (version >= 10 ? 1 : -1))
            #expect(refused.nodeEndpoints.map(\.port) == (version >= 10 ? [Int32(broker.ports[2])] : []))
            #expect(try await leader(clients[0]) == [3, 1])
            #expect(try await produce(clients[2]).single.errorCode == .none)
            #expect(try await broker.records(topic: "orders", partition: 0)[0].batch.partitionLeaderEpoch == 1)
        }
    }

    @Test("a leader that moved may keep to itself who leads now")
    func movedWithoutHints() async throws {
        try await withCluster { (broker: EmbeddedBroker, clients) async throws in
            try await broker.moveLeader(topic: "orders", partition: 0, hints: false)
            let refused = try await produce(clients[0])
            #expect(refused.single.errorCode == .notLeaderOrFollower)
            #expect(refused.single.currentLeader == LeaderAndEpoch())
            #expect(refused.nodeEndpoints.isEmpty)
            #expect(try await leader(clients[0]) == [2, 1])
        }
    }

    @Test("Metadata may name the old leader for a while")
    func staleMetadata() async throws {
        try await withCluster { (broker: EmbeddedBroker, clients) async throws in
            try await broker.moveLeader(topic: "orders", partition: 0, to: 2, staleMetadata: 2)
            for expected: [Int32] in [[1, 0], [1, 0], [2, 1], [2, 1]] {
                #expect(try await leader(clients[2]) == expected)
            }
        }
    }

    @Test("a broker that has no copy gets one when it becomes the leader")
    func movedWithoutReplicas() async throws {
        try await withCluster(replicas: 1) { (broker: EmbeddedBroker, clients) async throws in
            try await broker.moveLeader(topic: "orders", partition: 0)
            let partition = try await metadata(clients[0]).topics[0].partitions[0]
            #expect(partition.leaderID == 2)
            #expect(partition.replicaNodes == [2])
            #expect(try await produce(clients[1]).single.errorCode == .none)
        }
    }

    @Test("a fault in the middle of sending moves the leader before the request is looked at")
    func movesAtRequest() async throws {
        try await withCluster {
            $0.faults = FaultScript([
                Fault(.moveLeader(to: 2, hints: true, staleMetadata: 0), to: .produce, when: .nth(2))
            ])
        } body: { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0]).single.errorCode == .none)
            #expect(try await produce(clients[0]).single.currentLeader.leaderID == 2)
            #expect(try await produce(clients[1]).single.errorCode == .none)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 6)
        }
    }

    @Test("a broker that is down refuses connections, and others lead; it is up again on its port and leads nothing")
    func down() async throws {
        try await withCluster { (broker: EmbeddedBroker, clients) async throws in
            try await broker.stop(node: 1)
            #expect(try await clients[0].nextFrame() == nil)
            await #expect(throws: (any Error).self) { try await TestClient.connect(port: broker.ports[0]) }
            let response = try await metadata(clients[1])
            #expect(response.brokers.map(\.nodeID) == [2, 3])
            #expect(response.controllerID == 2)
            let partition = response.topics[0].partitions[0]
            #expect(partition.leaderID == 2)
            #expect(partition.leaderEpoch == 1)
            #expect(partition.isrNodes == [2, 3])
            #expect(partition.offlineReplicas == [1])
            #expect(try await produce(clients[1]).single.errorCode == .none)
            try await broker.start(node: 1)
            let again = try await TestClient.connect(port: broker.ports[0])
            #expect(try await leader(again) == [2, 1])
            #expect(try await metadata(again).topics[0].partitions[0].isrNodes == [1, 2, 3])
            #expect(try await produce(again).single.errorCode == .notLeaderOrFollower)
            await again.close()
        }
    }

    @Test("without another replica there is no leader until the broker is up again")
    func leaderless() async throws {
        try await withCluster(replicas: 1) { (broker: EmbeddedBroker, clients) async throws in
            try await broker.stop(node: 1)
            let partition = try await metadata(clients[1]).topics[0].partitions[0]
            #expect(partition.errorCode == .leaderNotAvailable)
            #expect(partition.leaderID == -1)
            let refused = try await produce(clients[1])
            #expect(refused.single.errorCode == .notLeaderOrFollower)
            #expect(refused.single.currentLeader.leaderID == -1)
            try await broker.start(node: 1)
            #expect(try await leader(clients[1]) == [1, 2])
        }
    }

    @Test("a cluster that takes no note of a broker's end goes on naming it")
    func unnoticed() async throws {
        try await withCluster { (broker: EmbeddedBroker, clients) async throws in
            try await broker.stop(node: 1, keepingLeaders: true)
            #expect(try await metadata(clients[1]).brokers.count == 3)
            #expect(try await leader(clients[1]) == [1, 0])
            await #expect(throws: (any Error).self) { try await TestClient.connect(port: broker.ports[0]) }
            try await broker.start(node: 1)
            #expect(try await leader(clients[1]) == [1, 0])
        }
    }

    @Test("a broker may go down and up many times", arguments: [true, false])
    func manyTimes(keepsLeaders: Bool) async throws {
        try await withCluster { (broker: EmbeddedBroker, clients) async throws in
            for _ in 0..<20 {
                try await broker.stop(node: 1, keepingLeaders: keepsLeaders)
                try await broker.stop(node: 1)
                try await broker.start(node: 1)
                try await broker.start(node: 1)
            }
            let again = try await TestClient.connect(port: broker.ports[0])
            #expect(try await metadata(again).brokers.count == 3)
            await again.close()
        }
    }

    @Test("a fault takes the broker down at a request, without serving it, and up again")
    func downAtRequest() async throws {
        try await withCluster {
            $0.faults = FaultScript([Fault(.down(.seconds(600), keepingLeaders: true), to: .produce, when: .nth(1))])
        } body: { (broker: EmbeddedBroker, clients) async throws in
            await #expect(throws: ConnectionClosed.self) { try await produce(clients[0]) }
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 0)
            try await broker.start(node: 1)
            let again = try await TestClient.connect(port: broker.ports[0])
            #expect(try await produce(again).single.errorCode == .none)
            await again.close()
        }
    }

    @Test("a broker that refuses connections serves those it has")
    func refusing() async throws {
        try await withCluster { (broker: EmbeddedBroker, clients) async throws in
            // A client may think that it is connected before the broker has taken it; such a one is refused as well.
            #expect(try await produce(clients[0]).single.errorCode == .none)
            try await broker.refuseConnections(node: 1)
            await #expect(throws: (any Error).self) { try await TestClient.connect(port: broker.ports[0]) }
            #expect(try await produce(clients[0]).single.errorCode == .none)
            try await broker.acceptConnections(node: 1)
            let again = try await TestClient.connect(port: broker.ports[0])
            #expect(try await produce(again).single.errorCode == .none)
            await again.close()
        }
    }

    @Test("a broker that is down and refuses connections listens when neither holds any more")
    func refusingAndDown() async throws {
        try await withCluster { (broker: EmbeddedBroker, _) async throws in
            try await broker.refuseConnections(node: 1)
            try await broker.stop(node: 1)
            try await broker.acceptConnections(node: 1)
            await #expect(throws: (any Error).self) { try await TestClient.connect(port: broker.ports[0]) }
            try await broker.start(node: 1)
            let again = try await TestClient.connect(port: broker.ports[0])
            await again.close()
        }
    }

    @Test("a fault refuses connections for a while from a request on, and serves it")
    func refusesAtRequest() async throws {
        try await withCluster {
            $0.faults = FaultScript([Fault(.refuseConnections(.seconds(600)), to: .produce)])
        } body: { (broker: EmbeddedBroker, clients) async throws in
            let response = try await produce(clients[0])
            #expect(response.single.errorCode == .none)
            await #expect(throws: (any Error).self) { try await TestClient.connect(port: broker.ports[0]) }
        }
    }

    @Test("connections can be dropped as they come")
    func droppedConnections() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
            $0.faults = FaultScript([Fault(.drop, to: .connection, when: .range(2...3))])
        } _: { (broker: EmbeddedBroker, _) async throws in
            for expected in [true, true, false] {
                let client = try await TestClient.connect(port: broker.ports[0])
                let isDropped: Bool
                do { isDropped = try await produce(client).responses.isEmpty } catch { isDropped = true }
                #expect(isDropped == expected)
                await client.close()
            }
        }
    }

    @Test("with fewer replicas in sync than min.insync.replicas acks=all is refused, and other acks are not")
    func notEnoughReplicas() async throws {
        try await withCluster {
            $0.minInSyncReplicas = 2
        } body: { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0]).single.errorCode == .none)
            try await broker.stop(node: 2)
            #expect(try await produce(clients[0]).single.errorCode == .none)
            try await broker.stop(node: 3)
            #expect(try await produce(clients[0]).single.errorCode == .notEnoughReplicas)
            #expect(try await produce(clients[0], acks: 1).single.errorCode == .none)
            try await broker.start(node: 3)
            #expect(try await produce(clients[0]).single.errorCode == .none)
            try await broker.setTopic("orders", minInSyncReplicas: 3)
            #expect(try await produce(clients[0]).single.errorCode == .notEnoughReplicas)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 12)
        }
    }

    @Test("what is not there is an error")
    func unknown() async throws {
        try await withCluster { (broker: EmbeddedBroker, _) async throws in
            await #expect(throws: EmbeddedBrokerError.self) { try await broker.stop(node: 4) }
            await #expect(throws: EmbeddedBrokerError.self) { try await broker.start(node: 0) }
            await #expect(throws: EmbeddedBrokerError.self) {
                try await broker.moveLeader(topic: "orders", partition: 1)
            }
            await #expect(throws: EmbeddedBrokerError.self) {
                try await broker.moveLeader(topic: "orders", partition: 0, to: 4)
            }
            await #expect(throws: EmbeddedBrokerError.self) { try await broker.setTopic("none", maxMessageBytes: 1) }
            await #expect(throws: EmbeddedBrokerError.self) { try await broker.setTopic("orders", maxMessageBytes: -1) }
        }
    }
}
