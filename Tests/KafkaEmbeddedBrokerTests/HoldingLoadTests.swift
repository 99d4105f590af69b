// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOEmbedded
import Platform
import Testing

@testable import KafkaEmbeddedBroker

/// Many partitions, many connections, and clients that are slow or mean harm.
@Suite("Holding load", .timeLimit(.minutes(10)))
struct HoldingLoadTests {
    @Test("10,000 partitions are made and written to by one request each, and each has its record")
    func tenThousandPartitions() async throws {
        try await withBroker { _ in
        } _: { (broker: EmbeddedBroker, client) async throws in
            let wanted = CreateTopicsRequest.Topic(name: "t", numPartitions: 10_000, replicationFactor: 1)
            let created = try await client.send(CreateTopicsRequest(topics: [wanted]), version: 5)
            #expect(created.topics.first?.errorCode == ErrorCode.none)
            var request = ProduceRequest(try TestBatch.make(["x"]), topic: "t")
            let data = request.topicData[0].partitionData[0]
            request.topicData[0].partitionData = (0..<Int32(10_000)).map { index in
                var data = data
                data.index = index
                return data
            }
            let response = try await client.send(request, version: 9)
            let answers = response.responses[0].partitionResponses
            #expect(answers.count == 10_000)
            #expect(answers.allSatisfy { $0.errorCode == .none && $0.baseOffset == 0 })
            #expect(try await broker.logEndOffset(topic: "t", partition: 9_999) == 1)
        }
    }

    /// Both ends of a connection are in this process.
    private func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        #if canImport(Darwin)
            let resource = RLIMIT_NOFILE
        #else
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard unsafe getrlimit(resource, &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(resource, &limit)
        return Int(clamping: limit.rlim_cur)
    }

    @Test("1,000 clients are connected at once, and each is served")
    func thousandConnections() async throws {
        let count = min(1000, (raiseDescriptorLimit() - 500) / 2)
        try #require(count > 100, "ulimit -n is too low")
        try await withBroker {
            $0.topics = ["t": 1]
        } _: { (broker: EmbeddedBroker, _) async throws in
            var clients: [TestClient] = []
            for _ in 0..<count { clients.append(try await TestClient.connect(port: broker.ports[0])) }
            try await withThrowingTaskGroup(of: ErrorCode.self) { group in
                for client in clients {
                    group.addTask {
                        let request = ProduceRequest(try TestBatch.make(["x"]), topic: "t")
                        return try await client.send(request, version: 9).single.errorCode
                    }
                }
                for try await code in group { #expect(code == .none) }
            }
            #expect(try await broker.logEndOffset(topic: "t", partition: 0) == count)
            for client in clients { await client.close() }
        }
    }

    @Test("clients that promise much, send little and never end their requests do not keep others from being served")
    func halfFrames() async throws {
        try await withBroker {
            $0.topics = ["t": 1]
        } _: { (broker: EmbeddedBroker, client) async throws in
            var others: [TestClient] = []
            for _ in 0..<100 {
                let other = try await TestClient.connect(port: broker.ports[0])
                var bytes = ByteBuffer(integer: Int32(100 << 20))
                bytes.writeRepeatingByte(0, count: 1000)
                try await other.write(bytes)
                others.append(other)
            }
            try await client.append(try TestBatch.make(), topic: "t")
            for other in others { await other.close() }
        }
    }

    @Test("of a client that does not read its answers nothing more is read or served, until it reads")
    func slowReader() throws {
        let bench = try FaultBench()
        let channel = try bench.connect()
        let request = ProduceRequest(try TestBatch.make(["x"]), topic: "orders")
        var bytes = ByteBuffer()
        for id in Int32(0)..<100 {
            bytes.writeImmutableBuffer(
                try RequestFrame.encode(request, version: 9, correlationID: id, clientID: nil)
            )
        }
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        try channel.writeInbound(bytes)
        #expect(bench.logEndOffset == 0)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(bench.logEndOffset == 100)
        _ = try channel.finish()
    }

    @Test("answers that clients do not read take no more memory than they may, others are served, and all are whole")
    func unreadAnswers() async throws {
        let (limit, batch, count, fetches) = (4 << 20, 100_000, 60, 20)
        let largest = AnswerMemory.smallest + batch + 10_000
        try await withBroker {
            $0.topics = ["t": 1]
        } _: { (broker: EmbeddedBroker, client) async throws in
            let value = String(repeating: "x", count: batch)
            for _ in 0..<200 { try await client.append(try TestBatch.make([value]), topic: "t") }
            func held() async throws -> Int {
                try await broker.eventLoop.submit { [server = broker.server] in
                    server.value.cluster.answers.limit = limit
                    return server.value.cluster.answers.held
                }.get()
            }
            #expect(try await held() == 0)
            // The system takes some of the answers, as if they were read.
            let fetch = try RequestFrame.encode(
                FetchRequest(topic: "t", maxBytes: .max),
                version: 12,
                correlationID: 7,
                clientID: nil
            )
            var slow: [TestClient] = []
            var most = 0
            for _ in 0..<count {
                let other = try await TestClient.connect(port: broker.ports[0], reads: false)
                for _ in 0..<fetches { try await other.write(fetch) }
                slow.append(other)
                most = max(most, try await held())
                // Whoever reads gets a batch at least.
                let response = try await client.send(FetchRequest(topic: "t"), version: 12)
                #expect(response.single.records?.readableBytes ?? 0 > batch)
            }
            #expect(most > limit / 3)
            #expect(most < limit + count * largest)
            for other in slow {
                try await other.read()
                for _ in 0..<fetches {
                    let response = try await other.response(to: FetchRequest.self, version: 12)
                    #expect(response.single.records?.readableBytes ?? 0 > batch)
                }
                await other.close()
            }
            while try await held() > 0 { await Task.yield() }
        }
    }

    @Test(
        "a connection on which nothing comes and goes is closed after connections.max.idle.ms",
        arguments: [false, true]
    )
    func idle(sendsHalfARequest: Bool) throws {
        let bench = try FaultBench()
        let channel = try bench.connect(longestIdle: .seconds(600))
        if sendsHalfARequest { try channel.writeInbound(ByteBuffer(bytes: [0, 0, 1, 0, 0])) }
        bench.loop.advanceTime(by: .seconds(600))
        #expect(channel.isActive)
        bench.loop.advanceTime(by: .seconds(600))
        #expect(!channel.isActive)
    }

    @Test("a client that reads nothing is closed then too, and one that asks something now and then is not")
    func busy() throws {
        let bench = try FaultBench()
        let slow = try bench.connect(longestIdle: .seconds(600))
        let busy = try bench.connect(longestIdle: .seconds(600))
        slow.isWritable = false
        slow.pipeline.fireChannelWritabilityChanged()
        let request = try RequestFrame.encode(ApiVersionsRequest(), version: 0, correlationID: 1, clientID: nil)
        for _ in 0..<5 {
            bench.loop.advanceTime(by: .seconds(500))
            try busy.writeInbound(request)
            #expect(busy.isActive)
        }
        #expect(!slow.isActive)
        _ = try busy.finish()
    }
}
