// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import Testing

/// What the peers do among themselves, so that a failure of an interoperability test is known to be ours.
@Suite("Interop: the peers themselves", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct PeerInteropTests {
    @Test("the mock cluster keeps what confluent-kafka sends, and both readers agree", arguments: InteropCodec.allCases)
    func keepsRecords(codec: InteropCodec) async throws {
        let cluster = try await MockCluster(topics: ["peers": 3])
        let records = [
            StoredRecord.text("value", key: "key", partition: 0),
            StoredRecord.text(nil, key: "tombstone", partition: 1),
            StoredRecord.text("", partition: 2),
            StoredRecord(partition: 2, key: Data([0, 10, 255]), value: Data([10, 0, 13, 10])),
            StoredRecord(
                partition: 2,
                timestamp: 1_234_567_890_123,
                value: Data("with headers".utf8),
                headers: [.init(name: "a", value: Data([0, 255])), .init(name: "a", value: Data()), .init(name: "b")]
            ),
        ]
        let reports = try await ConfluentKafka.produce(
            records,
            to: "peers",
            at: cluster.bootstrap,
            settings: ["compression.type": codec.rawValue]
        )
        #expect(reports.map(\.partition) == [0, 1, 2, 2, 2])
        #expect(reports.map(\.offset) == [0, 0, 0, 1, 2])
        let read = try await ConfluentKafka.read("peers", from: cluster.bootstrap)
        #expect(read.map(\.content) == records.map(\.content))
        #expect(read.last?.timestamp == 1_234_567_890_123)
        var withoutHeaders = read
        for index in withoutHeaders.indices { withoutHeaders[index].headers = [] }
        #expect(Set(try await Kcat.read("peers", from: cluster.bootstrap)) == Set(withoutHeaders))
    }

    @Test("kcat sends lines and reads them back byte for byte")
    func kcatReadsItself() async throws {
        let cluster = try await MockCluster(topics: ["lines": 1])
        var random = SplitMix64(seed: 2)
        let lines = (0..<200).map { _ in random.bytes(Int.random(in: 1...300, using: &random), without: 10) }
        let input = lines.reduce(into: [UInt8]()) { $0 += $1 + [10] }
        try await Kcat.produce(.bytes(input), to: "lines", at: cluster.bootstrap)
        #expect(try await Kcat.read("lines", from: cluster.bootstrap).map(\.value) == lines.map { Data($0) })
        #expect(try await Kcat.readJSON("lines", from: cluster.bootstrap).count == 200)
    }

    @Test("the mock cluster does as it is told, and says what it cannot")
    func takesCommands() async throws {
        let cluster = try await MockCluster(topics: ["told": 1])
        for command in ["leader told 0 2", "rtt 1 1", "down 3", "up 3", "error 0 2 6 7", "clear 0", "topic new 12"] {
            try await cluster.command(command)
        }
        await #expect(throws: HarnessError.self) { try await cluster.command("down 99") }
        await #expect(throws: HarnessError.self) { try await cluster.command("dance") }
        #expect(cluster.brokers.count == 3)
    }
}
