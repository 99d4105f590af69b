// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaEmbeddedBroker

/// What Kafka calls `queued.max.request.bytes`.
@Suite("Memory for requests", .timeLimit(.minutes(10)))
struct RequestMemoryTests {
    /// A Produce request with its size: about as many bytes as its record has.
    private func produce(_ bytes: Int, id: Int32 = 7) throws -> ByteBuffer {
        let batch = try TestBatch.make([String(repeating: "x", count: bytes)])
        return try RequestFrame.encode(
            ProduceRequest(batch, topic: "orders"),
            version: 9,
            correlationID: id,
            clientID: "test"
        )
    }

    private func head(_ count: Int, of bytes: inout ByteBuffer) throws -> ByteBuffer {
        let part = bytes.readSlice(length: count)
        return try #require(part)
    }

    private func answers(_ channel: EmbeddedChannel) throws -> [Int32] {
        var ids: [Int32] = []
        while var bytes = try channel.readOutbound(as: ByteBuffer.self) {
            while let frame = try FrameSize.nextFrame(of: &bytes, limit: .max) {
                ids.append(try #require(frame.getInteger(at: frame.readerIndex, as: Int32.self)))
            }
        }
        return ids
    }

    @Test("a request may take more than is left, the next one has to wait, and all go on in their order")
    func order() {
        let loop = EmbeddedEventLoop()
        let memory = RequestMemory(limit: 10, eventLoop: loop)
        var served: [String] = []
        func wait(_ name: String, _ bytes: Int) -> Int {
            memory.wait {
                if memory.take(bytes) { served.append(name) } else { _ = wait(name, bytes) }
            }
        }
        #expect(memory.take(9))
        #expect(memory.take(100))
        #expect(!memory.take(1))
        let tickets = [wait("a", 6), wait("b", 6), wait("c", 6), wait("d", 6)]
        memory.giveBack(99)
        #expect(memory.isUsedUp)
        loop.run()
        #expect(served.isEmpty)
        memory.leave(tickets[1])
        memory.giveBack(10)
        #expect(!memory.take(1), "what is left is for those that wait")
        loop.run()
        #expect(served == ["a", "c"])
        #expect(memory.waitingCount == 1)
        memory.giveBack(12)
        loop.run()
        #expect(served == ["a", "c", "d"])
        #expect(memory.taken == 6)
        #expect(memory.take(4) && memory.isUsedUp)
    }

    @Test(
        "while half a request has all memory nothing else is served, and then everything once",
        arguments: [true, false]
    )
    func half(isFinished: Bool) throws {
        let bench = try FaultBench(queuedMaxRequestBytes: 50_000)
        let first = try bench.connect()
        let second = try bench.connect()
        let third = try bench.connect()
        var request = try produce(60_000, id: 1)
        try first.writeInbound(head(1000, of: &request))
        #expect((60_000...60_200).contains(bench.memory.taken))
        var pipelined = try produce(100, id: 2)
        pipelined.writeImmutableBuffer(try produce(100, id: 3))
        // A request that comes in pieces, of which the first is not even the whole size.
        var pieces = try produce(100, id: 4)
        try second.writeInbound(pipelined)
        try third.writeInbound(head(3, of: &pieces))
        try third.writeInbound(head(50, of: &pieces))
        #expect(bench.memory.waitingCount == 2)
        #expect(bench.logEndOffset == 0)
        if isFinished { try first.writeInbound(request) } else { try first.close().wait() }
        bench.loop.run()
        #expect(bench.logEndOffset == (isFinished ? 3 : 2))
        try third.writeInbound(pieces)
        #expect(bench.logEndOffset == (isFinished ? 4 : 3))
        if isFinished { #expect(try answers(first) == [1]) }
        #expect(try answers(second) == [2, 3])
        #expect(try answers(third) == [4])
        #expect(bench.memory.taken == 0 && bench.memory.waitingCount == 0)
        for channel in [second, third] { _ = try channel.finish() }
    }

    @Test("a batch keeps its memory until it is answered, and a fetch that waits for records has given it back")
    func waitingAnswers() throws {
        let bench = try FaultBench(
            Fault(.delayAnswer(.milliseconds(200)), to: .produce),
            queuedMaxRequestBytes: 1000
        )
        let producer = try bench.connect()
        let consumer = try bench.connect()
        var fetch = FetchRequest(topic: "orders")
        (fetch.maxWaitMs, fetch.minBytes) = (100_000, 1)
        try consumer.writeInbound(try RequestFrame.encode(fetch, version: 12, correlationID: 1, clientID: nil))
        #expect(bench.memory.taken == 0)
        try producer.writeInbound(try produce(2000))
        #expect(bench.memory.taken > 2000)
        bench.loop.advanceTime(by: .milliseconds(200))
        #expect(bench.memory.taken == 0)
        #expect(try answers(producer) == [7])
        _ = try producer.finish()
        _ = try consumer.finish()
    }

    @Test("a connection that waits for memory is not idle, and one that has it and sends nothing is")
    func idle() throws {
        let bench = try FaultBench(queuedMaxRequestBytes: 1000)
        let silent = try bench.connect(longestIdle: .seconds(600))
        var request = try produce(5000)
        try silent.writeInbound(head(100, of: &request))
        bench.loop.advanceTime(by: .seconds(500))
        let waiting = try bench.connect(longestIdle: .seconds(600))
        try waiting.writeInbound(try produce(100, id: 9))
        bench.loop.advanceTime(by: .seconds(700))
        #expect(!silent.isActive)
        #expect(waiting.isActive)
        #expect(try answers(waiting) == [9])
        #expect(bench.memory.taken == 0)
        _ = try waiting.finish()
    }

    /// What the requests to the first broker take, and how many connections wait.
    private func memory(_ broker: EmbeddedBroker) async throws -> (taken: Int, waiting: Int) {
        try await broker.eventLoop.submit { [server = broker.server] in
            let memory = server.value.requestMemory(of: 1)
            return (memory.taken, memory.waitingCount)
        }.get()
    }

    @Test("queued.max.request.bytes: with many connections reading stops and goes on, and nothing is lost")
    func manyConnections() async throws {
        let count = 100
        try await withBroker {
            $0.topics = ["orders": 1, "other": 1]
            $0.requestMaxBytes = 64 << 10
            $0.queuedMaxRequestBytes = 64 << 10
        } _: { (broker: EmbeddedBroker, _) async throws in
            // Two clients promise all of it, and send a part.
            var slow: [(client: TestClient, rest: ByteBuffer)] = []
            for _ in 0..<2 {
                let client = try await TestClient.connect(port: broker.ports[0])
                var request = try produce(60_000)
                try await client.write(head(20_000, of: &request))
                slow.append((client, request))
            }
            while try await memory(broker).taken < 120_000 { await Task.yield() }
            var clients: [TestClient] = []
            for _ in 0..<count {
                let client = try await TestClient.connect(port: broker.ports[0])
                for id in Int32(1)...3 { try await client.write(try produce(8000, id: id)) }
                clients.append(client)
            }
            while try await memory(broker).waiting < count { await Task.yield() }
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 0)
            #expect(try await memory(broker).taken < 128 << 10)

            for (client, rest) in slow {
                try await client.write(rest)
                #expect(try await client.response(to: ProduceRequest.self, version: 9).single.errorCode == .none)
            }
            var offsets: Set<Int64> = []
            for client in clients {
                var last: Int64 = -1
                for id in Int32(1)...3 {
                    let response = try await client.response(to: ProduceRequest.self, version: 9, correlationID: id)
                    #expect(response.single.errorCode == .none && response.single.baseOffset > last)
                    last = response.single.baseOffset
                    offsets.insert(last)
                }
            }
            #expect(offsets.count == count * 3)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == count * 3 + 2)
            let left = try await memory(broker)
            #expect(left.taken == 0 && left.waiting == 0)
            for client in clients + slow.map(\.client) { await client.close() }
        }
    }

    @Test("each broker has its own memory: a full one does not keep another from reading")
    func brokers() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.topics = ["orders": 2]
            $0.requestMaxBytes = 10_000
            $0.queuedMaxRequestBytes = 10_000
        } _: { (broker: EmbeddedBroker, client) async throws in
            try await client.write(ByteBuffer(bytes: [0, 0, 0x27, 0x10, 1]))
            while try await memory(broker).taken == 0 { await Task.yield() }
            let other = try await TestClient.connect(port: broker.ports[1])
            let request = ProduceRequest(try TestBatch.make(), topic: "orders", partition: 1)
            #expect(try await other.send(request, version: 9).single.errorCode == .none)
            await other.close()
        }
    }

    @Test("a limit below the largest request, which would never be read, is refused", arguments: [0, -2, 999])
    func limit(bytes: Int) {
        var configuration = EmbeddedBroker.Configuration()
        configuration.requestMaxBytes = 1000
        configuration.queuedMaxRequestBytes = bytes
        #expect(configuration.objection?.contains("queued.max.request.bytes is \(bytes)") == true)
        configuration.queuedMaxRequestBytes = 1000
        #expect(configuration.objection == nil)
    }
}
