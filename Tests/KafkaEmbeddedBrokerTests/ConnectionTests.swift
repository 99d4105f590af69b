// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Testing

@Suite("Connections")
struct ConnectionTests {
    @Test("requests sent at once are answered in their order")
    func pipelining() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let produce = ProduceRequest(try TestBatch.make(), topic: "orders")
            var bytes = ByteBuffer()
            for id in Int32(0)..<100 {
                bytes.writeImmutableBuffer(
                    id.isMultiple(of: 2)
                        ? try RequestFrame.encode(produce, version: 9, correlationID: id, clientID: nil)
                        : try RequestFrame.encode(
                            FetchRequest(topic: "orders"),
                            version: 12,
                            correlationID: id,
                            clientID: nil
                        )
                )
            }
            try await client.write(bytes)
            for id in Int32(0)..<100 {
                if id.isMultiple(of: 2) {
                    let response = try await client.response(to: ProduceRequest.self, version: 9, correlationID: id)
                    #expect(response.single.baseOffset == Int64(id / 2 * 3))
                } else {
                    let response = try await client.response(to: FetchRequest.self, version: 12, correlationID: id)
                    #expect(try response.single.values().count == Int(id / 2 + 1) * 3)
                }
            }
        }
    }

    @Test("answers wait for a client that does not read, and none is lost")
    func slowReader() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            try await client.append(try TestBatch.make([String(repeating: "x", count: 500_000)]), topic: "orders")
            let fetch = try RequestFrame.encode(
                FetchRequest(topic: "orders"),
                version: 12,
                correlationID: 7,
                clientID: nil
            )
            var bytes = ByteBuffer()
            for _ in 0..<60 { bytes.writeImmutableBuffer(fetch) }
            try await client.write(bytes)
            for _ in 0..<60 {
                let response = try await client.response(to: FetchRequest.self, version: 12)
                #expect(response.single.records?.readableBytes ?? 0 > 500_000)
            }
        }
    }

    @Test("a request that is too large or has a negative size closes the connection", arguments: [2000, -1, Int32.max])
    func sizes(size: Int32) async throws {
        try await withBroker {
            $0.requestMaxBytes = 1999
        } _: { _, client in
            try await client.write(ByteBuffer(integer: size))
            #expect(try await client.nextFrame() == nil)
        }
    }

    @Test(
        "what is no request closes the connection",
        arguments: [
            // Nothing; half a header; an unknown API; Produce 2, which is too old; Metadata 0 cut short; and too long.
            [0, 0, 0, 0], [0, 0, 0, 3, 0, 3, 0], [0, 0, 0, 10, 3, 0xE7, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF],
            [0, 0, 0, 10, 0, 0, 0, 2, 0, 0, 0, 1, 0xFF, 0xFF], [0, 0, 0, 12, 0, 3, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0],
            [0, 0, 0, 15, 0, 3, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0, 0, 0, 9],
        ] as [[UInt8]]
    )
    func garbage(bytes: [UInt8]) async throws {
        try await withBroker { broker, client in
            try await client.write(ByteBuffer(bytes: bytes))
            #expect(try await client.nextFrame() == nil)
            let other = try await TestClient.connect(port: broker.ports[0])
            #expect(try await other.send(ApiVersionsRequest(), version: 0).errorCode == .none)
            await other.close()
        }
    }

    @Test("random bytes and broken requests of every kind leave the broker alive", arguments: UInt64(1)...20)
    func randomBytes(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            for _ in 0..<20 {
                let other = try await TestClient.connect(port: broker.ports[0])
                // The broker may close at any byte.
                try? await other.write(try Self.brokenRequest(using: &random))
                await other.close()
            }
            #expect(try await client.send(ApiVersionsRequest(), version: 0).errorCode == .none)
            try await client.append(try TestBatch.make(), topic: "orders")
        }
    }

    /// A request in a random version, of which some bytes were changed or cut off, or bytes that are no request at all.
    private static func brokenRequest(using random: inout SplitMix64) throws -> ByteBuffer {
        func encode<Request: KafkaRequest>(_ request: Request) throws -> ByteBuffer {
            let version = Request.validVersions.randomElement(using: &random) ?? 0
            return try RequestFrame.encode(request, version: version, correlationID: 1, clientID: "random")
        }
        var frame: ByteBuffer
        switch Int.random(in: 0..<8, using: &random) {
        case 0: frame = try encode(ProduceRequest(try TestBatch.make(), topic: "orders"))
        case 1: frame = try encode(FetchRequest(topic: "orders"))
        case 2: frame = try encode(MetadataRequest(topics: [MetadataRequest.Topic(name: "orders")]))
        case 3: frame = try encode(ListOffsetsRequest(topics: [.init(name: "orders", partitions: [.init()])]))
        case 4: frame = try encode(CreateTopicsRequest(topics: [.init(name: "there", numPartitions: 1)]))
        case 5: frame = try encode(InitProducerIDRequest(transactionalID: nil))
        case 6: frame = try encode(ApiVersionsRequest(clientSoftwareName: "a", clientSoftwareVersion: "1"))
        default:
            frame = ByteBuffer(bytes: (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) })
            frame.setInteger(Int32(196), at: 0)
        }
        for _ in 0..<Int.random(in: 1...4, using: &random) where frame.readableBytes > 4 {
            let index = Int.random(in: 4..<frame.readableBytes, using: &random)
            frame.setInteger(UInt8.random(in: 0...255, using: &random), at: index)
        }
        return frame
    }
}
