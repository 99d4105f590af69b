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
