// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Mutation
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaClient

/// A connection on which damaged responses come in.
@Suite("Damaged responses")
struct ResponseMutationTests {
    private static let trial = MutationTrial("responses")

    @Test("they are cut into frames or refused; metadata from them is taken in; none traps or takes memory for a lie")
    func responses() async {
        let result = await #expect(processExitsWith: .success) { try Self.run() }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let stream = try streams()
        let note = try trial.begin()
        var mutator = trial.mutator
        for round in 0..<2000 * MutationTrial.factor {
            note.trying("round \(round)")
            let bytes = mutator.mutate(stream.randomElement(using: &mutator.generator) ?? [])
            let channel = EmbeddedChannel(handler: ByteToMessageHandler(ResponseDecoder()))
            var rest = ByteBuffer(bytes: bytes)
            while rest.readableBytes > 0 {
                let size = Int.random(in: 1...rest.readableBytes, using: &mutator.generator)
                guard let piece = rest.readSlice(length: size), (try? channel.writeInbound(piece)) != nil else { break }
            }
            while let frame = try channel.readInbound(as: ByteBuffer.self) { take(frame) }
            _ = try? channel.finish()
        }
    }

    /// Takes metadata in, as the sender does.
    private static func take(_ frame: ByteBuffer) {
        var body = frame
        guard (try? ResponseHeader(decoding: &body, version: 1)) != nil,
            let response = try? MetadataResponse(decoding: &body, version: 12)
        else { return }
        var cluster = ClusterMetadata(bootstrap: [])
        cluster.merge(response)
        for (name, topic) in cluster.topics { _ = cluster.partition(Int32(topic.available.count), of: name) }
    }

    private static func streams() throws -> [[UInt8]] {
        let topic = MetadataResponse.Topic(
            name: "t",
            partitions: (0..<3).map { MetadataResponse.Partition(partitionIndex: $0, leaderID: 1) }
        )
        let metadata = MetadataResponse(
            brokers: [MetadataResponse.Broker(nodeID: 1, host: "localhost", port: 9092)],
            topics: [topic]
        )
        let produced = ProduceResponse(
            responses: [.init(name: "t", partitionResponses: [.init(index: 0, baseOffset: 5)])]
        )
        let first = try ResponseFrame.encode(metadata, version: 12, correlationID: 1)
        let second = try ResponseFrame.encode(produced, version: 9, correlationID: 2)
        return [first, second].map { Array($0.readableBytesView) }
            + [Array(first.readableBytesView) + Array(second.readableBytesView)]
    }
}
