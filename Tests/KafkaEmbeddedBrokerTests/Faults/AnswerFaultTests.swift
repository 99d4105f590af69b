// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Faults of answers")
struct AnswerFaultTests {
    private func withOrders(
        _ faults: Fault...,
        body: (EmbeddedBroker, TestClient) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.topics = ["orders": 2]
            $0.faults = FaultScript(faults)
        } _: { (broker: EmbeddedBroker, client) async throws in
            try await body(broker, client)
        }
    }

    private func produce(_ client: TestClient, partition: Int32 = 0) async throws -> ErrorCode {
        let request = ProduceRequest(try TestBatch.make(), topic: "orders", partition: partition)
        return try await client.send(request, version: 9).single.errorCode
    }

    @Test("an error comes at the request that is named, and nothing is appended")
    func error() async throws {
        try await withOrders(Fault(.error(.notEnoughReplicas), to: .produce, when: .nth(2))) {
            (broker: EmbeddedBroker, client) async throws in
            var errors: [ErrorCode] = []
            for _ in 0..<3 { errors.append(try await produce(client)) }
            #expect(errors == [.none, .notEnoughReplicas, .none])
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 6)
            #expect(await broker.performedFaults.map(\.count) == [1])
        }
    }

    @Test("an error for one partition leaves the others of the request alone", arguments: [Int16(9), 13])
    func partitionError(version: Int16) async throws {
        try await withOrders(Fault(.error(.kafkaStorageError), to: .produce, topic: "orders", partition: 1)) {
            broker,
            client in
            let batch = try TestBatch.make()
            let id = try await client.topicID(of: "orders")
            let data = (Int32(0)...1).map { ProduceRequest.PartitionData(index: $0, records: batch) }
            let request = ProduceRequest(
                acks: -1,
                topicData: [ProduceRequest.TopicData(name: "orders", topicID: id, partitionData: data)]
            )
            let response = try await client.send(request, version: version)
            #expect(response.responses[0].partitionResponses.map(\.errorCode) == [.none, .kafkaStorageError])
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 3)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 1) == 0)
        }
    }

    @Test("an error after the append is answered though the records are there")
    func errorAfterAppend() async throws {
        try await withOrders(Fault(.errorAfterAppend(.notEnoughReplicasAfterAppend), to: .produce)) {
            (broker: EmbeddedBroker, client) async throws in
            #expect(try await produce(client) == .notEnoughReplicasAfterAppend)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 3)
        }
    }

    @Test(
        "every kind of request can be answered with an error",
        arguments: [
            { try await $0.send(InitProducerIDRequest(transactionalID: nil), version: 4).errorCode },
            { try await $0.send(ApiVersionsRequest(), version: 2).errorCode },
            { try await $0.send(MetadataRequest(topics: nil), version: 9).topics[0].errorCode },
            { try await $0.send(FetchRequest(topic: "orders"), version: 11).single.errorCode },
            {
                let topic = ListOffsetsRequest.Topic(
                    name: "orders",
                    partitions: [ListOffsetsRequest.Partition(partitionIndex: 0, timestamp: -1)]
                )
                return try await $0.send(ListOffsetsRequest(topics: [topic]), version: 5).topics[0].partitions[0]
                    .errorCode
            },
            {
                let topic = CreateTopicsRequest.Topic(name: "new", numPartitions: 1, replicationFactor: 1)
                return try await $0.send(CreateTopicsRequest(topics: [topic]), version: 5).topics[0].errorCode
            },
        ] as [@Sendable (TestClient) async throws -> ErrorCode]
    )
    func everyKind(send: @Sendable (TestClient) async throws -> ErrorCode) async throws {
        try await withOrders(Fault(.error(.unknownServerError))) { (broker: EmbeddedBroker, client) async throws in
            #expect(try await send(client) == .unknownServerError)
            #expect(await broker.topics == ["orders": 2])
        }
    }

    @Test("with acks=0 an error closes the connection")
    func errorWithoutAcks() async throws {
        try await withOrders(Fault(.error(.notEnoughReplicas), to: .produce)) {
            (broker: EmbeddedBroker, client) async throws in
            let request = ProduceRequest(try TestBatch.make(), topic: "orders", acks: 0)
            try await client.write(
                RequestFrame.encode(request, version: 9, correlationID: 1, clientID: "test")
            )
            #expect(try await client.nextFrame() == nil)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 0)
        }
    }

    @Test(
        "a connection is closed before or after the append",
        arguments: [(.drop, 0), (.appendThenDrop, 3)] as [(Fault.Action, Int64)]
    )
    func drops(action: Fault.Action, end: Int64) async throws {
        try await withOrders(Fault(action, to: .produce)) { (broker: EmbeddedBroker, client) async throws in
            await #expect(throws: ConnectionClosed.self) { try await produce(client) }
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == end)
        }
    }

    @Test("half an answer is half of its bytes, and then the end")
    func halfOfTheBytes() throws {
        let whole = try AnswerRecorder(FaultBench().produce()).pieces[0]
        let half = try AnswerRecorder(FaultBench(Fault(.halfAnswer)).produce())
        #expect(half.pieces == [try #require(whole.getSlice(at: 0, length: whole.readableBytes / 2))])
        #expect(half.isClosed)
    }

    @Test("a client sees half an answer as the end of the connection, after the append")
    func half() async throws {
        try await withOrders(Fault(.halfAnswer, to: .produce)) { (broker: EmbeddedBroker, client) async throws in
            await #expect(throws: ConnectionClosed.self) { try await produce(client) }
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 3)
        }
    }

    private static let tornAnswer = Fault(.torn(bytes: 7, pause: .milliseconds(10)), to: .produce)

    @Test("a torn answer comes in pieces, each after a pause")
    func tornIntoPieces() throws {
        let bench = try FaultBench(Self.tornAnswer)
        let answer = AnswerRecorder(try bench.produce())
        #expect(answer.pieces.map(\.readableBytes) == [7])
        bench.loop.advanceTime(by: .milliseconds(9))
        #expect(answer.pieces.count == 1)
        bench.loop.advanceTime(by: .milliseconds(1))
        #expect(answer.pieces.map(\.readableBytes) == [7, 7])
        bench.loop.advanceTime(by: .seconds(1))
        #expect(answer.pieces.dropLast().allSatisfy { $0.readableBytes == 7 })
        #expect(!answer.isWaiting)
        #expect(try answer.response(to: ProduceRequest.self, version: 9).single.errorCode == .none)
    }

    @Test("a client puts a torn answer together, and the next one too")
    func torn() async throws {
        try await withOrders(Fault(.torn(bytes: 7, pause: .zero), to: .produce)) {
            (_: EmbeddedBroker, client) async throws in
            #expect(try await produce(client) == .none)
            #expect(try await produce(client) == .none)
        }
    }

    @Test("a wrong correlation id is another one than the request's")
    func wrongCorrelationID() async throws {
        try await withOrders(Fault(.wrongCorrelationID, to: .produce, when: .nth(1))) {
            (_: EmbeddedBroker, client) async throws in
            await #expect(throws: WrongCorrelation.self) { try await produce(client) }
            #expect(try await produce(client) == .none)
        }
    }

    @Test("a delayed request is served when its time has come")
    func delay() throws {
        let bench = try FaultBench(Fault(.delay(.milliseconds(200)), to: .produce))
        let answer = AnswerRecorder(try bench.produce())
        bench.loop.advanceTime(by: .milliseconds(199))
        #expect(answer.pieces.isEmpty && answer.isWaiting)
        #expect(bench.logEndOffset == 0)
        bench.loop.advanceTime(by: .milliseconds(1))
        #expect(try answer.response(to: ProduceRequest.self, version: 9).single.errorCode == .none)
        #expect(bench.logEndOffset == 3)
    }

    @Test("a delayed request is served even if its client has gone, unless the broker went down")
    func delayWithoutClient() throws {
        for goesDown in [false, true] {
            let bench = try FaultBench(Fault(.delay(.milliseconds(200)), to: .produce))
            guard case .later(let deferred) = try bench.produce() else { throw ConnectionClosed() }
            deferred.cancel()
            if goesDown { bench.cluster.wentDown(1, .unnoticed) }
            bench.loop.advanceTime(by: .milliseconds(200))
            #expect(bench.logEndOffset == (goesDown ? 0 : 3))
        }
    }

    @Test("a cluster that was stopped writes nothing more to its data directory, whatever is delayed")
    func delayWithoutCluster() throws {
        let bench = try FaultBench(Fault(.delay(.milliseconds(200)), to: .produce))
        let answer = AnswerRecorder(try bench.produce())
        bench.cluster.nodes.loseWhatIsInHand()
        bench.loop.advanceTime(by: .milliseconds(200))
        #expect(answer.isClosed)
        #expect(bench.logEndOffset == 0)
    }

    @Test("a delayed answer is to a request that was served at once")
    func delayAnswer() throws {
        let bench = try FaultBench(Fault(.delayAnswer(.milliseconds(200)), to: .produce))
        let answer = AnswerRecorder(try bench.produce())
        #expect(bench.logEndOffset == 3)
        bench.loop.advanceTime(by: .milliseconds(199))
        #expect(answer.pieces.isEmpty && answer.isWaiting)
        bench.loop.advanceTime(by: .milliseconds(1))
        #expect(answer.pieces.count == 1)
    }

    @Test("an answer that never comes holds up what is behind it")
    func noAnswer() throws {
        let bench = try FaultBench(Fault(.noAnswer, to: .produce))
        let answer = AnswerRecorder(try bench.produce())
        bench.loop.advanceTime(by: .hours(1))
        #expect(bench.logEndOffset == 3)
        #expect(answer.pieces.isEmpty && answer.isWaiting && !answer.isClosed)
    }

    @Test("a throttled client is told at once and held back until its time is over", arguments: [Int16(-1), 0])
    func throttle(acks: Int16) throws {
        let bench = try FaultBench(Fault(.throttle(.milliseconds(500)), to: .produce))
        let request = ProduceRequest(try TestBatch.make(), topic: "orders", acks: acks)
        let answer = AnswerRecorder(try bench.serve(request, version: 9))
        #expect(answer.isWaiting)
        if acks == 0 {
            #expect(answer.pieces.isEmpty)
        } else {
            #expect(try answer.response(to: ProduceRequest.self, version: 9).throttleTimeMs == 500)
        }
        bench.loop.advanceTime(by: .milliseconds(499))
        #expect(answer.isWaiting)
        bench.loop.advanceTime(by: .milliseconds(1))
        #expect(!answer.isWaiting)
        #expect(answer.pieces.count == (acks == 0 ? 0 : 1))
    }

    @Test(
        "a broker is down, or refuses connections, as long as the fault says",
        arguments: [
            (.down(.milliseconds(250), keepingLeaders: true), ["down 1", "up 1"]),
            (.refuseConnections(.milliseconds(250)), ["refuse 1", "accept 1"]),
        ] as [(Fault.Action, [String])]
    )
    func nodes(action: Fault.Action, calls: [String]) throws {
        let bench = try FaultBench(Fault(action, to: .produce, when: .nth(1)))
        _ = try bench.produce()
        bench.loop.advanceTime(by: .milliseconds(249))
        #expect(bench.nodes.calls == [calls[0]])
        bench.loop.advanceTime(by: .milliseconds(1))
        #expect(bench.nodes.calls == calls)
    }

    @Test("a fetch that waits for records can go wrong too")
    func deferredAnswer() async throws {
        try await withOrders(Fault(.halfAnswer, to: .fetch)) { (broker: EmbeddedBroker, client) async throws in
            var request = FetchRequest(topic: "orders")
            request.maxWaitMs = 60_000
            let frame = try RequestFrame.encode(request, version: 11, correlationID: 7, clientID: "test")
            try await client.write(frame)
            let other = try await TestClient.connect(port: broker.ports[0])
            #expect(try await produce(other) == .none)
            #expect(try await client.nextFrame() == nil)
            await other.close()
        }
    }

    @Test("faults can be added to a running broker and taken away")
    func injecting() async throws {
        try await withOrders { (broker: EmbeddedBroker, client) async throws in
            #expect(try await produce(client) == .none)
            try await broker.inject(
                Fault(.error(.requestTimedOut), to: .produce, when: .nth(1)),
                Fault(.drop, to: .fetch)
            )
            #expect(try await produce(client) == .requestTimedOut)
            #expect(try await produce(client) == .none)
            try await broker.inject(Fault(.error(.requestTimedOut), to: .produce))
            try await broker.clearFaults()
            #expect(try await produce(client) == .none)
            #expect(await broker.performedFaults.isEmpty)
        }
    }
}
