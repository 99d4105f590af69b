// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// This project's reader beside other clients: what they sent, and what they read, is what it reads.
@Suite("Interop: the reader and other clients", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct ReaderInteropTests {
    private static func sorted(_ records: [StoredRecord]) -> [StoredRecord] {
        records.sorted { ($0.partition ?? -1, $0.offset ?? -1) < ($1.partition ?? -1, $1.offset ?? -1) }
    }

    @Test("what kcat sent with each codec is read as kcat reads it", arguments: InteropCodec.allCases)
    func readsKcat(codec: InteropCodec) async throws {
        let broker = try await EmbeddedBrokerProcess(["--brokers", "3", "--partitions", "5"])
        let lines = RecordLines.random(500, isKeyed: true, seed: 41)
        let arguments = ["-K", "\\t", "-z", codec.rawValue]
        try await Kcat.produce(.bytes(lines.input), to: "theirs", at: broker.bootstrap, arguments: arguments)
        let read = try await TopicReader.read("theirs", from: broker.bootstrap)
        #expect(difference(sent: lines.records, read: read) == nil)
        #expect(try await Self.sorted(Kcat.read("theirs", from: broker.bootstrap)) == read)
    }

    @Test("headers, nulls and timestamps are read as confluent-kafka reads them", arguments: InteropCodec.allCases)
    func readsConfluentKafka(codec: InteropCodec) async throws {
        let broker = try await EmbeddedBrokerProcess(["--partitions", "3"])
        let header = StoredRecord.Header(name: "h", value: Data([0, 255]))
        let records = [
            StoredRecord.text("value", key: "key"),
            StoredRecord.text(nil, key: "tombstone"),
            StoredRecord(timestamp: 1_234_567_890_123, value: Data()),
            StoredRecord(value: Data("x".utf8), headers: [header, .init(name: "", value: nil), header]),
        ]
        let settings = ["compression.type": codec.rawValue]
        _ = try await ConfluentKafka.produce(records, to: "records", at: broker.bootstrap, settings: settings)
        let read = try await TopicReader.read("records", from: broker.bootstrap)
        #expect(read == (try await ConfluentKafka.read("records", from: broker.bootstrap)))
        #expect(Set(read.map(\.value)) == Set(records.map(\.value)))
    }

    @Test("brokers that are not this project's are read from, whatever the codec", arguments: InteropCodec.allCases)
    func readsFromMockCluster(codec: InteropCodec) async throws {
        let cluster = try await MockCluster(topics: ["t": 3])
        let lines = RecordLines.random(500, isKeyed: true, seed: 42)
        let arguments = ["-K", "\\t", "-z", codec.rawValue]
        try await Kcat.produce(.bytes(lines.input), to: "t", at: cluster.bootstrap, arguments: arguments)
        let read = try await TopicReader.read("t", from: cluster.bootstrap)
        #expect(difference(sent: lines.records, read: read) == nil)
        #expect(try await Self.sorted(Kcat.read("t", from: cluster.bootstrap)) == read)
    }
}
