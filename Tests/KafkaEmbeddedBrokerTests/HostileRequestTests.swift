// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaEmbeddedBroker
import KafkaProtocol
import Mutation
import NIOCore
import Testing

/// Clients that mean harm, or whose bytes were damaged on the way, over real connections.
@Suite("Hostile requests", .timeLimit(.minutes(10)))
struct HostileRequestTests {
    private static let trial = MutationTrial("requests")
    private static let connections = 400
    private static let perConnection = 5

    @Test("they are answered or the connection is closed; the broker goes on, and takes no memory for a lie")
    func requests() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try await Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() async throws {
        let samples = try SampleRequests.frames()
        try await withTemporaryDirectory { folder in
            for directory in [nil, folder] {
                try await withBroker {
                    $0.topics = ["t": 2]
                    $0.dataDirectory = directory
                } _: { broker, client in
                    let note = try trial.begin(memory: 1 << 30)
                    var mutator = trial.mutator
                    for number in 0..<connections * MutationTrial.factor / 2 {
                        note.trying("connection \(number), directory \(directory ?? "none")")
                        try await attack(broker, samples, &mutator)
                        guard number % 20 == 0 else { continue }
                        _ = try await client.send(MetadataRequest(topics: []), version: 9)
                    }
                    // What is stored can be read, whatever it is.
                    for (topic, partitions) in await broker.topics {
                        for partition in 0..<partitions {
                            _ = try await broker.records(topic: topic, partition: partition)
                        }
                    }
                }
            }
        }
    }

    /// Sends some damaged requests over one connection.
    private static func attack(_ broker: EmbeddedBroker, _ samples: [[UInt8]], _ mutator: inout Mutator) async throws {
        let client = try await TestClient.connect(port: broker.ports[0])
        for _ in 0..<perConnection {
            let sample = samples.randomElement(using: &mutator.generator) ?? []
            let donor = samples.randomElement(using: &mutator.generator) ?? []
            var bytes =
                try Int.random(in: 0..<4, using: &mutator.generator) == 0
                ? damagedBatch(&mutator) : mutator.mutate(sample, donor: donor)
            // A size that lies leaves the broker waiting for the rest; most are made to fit.
            if bytes.count >= 4, Int.random(in: 0..<8, using: &mutator.generator) > 0 {
                for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: (bytes.count - 4) >> (24 - 8 * index)) }
            }
            // It may have closed the connection already.
            try? await client.write(ByteBuffer(bytes: bytes))
        }
        await client.close()
    }

    /// A request that is right around a batch that is not, whose checksum fits.
    private static func damagedBatch(_ mutator: inout Mutator) throws -> [UInt8] {
        let good = try TestBatch.make(
            codec: [nil, .gzip, .snappy, .lz4, .zstd].randomElement(using: &mutator.generator) ?? nil
        )
        var batch = ByteBuffer(bytes: mutator.mutate(Array(good.readableBytesView)))
        if batch.readableBytes > 21 {
            batch.setInteger(Int32(batch.readableBytes - 12), at: 8)
            batch = TestBatch.setting(Int8(2), at: 16, in: batch)
        }
        let request = ProduceRequest(batch, topic: "t")
        let frame = try RequestFrame.encode(request, version: 9, correlationID: 7, clientID: nil)
        return Array(frame.readableBytesView)
    }
}
