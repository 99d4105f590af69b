// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import Testing

/// `kafka-producer` into librdkafka's three mock brokers, read back by kcat.
@Suite("Interop: kafka-producer into librdkafka's mock cluster", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct MockClusterInteropTests {
    @Test(
        "every record arrives once and in order, keyed or not, in 1 and in 12 partitions",
        arguments: InteropCodec.allCases,
        ["0", "1", "all"]
    )
    func delivers(codec: InteropCodec, acks: String) async throws {
        let topics = ["plain-1": 1, "plain-12": 12, "keyed-1": 1, "keyed-12": 12]
        let cluster = try await MockCluster(topics: topics)
        for (number, topic) in topics.keys.sorted().enumerated() {
            let isKeyed = topic.hasPrefix("keyed")
            let lines = RecordLines.random(400, isKeyed: isKeyed, seed: UInt64(number))
            try await KafkaProducerBinary.send(
                .bytes(lines.input),
                to: topic,
                at: cluster.bootstrap,
                arguments: ["-z", codec.rawValue, "-X", "acks=\(acks)"] + (isKeyed ? ["-K", "\\t"] : [])
            )
            let read = try await Kcat.read(topic, from: cluster.bootstrap)
            #expect(difference(sent: lines.records, read: read) == nil, "\(topic)")
        }
    }

    @Test("a key goes to the partition that librdkafka's murmur2 gives it")
    func agreesOnPartitions() async throws {
        let cluster = try await MockCluster(topics: ["ours": 12, "theirs": 12])
        let lines = RecordLines.random(400, isKeyed: true, seed: 7)
        let input = ChildProcessInput.Source.bytes(lines.input)
        try await KafkaProducerBinary.send(input, to: "ours", at: cluster.bootstrap, arguments: ["-K", "\\t"])
        let arguments = ["-K", "\\t", "-X", "partitioner=murmur2_random"]
        try await Kcat.produce(input, to: "theirs", at: cluster.bootstrap, arguments: arguments)
        let ours = try await partitions(of: "ours", at: cluster.bootstrap)
        #expect(ours == (try await partitions(of: "theirs", at: cluster.bootstrap)))
        #expect(Set(ours.values).count > 6)
    }

    @Test("records of 900 KB arrive, compressible or not", arguments: InteropCodec.allCases)
    func deliversLargeRecords(codec: InteropCodec) async throws {
        let cluster = try await MockCluster(topics: ["large": 1])
        let input = Self.large.joined(separator: [10])
        try await KafkaProducerBinary.send(
            .bytes(Array(input)),
            to: "large",
            at: cluster.bootstrap,
            arguments: ["-z", codec.rawValue]
        )
        let read = try await Kcat.read("large", from: cluster.bootstrap)
        #expect(read.map(\.value) == Self.large.map { Data($0) })
    }

    /// Two values of noise, and between them one that any codec makes much smaller.
    private static let large: [[UInt8]] = {
        var random = SplitMix64(seed: 3)
        let sevens = (UInt8(ascii: "a")...UInt8(ascii: "z")).flatMap { [UInt8](repeating: $0, count: 7) }
        let text = Array([[UInt8]](repeating: sevens, count: 5064).joined().prefix(900 * 1024))
        return [random.bytes(900 * 1024, without: 10), text, random.bytes(900 * 1024, without: 10)]
    }()

    @Test("a batch of many megabytes goes in pieces that the broker takes")
    func fillsManyBatches() async throws {
        let cluster = try await MockCluster(topics: ["many": 4])
        let lines = RecordLines.random(12_000, isKeyed: false, seed: 8)
        try await KafkaProducerBinary.send(.bytes(lines.input), to: "many", at: cluster.bootstrap)
        let read = try await TopicReader.read("many", from: cluster.bootstrap)
        #expect(difference(sent: lines.records, read: read) == nil)
    }

    private func partitions(of topic: String, at bootstrap: String) async throws -> [Data: Int32] {
        var partitions: [Data: Int32] = [:]
        for record in try await TopicReader.read(topic, from: bootstrap) {
            let key = try #require(record.key)
            #expect(partitions[key] == nil || partitions[key] == record.partition)
            partitions[key] = record.partition
        }
        return partitions
    }
}
