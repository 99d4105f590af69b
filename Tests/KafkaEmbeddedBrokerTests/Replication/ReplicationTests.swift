// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Testing

@Suite("Replicas of a partition")
struct ReplicationTests {
    /// A cluster of three brokers with the topic `orders`, whose partition 0 broker 1 leads; its followers fetch when they are
    /// told to.
    private func withReplicas(
        minInSync: Int = 1,
        _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
        body: (EmbeddedBroker, [TestClient]) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.brokers = 3
            $0.topics = ["orders": 1]
            $0.replicationFactor = 3
            $0.minInSyncReplicas = minInSync
            configure(&$0)
        } _: { broker, first in
            try await broker.holdReplication()
            var clients = [first]
            for port in broker.ports.dropFirst() { clients.append(try await TestClient.connect(port: port)) }
            try await body(broker, clients)
            for client in clients { await client.close() }
        }
    }

    private func produce(
        _ client: TestClient,
        _ values: [String] = ["one", "two", "three"],
        acks: Int16 = -1,
        within milliseconds: Int32 = 600_000
    ) async throws -> ErrorCode {
        var request = ProduceRequest(try TestBatch.make(values), topic: "orders", acks: acks)
        request.timeoutMs = milliseconds
        return try await client.send(request, version: 9).single.errorCode
    }

    private func fetch(_ client: TestClient, from offset: Int64 = 0) async throws -> FetchResponse.PartitionData {
        var request = FetchRequest(topic: "orders", from: offset)
        request.maxWaitMs = 0
        return try await client.send(request, version: 11).single
    }

    private func state(_ broker: EmbeddedBroker) async throws -> EmbeddedBroker.PartitionDescription {
        try await broker.describe(topic: "orders", partition: 0)
    }

    /// The values in the leader's log.
    private func values(_ broker: EmbeddedBroker) async throws -> [String] {
        try await broker.records(topic: "orders", partition: 0).map { $0.value.map { String(buffer: $0) } ?? "null" }
    }

    @Test("each replica has a log of its own, and followers fetch what the leader has")
    func followersFetch() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0], acks: 1) == .none)
            #expect(try await state(broker).logEndOffsets == [1: 3, 2: 0, 3: 0])
            try await broker.replicate()
            #expect(try await state(broker).logEndOffsets == [1: 3, 2: 3, 3: 3])
            #expect(try await state(broker).highWatermark == 3)
        }
    }

    @Test("acks=all is answered when all replicas in sync have the batch, acks=1 when the leader has it")
    func acknowledgements() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0], acks: 1) == .none)
            async let answer = produce(clients[0])
            while try await state(broker).logEndOffsets[1] != 6 { await Task.yield() }
            #expect(try await state(broker).highWatermark == 0)
            try await broker.replicate()
            #expect(try await answer == .none)
            #expect(try await state(broker).highWatermark == 6)
        }
    }

    @Test("acks=all times out when a replica in sync does not get the batch, which stays")
    func timeout() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0], within: 1) == .requestTimedOut)
            #expect(try await state(broker).logEndOffsets[1] == 3)
        }
    }

    @Test("consumers never read past the high watermark, whatever their isolation", arguments: [Int8(0), 1])
    func highWatermark(isolation: Int8) async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0], ["a"], acks: 1) == .none)
            try await broker.replicate()
            #expect(try await produce(clients[0], ["b"], acks: 1) == .none)
            for offset: Int64 in 0...2 {
                var request = FetchRequest(topic: "orders", from: offset)
                request.isolationLevel = isolation
                request.maxWaitMs = 0
                let found = try await clients[0].send(request, version: 11).single
                #expect(found.errorCode == .none)
                #expect(found.highWatermark == 1)
                #expect(found.lastStableOffset == 1)
                #expect(try found.values() == (offset == 0 ? ["a"] : []))
            }
            let topic = ListOffsetsRequest.Topic(
                name: "orders",
                partitions: [.init(partitionIndex: 0, timestamp: -1)]
            )
            let listed = try await clients[0].send(
                ListOffsetsRequest(isolationLevel: isolation, topics: [topic]),
                version: 5
            )
            #expect(listed.topics[0].partitions[0].offset == 1)
        }
    }

    @Test("a fetch that waits is answered when the high watermark passes what it waits for")
    func waitingFetch() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            var request = FetchRequest(topic: "orders")
            request.maxWaitMs = 600_000
            try await clients[0].write(
                RequestFrame.encode(request, version: 11, correlationID: 7, clientID: "test")
            )
            let producer = try await TestClient.connect(port: broker.ports[0])
            #expect(try await produce(producer, ["a"], acks: 1) == .none)
            try await broker.replicate()
            let found = try await clients[0].response(to: FetchRequest.self, version: 11).single
            #expect(try found.values() == ["a"])
            await producer.close()
        }
    }

    @Test("a leader that is killed after acks=1 takes along what no follower had")
    func killedAfterOne() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0], ["kept"], acks: 1) == .none)
            try await broker.replicate()
            #expect(try await produce(clients[0], ["lost"], acks: 1) == .none)
            try await broker.kill(node: 1)
            #expect(try await state(broker).leader == 2)
            #expect(try await values(broker) == ["kept"])
            #expect(try await produce(clients[1], ["next"], acks: 1) == .none)
            // The former leader comes back, and cuts off what nobody else has.
            try await broker.start(node: 1)
            try await broker.replicate()
            #expect(try await state(broker).logEndOffsets == [1: 2, 2: 2, 3: 2])
            #expect(try await state(broker).inSyncReplicas == [1, 2, 3])
            try await broker.electPreferredLeaders()
            #expect(try await state(broker).leader == 1)
            #expect(try await values(broker) == ["kept", "next"])
        }
    }

    @Test("a leader that is stopped in order lets its followers fetch first")
    func stopped() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            try await broker.releaseReplication()
            #expect(try await produce(clients[0], ["kept"], acks: 1) == .none)
            try await broker.stop(node: 1)
            #expect(try await values(broker) == ["kept"])
        }
    }

    @Test("acks=all with fewer in sync than min.insync.replicas is refused, before the append or after it")
    func notEnough() async throws {
        try await withReplicas(minInSync: 2) { (broker: EmbeddedBroker, clients) async throws in
            async let answer = produce(clients[0])
            while try await state(broker).logEndOffsets[1] != 3 { await Task.yield() }
            try await broker.passTime(.seconds(31))
            #expect(try await answer == .notEnoughReplicasAfterAppend)
            #expect(try await state(broker).inSyncReplicas == [1])
            #expect(try await produce(clients[0]) == .notEnoughReplicas)
            #expect(try await produce(clients[0], acks: 1) == .none)
            try await broker.replicate()
            #expect(try await state(broker).inSyncReplicas == [1, 2, 3])
        }
    }

    @Test("a follower that is parted from its leader drops out after replica.lag.time.max.ms, and comes back")
    func parted() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            try await broker.releaseReplication()
            try await broker.part(node: 3, from: [1])
            #expect(try await produce(clients[0], acks: 1) == .none)
            #expect(try await state(broker).inSyncReplicas == [1, 2, 3])
            try await broker.passTime(.seconds(31))
            #expect(try await state(broker).inSyncReplicas == [1, 2])
            #expect(try await produce(clients[0]) == .none)
            #expect(try await state(broker).logEndOffsets == [1: 6, 2: 6, 3: 0])
            try await broker.heal()
            try await broker.replicate()
            #expect(try await state(broker).inSyncReplicas == [1, 2, 3])
        }
    }

    @Test("without a replica in sync there is no leader, unless it may be unclean", arguments: [false, true])
    func unclean(isAllowed: Bool) async throws {
        try await withReplicas {
            $0.topicDefaults[.uncleanLeaderElection] = "\(isAllowed)"
        } body: { (broker: EmbeddedBroker, clients) async throws in
            #expect(try await produce(clients[0], ["kept"], acks: 1) == .none)
            try await broker.replicate()
            try await broker.part(node: 1)
            #expect(try await produce(clients[0], ["lost"], acks: 1) == .none)
            try await broker.passTime(.seconds(31))
            try await broker.kill(node: 1)
            #expect(try await state(broker).leader == (isAllowed ? 2 : nil))
            let response = try await clients[1].send(MetadataRequest(topics: nil), version: 9)
            let metadata = response.topics[0].partitions[0]
            #expect(metadata.errorCode == (isAllowed ? .none : .leaderNotAvailable))
            #expect(metadata.isrNodes == (isAllowed ? [2] : [1]))
            #expect(metadata.offlineReplicas == [1])
            try await broker.start(node: 1)
            try await broker.heal()
            try await broker.replicate()
            #expect(try await values(broker) == (isAllowed ? ["kept"] : ["kept", "lost"]))
            #expect(try await state(broker).leader == (isAllowed ? 2 : 1))
        }
    }

    @Test("an administrator lets a replica lead that is not in sync, where none leads, and what it lacks is lost")
    func uncleanByOrder() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            func elect(_ type: Int8) async throws -> ErrorCode? {
                let request = ElectLeadersRequest(
                    electionType: type,
                    topicPartitions: [.init(topic: "orders", partitions: [0])]
                )
                let response = try await clients[1].send(request, version: 2)
                return response.replicaElectionResults.first?.partitionResult.first?.errorCode
            }
            #expect(try await produce(clients[0], ["kept"], acks: 1) == .none)
            try await broker.replicate()
            #expect(try await elect(1) == .electionNotNeeded)
            try await broker.part(node: 1)
            #expect(try await produce(clients[0], ["lost"], acks: 1) == .none)
            try await broker.passTime(.seconds(31))
            try await broker.kill(node: 1)
            #expect(try await state(broker).leader == nil)
            #expect(try await elect(0) == .preferredLeaderNotAvailable)
            #expect(try await elect(1) == ErrorCode.none)
            #expect(try await state(broker).leader == 2)
            try await broker.start(node: 1)
            try await broker.heal()
            try await broker.replicate()
            #expect(try await values(broker) == ["kept"])
            #expect(try await elect(0) == ErrorCode.none)
            #expect(try await state(broker).leader == 1)
        }
    }

    @Test("a frozen broker answers nothing, is taken for dead after its session, and answers when it thaws")
    func frozen() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            try await broker.releaseReplication()
            try await broker.freeze(node: 1)
            let request = MetadataRequest(topics: nil)
            try await clients[0].write(RequestFrame.encode(request, version: 9, correlationID: 7, clientID: "test"))
            #expect(try await state(broker).leader == 1)
            try await broker.passTime(.seconds(10))
            #expect(try await state(broker).leader == 2)
            #expect(try await produce(clients[1]) == .none)
            try await broker.thaw(node: 1)
            let answer = try await clients[0].response(to: MetadataRequest.self, version: 9)
            #expect(answer.topics[0].partitions[0].leaderID == 2)
            #expect(try await state(broker).inSyncReplicas == [1, 2, 3])
        }
    }

    @Test("an idempotent producer's batch is known to the next leader")
    func idempotence() async throws {
        try await withReplicas { (broker: EmbeddedBroker, clients) async throws in
            let batch = try TestBatch.make(["a"], producerID: 5, epoch: 0, sequence: 0)
            let request = ProduceRequest(batch, topic: "orders", acks: 1)
            #expect(try await clients[0].send(request, version: 9).single.errorCode == .none)
            try await broker.replicate()
            try await broker.kill(node: 1)
            #expect(try await clients[1].send(request, version: 9).single.baseOffset == 0)
            #expect(try await values(broker) == ["a"])
        }
    }
}
