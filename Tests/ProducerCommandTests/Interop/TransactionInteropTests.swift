// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import KafkaProducer
import KafkaReader
import NIOCore
import Testing

/// The embedded broker's transactions beside a client that this project did not write: confluent-kafka, which follows the
/// first protocol whatever the broker tells it, and which reads committed records by default.
@Suite("Interop: transactions of other clients", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct TransactionInteropTests {
    typealias Line = ConfluentKafka.TransactionLine

    private func read(_ topic: String, _ partition: Int32, from start: Int64, at bootstrap: String) async throws
        -> [Line]
    {
        let brokers = try bootstrap.split(separator: ",").map { text in
            let server = try BootstrapServer(String(text))
            return BrokerAddress(nodeID: nil, host: server.host, port: server.port)
        }
        let reader = try KafkaReader(ReaderConfiguration(bootstrap: brokers))
        var lines: [Line] = []
        for try await batch in try reader.read(
            topic,
            partition: partition,
            from: .offset(start),
            isolation: .readCommitted
        ) {
            lines += batch.map { record in
                Line(
                    partition: partition,
                    offset: record.offset,
                    value: record.value.map { String(buffer: $0) } ?? "null"
                )
            }
        }
        await reader.close()
        return lines
    }

    @Test(
        "what confluent-kafka committed is what it reads back, and what this project's reader reads",
        arguments: [["--transaction-version", "1"], ["--brokers", "3"]],
        [1, 2]
    )
    func committed(broker options: [String], seed: Int) async throws {
        let broker = try await EmbeddedBrokerProcess(["--topic", "t:2"] + options)
        let written = try await ConfluentKafka.transactions("write", "t", at: broker.bootstrap, "--seed", "\(seed)")
        #expect(written.count > 20)
        for partition in [Int32(0), 1] {
            let own = written.filter { $0.partition == partition }.sorted { $0.offset < $1.offset }
            let last = try #require(own.last).offset
            for start in 0...last {
                let expected = own.filter { $0.offset >= start }
                #expect(try await read("t", partition, from: start, at: broker.bootstrap) == expected, "\(start)")
            }
            for start in [0, 1, last / 2, last] {
                let theirs = try await ConfluentKafka.transactions(
                    "read",
                    "t",
                    at: broker.bootstrap,
                    "--partition",
                    "\(partition)",
                    "--offset",
                    "\(start)"
                )
                #expect(theirs == own.filter { $0.offset >= start }, "\(start)")
            }
        }
    }

    @Test("a topic is copied exactly once though every other transaction is aborted")
    func copy() async throws {
        let broker = try await EmbeddedBrokerProcess(["--topic", "t:1", "--topic", "t-copy:1"])
        let records = (0..<50).map { StoredRecord.text("\($0)", partition: 0) }
        _ = try await ConfluentKafka.produce(records, to: "t", at: broker.bootstrap)
        let committed = try await ConfluentKafka.transactions("copy", "t", at: broker.bootstrap, "--count", "7")
        #expect(committed.map(\.offset) == [50])
        let copied = try await read("t-copy", 0, from: 0, at: broker.bootstrap)
        #expect(copied.map(\.value) == (0..<50).map { "\($0)" })
        #expect(try await TopicReader.values("t-copy", from: broker.bootstrap).count > 90, "the aborted ones are there")
    }

    @Test("the first of two producers with one id is fenced", arguments: ["1", "2"])
    func fence(version: String) async throws {
        let broker = try await EmbeddedBrokerProcess(["--topic", "t:1", "--transaction-version", version])
        let error = try await ConfluentKafka.transactions("fence", "t", at: broker.bootstrap)
        #expect(error.map(\.value) == ["_FENCED"])
        #expect(try await read("t", 0, from: 0, at: broker.bootstrap).map(\.value) == ["kept"])
    }
}
